import {
  type AnalysisResult,
  type Metric,
  message,
  type Note,
  normalCritical,
  numberColumn,
  type ResultColumn,
  type ResultTable,
  tableFromRows,
} from '@patron/sdk';
import { dateOf } from './customer-base.ts';
import { fitMetrics, parameterTable } from './fit-report.ts';
import {
  comparisonCharts,
  histogramOf,
  matrixCharts,
  repeatChart,
  spendChart,
  trackingCharts,
} from './forecast-charts.ts';
import type { Forecast } from './forecast-outcome.ts';
import { matrixOf } from './frequency-recency-matrix.ts';
import { spendLogErrors } from './spend.ts';
import type { Total } from './totals.ts';
import { countRepeats, type RepeatCounts, type Tracking, trackPurchases } from './tracking.ts';

/** Lays a forecast out as metrics, tables and charts. */
export function forecastResult(found: Forecast, notes: readonly Note[]): AnalysisResult {
  const { base, settings, holdout, rows, prediction, totals } = found;
  const tracking = base.log ? trackPurchases(base.log, prediction) : undefined;
  const highest = Math.min(
    20,
    Math.max(
      7,
      base.frequency.reduce((most, x) => Math.max(most, x), 0),
    ),
  );
  const repeats = countRepeats(rows, prediction, highest);
  const matrix = matrixOf(found);
  const tables: Record<string, ResultTable> = {
    parameters: parameterTable(
      [
        { model: settings.model, fit: found.fit },
        ...(found.spend ? [{ model: 'gamma-gamma', fit: found.spend.fit }] : []),
      ],
      settings.confidence,
    ),
    customers: customerTable(found),
  };
  if (tracking) tables.tracking = trackingTable(found, tracking);
  if (holdout) tables.holdout = holdoutTable(holdout.groups);
  tables.repeats = repeatTable(repeats);
  tables.matrix = tableFromRows(
    [
      { name: 'frequency', title: message('column.frequency'), type: 'integer' },
      { name: 'recency', title: message('column.recency'), type: 'number', format: 'decimal' },
      { name: 'pAlive', title: message('column.pAlive'), type: 'number', format: 'percent' },
      {
        name: 'expectedTransactions',
        title: message('column.expectedTransactions'),
        type: 'number',
        format: 'decimal',
      },
    ],
    matrix.frequencies.flatMap((x, i) =>
      matrix.recencies
        .map((recency, j) => [
          x,
          recency,
          matrix.alive[i * matrix.recencies.length + j],
          matrix.expected[i * matrix.recencies.length + j],
        ])
        .filter(([, , alive]) => alive !== null),
    ),
    { title: message('table.matrix') },
  );
  return {
    headline: message(totals.value ? 'forecast.headline.value' : 'forecast.headline', {
      customers: { value: base.customers, as: 'integer' },
      purchases: { value: totals.purchases.value, as: 'integer' },
      horizon: { value: settings.horizon, as: 'decimal' },
      unit: message(`unit.${settings.unit}`),
      ...(totals.value ? { value: { value: totals.value.value, as: 'integer' as const } } : {}),
    }),
    metrics: metricsOf(found),
    tables,
    charts: [
      ...(tracking ? trackingCharts(found, tracking) : []),
      ...(holdout ? comparisonCharts(holdout) : []),
      repeatChart(repeats),
      ...matrixCharts(matrix, settings),
      ...spendChart(found),
      histogramOf('alive', found.pAlive, message('chart.alive'), message('column.pAlive'), 'percent', 20, 1),
    ],
    notes: [
      ...notes,
      {
        level: 'info',
        text: message('note.intervals', {
          confidence: { value: settings.confidence, as: 'percent' },
          draws: settings.draws,
        }),
      },
      {
        level: 'info',
        text: message(base.log ? 'note.conventions.transactions' : 'note.conventions.summary', {
          unit: message(`unit.${settings.unit}`),
          grain: message(`grain.${settings.grain}`),
          rate: { value: settings.discountRate, as: 'decimal4' },
          end: base.log ? dateOf(base.log.calibrationEndDay) : '',
        }),
      },
    ],
  };
}

