import { type Metric, message, normalCritical } from '@patron/sdk';
import { fitMetrics } from './fit-report.ts';
import type { Forecast } from './forecast-outcome.ts';
import { expectedSpend } from './gamma-gamma.ts';
import type { Total } from './totals.ts';

/** The figures of a forecast. */
export function forecastMetrics(found: Forecast): Record<string, Metric> {
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
  metrics.newcomerTransactions = total(totals.newcomerPurchases, 'newcomerTransactions', 'decimal4');
  if (totals.newcomerValue) metrics.newcomerClv = total(totals.newcomerValue, 'newcomerClv', 'money');
  if (spend) metrics.newcomerSpend = plain(expectedSpend(spend.fit.estimates, 0, 0), 'newcomerSpend', 'money');
  metrics.averageGap = averageGap(found);
  if (found.residual) {
    const { residual, expectedSpend: amounts } = found;
    let transactions = 0;
    let value = 0;
    for (let i = 0; i < base.customers; i++) {
      transactions += residual[i];
      if (amounts) value += residual[i] * amounts[i] * settings.margin;
    }
    metrics.residualTransactions = plain(transactions, 'residualTransactions', 'integer');
    if (amounts) metrics.residualValue = plain(value, 'residualValue', 'money');
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

/** The mean time between the purchases of customers who came back, normal with customers as the unit that varies. */
function averageGap({ base, settings }: Forecast): Metric {
  let time = 0;
  let gaps = 0;
  let returning = 0;
  for (let i = 0; i < base.customers; i++) {
    if (base.frequency[i] === 0) continue;
    time += base.recency[i];
    gaps += base.frequency[i];
    returning++;
  }
  const mean = time / gaps;
  let square = 0;
  for (let i = 0; i < base.customers; i++) square += (base.recency[i] - mean * base.frequency[i]) ** 2;
  const reach = normalCritical(settings.confidence);
  const error = Math.sqrt((square / Math.max(1, returning - 1)) * returning) / gaps;
  return {
    value: mean,
    interval: returning > 1 ? [Math.max(0, mean - reach * error), mean + reach * error] : undefined,
    n: returning,
    title: message('metric.averageGap'),
    format: 'decimal',
  };
}
