import { type AnalysisContext, AnalysisError, type AnalysisResult, message, type Note } from '@patron/sdk';
import { shareRows, worthSharing } from './crew.ts';
import { type CustomerBase, dateOf, readCustomerBase, unitsPerYear } from './customer-base.ts';
import { predictRows, type Question } from './customer-values.ts';
import { fitNotes } from './fit-report.ts';
import type { Forecast } from './forecast-outcome.ts';
import type { ForecastParameters, ForecastSettings } from './forecast-parameters.ts';
import { forecastResult } from './forecast-result.ts';
import { fitPurchases } from './purchase-fit.ts';
import { PURCHASE_MODELS } from './purchase-models.ts';
import { UNIT_DAYS } from './purchases.ts';
import { fitSpendOf, spendOf } from './spend.ts';
import { totalIntervals } from './totals.ts';
import { compareHoldout } from './tracking.ts';
import { groupRows } from './weighted-rows.ts';

/** `clv.forecast`: who is still a customer, how often they will buy, and what that is worth. */
export async function forecast(context: AnalysisContext<ForecastParameters>): Promise<AnalysisResult> {
  const found = await computeForecast(context);
  const { settings, base } = found;
  const result = forecastResult(found, [
    ...fitNotes(found.fit, settings.model),
    ...spendNotes(found),
    ...holdoutNotes(found),
  ]);
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

/** Reads, fits and predicts. */
export async function computeForecast(context: AnalysisContext<ForecastParameters>): Promise<Forecast> {
  const settings = settle(context.parameters);
  const { horizon } = settings;
  context.progress(0, 5, message('progress.read'));
  const base = readCustomerBase(context, settings);
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
  const log = base.log && base.log.holdout > 0 ? base.log : undefined;
  return {
    settings,
    base,
    rows,
    fit,
    prediction: model.predict(fit.estimates),
    spend,
    pAlive,
    expected: byCustomer(values.expected),
    discounted: byCustomer(values.discounted),
    residual: settings.discountRate > 0 ? byCustomer(values.residual) : undefined,
    expectedSpend: spend && spendOf(base, spend.fit),
    expectedLogError: fit.logCovariance && byCustomer(values.logError),
    totals,
    holdout: log && compareHoldout(base, log, await expectedLater(), 7),
  };

  /** Each customer's expectation over the holdout. */
  async function expectedLater(): Promise<Float64Array> {
    const length = log?.holdout ?? 0;
    if (length === horizon) return byCustomer(values.expected);
    const later = { ...question, horizon: length, discount: { rate: 0, length: 1 }, logCovariance: undefined };
    return byCustomer((await predictRows(later, rows, context)).expected);
  }
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

function spendNotes({ settings, base, spend, expectedSpend }: Forecast): Note[] {
  if (settings.spend === 'none' || !base.monetary) return [];
  if (!spend) return [{ level: 'warning', text: message('note.noSpend') }];
  const notes = fitNotes(spend.fit, 'gamma-gamma');
  const strong = Math.abs(spend.correlation) > 0.3;
  notes.push({
    level: strong ? 'warning' : 'info',
    text: message(strong ? 'note.dependent' : 'note.independent', {
      correlation: { value: spend.correlation, as: 'decimal' },
      customers: spend.customers,
    }),
  });
  if (spend.unusable > 0)
    notes.push({ level: 'info', text: message('note.zeroAmounts', { customers: spend.unusable }) });
  if (expectedSpend?.some(Number.isNaN)) notes.push({ level: 'warning', text: message('note.infiniteSpend') });
  return notes;
}

function holdoutNotes({ holdout, settings }: Forecast): Note[] {
  if (!holdout || holdout.actual === 0) return [];
  const error = holdout.expected / holdout.actual - 1;
  const size = Math.abs(error);
  const grade = size <= 0.1 ? 'close' : size <= 0.25 ? 'fair' : 'poor';
  return [
    {
      level: grade === 'poor' ? 'warning' : 'info',
      text: message(`note.holdout.${grade}.${error < 0 ? 'low' : 'high'}`, {
        length: { value: holdout.length, as: 'decimal' },
        unit: message(`unit.${settings.unit}`),
        expected: { value: holdout.expected, as: 'integer' },
        actual: { value: holdout.actual, as: 'integer' },
        error: { value: size, as: 'percent' },
      }),
    },
  ];
}