function metricsOf(found: Forecast): Record<string, Metric> {
  const { base, settings, fit, spend, totals, holdout } = found;
  let repeats = 0;
  let returning = 0;
  let watched = 0;
  for (let i = 0; i < base.customers; i++) {
    repeats += base.frequency[i];
    watched += base.T[i];
    if (base.frequency[i] > 0) returning++;
  }
  const total = ({ value, interval }: Total, name: string, format: Metric['format']): Metric => ({
    value,
    interval,
    n: base.customers,
    title: message(`metric.${name}`),
    format,
  });
  const plain = (value: number, name: string, format: Metric['format'], n = base.customers): Metric => ({
    value,
    n,
    title: message(`metric.${name}`),
    format,
  });
  const metrics: Record<string, Metric> = {
    customers: plain(base.customers, 'customers', 'integer'),
    returningCustomers: plain(returning, 'returningCustomers', 'integer'),
    repeatTransactions: plain(repeats, 'repeatTransactions', 'integer'),
    activeCustomers: total(totals.active, 'activeCustomers', 'integer'),
    expectedTransactions: total(totals.purchases, 'expectedTransactions', 'integer'),
  };
  if (totals.value) {
    metrics.totalClv = total(totals.value, 'totalClv', 'money');
    metrics.meanClv = total(
      {
        value: totals.value.value / base.customers,
        interval: totals.value.interval && [
          totals.value.interval[0] / base.customers,
          totals.value.interval[1] / base.customers,
        ],
      },
      'meanClv',
      'money',
    );
  }
  if (spend) {
    const frequency = repeats / watched;
    metrics.simpleClv = {
      ...plain(spend.mean * frequency * settings.horizon * settings.margin, 'simpleClv', 'money'),
    };
    metrics.meanSpend = plain(spend.mean, 'meanSpend', 'money', spend.customers);
    const reach = normalCritical(settings.confidence) / Math.sqrt(Math.max(1, spend.customers - 3));
    metrics.spendCorrelation = {
      ...plain(spend.correlation, 'spendCorrelation', 'decimal4', spend.customers),
      ...(Number.isFinite(spend.correlation) && spend.customers > 3
        ? {
            interval: [
              Math.tanh(Math.atanh(spend.correlation) - reach),
              Math.tanh(Math.atanh(spend.correlation) + reach),
            ] as const,
          }
        : { value: null }),
    };
  }
  if (found.residual) {
    metrics.residualTransactions = plain(
      found.residual.reduce((sum, value) => sum + value, 0),
      'residualTransactions',
      'integer',
    );
  }
  if (holdout) {
    metrics.holdoutLength = plain(holdout.length, 'holdoutLength', 'decimal');
    metrics.holdoutTransactions = plain(holdout.actual, 'holdoutTransactions', 'integer');
    metrics.holdoutExpected = plain(holdout.expected, 'holdoutExpected', 'integer');
    metrics.holdoutError = plain(
      holdout.actual > 0 ? holdout.expected / holdout.actual - 1 : Number.NaN,
      'holdoutError',
      'percent',
    );
    metrics.holdoutCorrelation = plain(holdout.correlation, 'holdoutCorrelation', 'decimal');
    metrics.holdoutAbsoluteError = plain(holdout.absoluteError, 'holdoutAbsoluteError', 'decimal');
  }
  Object.assign(metrics, fitMetrics(fit, settings.confidence, 'logLikelihood'));
  metrics.aic = plain(2 * fit.names.length - 2 * fit.logLikelihood, 'aic', 'decimal');
  metrics.bic = plain(Math.log(fit.observations) * fit.names.length - 2 * fit.logLikelihood, 'bic', 'decimal');
  if (spend) Object.assign(metrics, fitMetrics(spend.fit, settings.confidence, 'spendLogLikelihood'));
  for (const [name, metric] of Object.entries(metrics)) {
    if (typeof metric.value === 'number' && !Number.isFinite(metric.value)) metrics[name] = { ...metric, value: null };
  }
  return metrics;
}

