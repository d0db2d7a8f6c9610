import { type AnalysisContext, AnalysisError, type AnalysisResult, message } from '@patron/sdk';
import { shareRows, worthSharing } from './crew.ts';
import { type CustomerBase, dateOf, readCustomerBase, unitsPerYear } from './customer-base.ts';
import { customerIntervals } from './customer-intervals.ts';
import { predictRows, type Question } from './customer-values.ts';
import { fitNotes } from './fit-report.ts';
import type { Forecast } from './forecast-outcome.ts';
import type { ForecastParameters, ForecastSettings } from './forecast-parameters.ts';
import { forecastResult } from './forecast-result.ts';
import { compareModels } from './model-comparison.ts';
import { fitPurchases } from './purchase-fit.ts';
import type { PurchaseModelName } from './purchase-model.ts';
import { PURCHASE_MODELS } from './purchase-models.ts';
import { type Purchases, UNIT_DAYS } from './purchases.ts';
import { fitSpendOf, spendOf } from './spend.ts';
import { totalIntervals } from './totals.ts';
import { compareHoldout } from './tracking.ts';
import { groupRows } from './weighted-rows.ts';

/** `clv.forecast`: who is still a customer, how often they will buy, and what that is worth. */
export async function forecast(context: AnalysisContext<ForecastParameters>): Promise<AnalysisResult> {
  const found = await computeForecast(context);
  const { settings, base } = found;
  const result = await forecastResult(found, context);
  return {
    ...result,
    settled: {
      horizon: settings.horizon,
      discountRate: settings.discountRate,
      ...(base.log ? { calibrationEnd: dateOf(base.log.calibrationEndDay) } : {}),
    },
    leftOut: base.leftOut,
  };
}

/** Reads (unless the purchases have been), fits and predicts. */
export async function computeForecast(
  context: AnalysisContext<ForecastParameters>,
  purchases?: Purchases,
): Promise<Forecast> {
  const settings = settle(context.parameters);
  const { horizon } = settings;
  context.progress(0, 5, message('progress.read'));
  const base = await readCustomerBase(context, settings, purchases);
  checkBase(base);
  await context.checkpoint();
  const grouped = groupRows(base.frequency, base.recency, base.T);
  await context.checkpoint();
  const rows = worthSharing(context, grouped.size) ? shareRows(grouped) : grouped;
  if (rows.size < 6) {
    throw new AnalysisError(
      `The ${base.customers} customers have only ${rows.size} different histories; a model of how customers differ needs more.`,
      { text: message('error.identical', { customers: base.customers, histories: rows.size }) },
    );
  }
  context.progress(1, 5, message('progress.fit'));
  await context.checkpoint();
  const model = PURCHASE_MODELS[settings.model];
  const fit = await fitPurchases(model, rows, context);
  fitNotes(fit, settings.model);
  await context.checkpoint();
  const fitted = settings.spend === 'gamma-gamma' ? await fitSpendOf(base, context) : undefined;
  // Purchases are worth telling without amounts; a note says that there are none.
  const spend = fitted?.fit.verdict === 'unfinished' ? undefined : fitted;
  context.progress(2, 5, message('progress.predict'));
  const question: Question = {
    model: settings.model,
    parameters: fit.estimates,
    horizon,
    discount: { rate: settings.discountRate, length: settings.discountPeriod },
    logCovariance: fit.logCovariance,
  };
  const values = await predictRows(question, rows, context);
  context.progress(3, 5, message('progress.intervals'));
  const totals = await totalIntervals(
    settings.model,
    { fit, rows, base, spend, settings, values },
    context.random,
    context,
  );
  context.progress(4, 5, message('progress.compare'));
  await context.checkpoint();
  const byCustomer = (of: Float64Array): Float64Array => {
    const spread = new Float64Array(base.customers);
    for (let i = 0; i < spread.length; i++) spread[i] = of[rows.rowOf[i]];
    return spread;
  };
  const pAlive = byCustomer(values.alive);
  const expected = byCustomer(values.expected);
  const discounted = byCustomer(values.discounted);
  await context.checkpoint();
  const expectedSpend = spend && spendOf(base, spend.fit);
  const value = expectedSpend?.map((amount, i) => amount * discounted[i] * settings.margin);
  const expectedLogError = fit.logCovariance && byCustomer(values.logError);
  const predicted = { base, rows, settings, spend, expected, expectedLogError, expectedSpend, value };
  const intervals = await customerIntervals(predicted, totals.draws, context);
  const log = base.log && base.log.holdout > 0 ? base.log : undefined;
  /** By customer, what a model expects in the holdout. */
  const laterBy = async (by: PurchaseModelName, parameters: Float64Array, length: number): Promise<Float64Array> => {
    const later = { model: by, parameters, horizon: length, discount: { rate: 0, length: 1 } };
    return byCustomer((await predictRows(later, rows, context)).expected);
  };
  const holdout = log && compareHoldout(base, log, await laterBy(model.name, fit.estimates, log.holdout), 7);
  const prediction = model.predict(fit.estimates);
  const compared = settings.compare
    ? await compareModels(
        { name: model.name, fit, prediction, later: holdout?.expected },
        rows,
        context,
        async (name, other) => (log ? sumOf(await laterBy(name, other.estimates, log.holdout)) : undefined),
      )
    : undefined;
  return {
    settings,
    base,
    rows,
    fit,
    prediction,
    spend,
    pAlive,
    expected,
    discounted,
    residual: settings.discountRate > 0 ? byCustomer(values.residual) : undefined,
    expectedSpend,
    value,
    intervals,
    totals,
    holdout,
    compared,
  };
}

function sumOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

/** A year, at 10 % a year, where nothing else is said. */
function settle(parameters: ForecastParameters): ForecastSettings {
  const year = unitsPerYear(parameters.unit);
  const horizon = parameters.horizon ?? Math.floor(year);
  if (!(horizon > 0)) {
    throw new AnalysisError(`'horizon' must be above 0; it is ${horizon}.`, {
      text: message('error.horizon'),
      path: 'parameters.horizon',
    });
  }
  const days = UNIT_DAYS[parameters.unit] * parameters.discountPeriod;
  return { ...parameters, horizon, discountRate: parameters.discountRate ?? 1.1 ** (days / 365.25) - 1 };
}

function checkBase(base: CustomerBase): void {
  const role = base.log ? 'transactions' : 'summary';
  const refuse = (english: string, key: string, args: Record<string, number> = {}): never => {
    throw new AnalysisError(english, { text: message(key, args), path: `inputs.${role}` });
  };
  if (base.customers === 0)
    refuse(`'${role}' has no customers to use; check the mapping and the filters.`, 'error.noCustomers');
  if (base.frequency.every((x) => x === 0)) {
    refuse(
      'No customer came back: without a repeat purchase no purchase rate can be estimated. Choose a longer calibration.',
      'error.noRepeats',
    );
  }
  if (base.customers < 10) {
    refuse(
      `A model of how customers differ needs at least 10 customers; there are ${base.customers}.`,
      'error.fewCustomers',
      { customers: base.customers },
    );
  }
  if (base.T.every((T) => T === 0)) {
    refuse('Every customer was watched for no time at all; choose a later end of the calibration.', 'error.noTime');
  }
}