/** A row a customer; values of money are missing where no amounts were given. */
function customerTable(found: Forecast): ResultTable {
  const { base, settings, spend, expected, expectedLogError, discounted, expectedSpend, residual, pAlive } = found;
  const size = base.customers;
  const reach = normalCritical(settings.confidence);
  const none = new Float64Array(size).fill(Number.NaN);
  const low = none.slice();
  const high = none.slice();
  const clv = none.slice();
  const clvLow = none.slice();
  const clvHigh = none.slice();
  const residualValue = none.slice();
  const spendErrors = spend && spendLogErrors(base, spend.fit);
  for (let i = 0; i < size; i++) {
    const error = expectedLogError ? expectedLogError[i] : Number.NaN;
    const factor = Math.exp(reach * error);
    low[i] = expected[i] / factor;
    high[i] = expected[i] * factor;
    if (!expectedSpend) continue;
    const value = expectedSpend[i] * settings.margin;
    const both = spendErrors
      ? Math.exp(reach * Math.sqrt(error * error + spendErrors[i] * spendErrors[i]))
      : Number.NaN;
    clv[i] = discounted[i] * value;
    clvLow[i] = clv[i] / both;
    clvHigh[i] = clv[i] * both;
    if (residual) residualValue[i] = residual[i] * value;
  }
  const column = (name: string, values: Float64Array, format: ResultColumn['format']): ResultColumn => ({
    name,
    title: message(`column.${name}`),
    column: numberColumn(values),
    format,
  });
  return {
    title: message('table.customers'),
    rowPer: 'customer',
    columns: [
      { name: 'customer', title: message('column.customer'), column: base.customer },
      {
        name: 'frequency',
        title: message('column.frequency'),
        column: { type: 'integer', length: size, values: base.frequency },
        format: 'integer',
      },
      column('recency', base.recency, 'decimal'),
      column('T', base.T, 'decimal'),
      column('monetary', base.monetary ?? none, 'money'),
      column('pAlive', pAlive, 'percent'),
      column('expectedTransactions', expected, 'decimal'),
      column('expectedSpend', expectedSpend ?? none, 'money'),
      column('clv', clv, 'money'),
      column('expectedTransactionsLow', low, 'decimal'),
      column('expectedTransactionsHigh', high, 'decimal'),
      column('clvLow', clvLow, 'money'),
      column('clvHigh', clvHigh, 'money'),
      column('residualTransactions', residual ?? none, 'decimal'),
      column('residualValue', residualValue, 'money'),
    ],
  };
}

function trackingTable({ base, settings }: Forecast, tracking: Tracking): ResultTable {
  const log = base.log as NonNullable<typeof base.log>;
  const rows = Array.from(tracking.until, (until, k) => [
    k + 1,
    settings.grain === 'day'
      ? dateOf(log.purchases.firstDay + Math.floor(until * log.purchases.stepsPerUnit + 1e-9))
      : null,
    tracking.later[k] ? 'holdout' : 'calibration',
    tracking.actual[k],
    tracking.expected[k],
    tracking.actualCumulative[k],
    tracking.expectedCumulative[k],
  ]);
  return tableFromRows(
    [
      { name: 'period', title: message('column.period'), type: 'integer' },
      { name: 'until', title: message('column.until'), type: 'date', format: 'date' },
      {
        name: 'phase',
        title: message('column.phase'),
        type: 'string',
        labels: { calibration: message('phase.calibration'), holdout: message('phase.holdout') },
      },
      { name: 'actual', title: message('column.actual'), type: 'integer' },
      { name: 'expected', title: message('column.expected'), type: 'number', format: 'decimal' },
      { name: 'actualCumulative', title: message('column.actualCumulative'), type: 'integer' },
      { name: 'expectedCumulative', title: message('column.expectedCumulative'), type: 'number', format: 'decimal' },
    ],
    rows,
    { title: message('table.tracking') },
  );
}

function holdoutTable(groups: NonNullable<Forecast['holdout']>['groups']): ResultTable {
  return tableFromRows(
    [
      { name: 'frequency', title: message('column.frequency'), type: 'string' },
      { name: 'customers', title: message('column.customers'), type: 'integer' },
      { name: 'actual', title: message('column.actual'), type: 'integer' },
      { name: 'expected', title: message('column.expected'), type: 'number', format: 'decimal' },
      { name: 'actualMean', title: message('column.actualMean'), type: 'number', format: 'decimal' },
      { name: 'expectedMean', title: message('column.expectedMean'), type: 'number', format: 'decimal' },
    ],
    groups.map(({ frequency, customers, actual, expected }) => [
      frequency >= 7 ? '7+' : String(frequency),
      customers,
      actual,
      expected,
      actual / customers,
      expected / customers,
    ]),
    { title: message('table.holdout') },
  );
}

function repeatTable({ actual, expected }: RepeatCounts): ResultTable {
  const last = actual.length - 1;
  return tableFromRows(
    [
      { name: 'repeats', title: message('column.repeats'), type: 'string' },
      { name: 'actual', title: message('column.actualCustomers'), type: 'integer' },
      { name: 'expected', title: message('column.expectedCustomers'), type: 'number', format: 'decimal' },
    ],
    Array.from(actual, (count, x) => [x === last ? `${x}+` : String(x), count, expected[x]]),
    { title: message('table.repeats') },
  );
}
