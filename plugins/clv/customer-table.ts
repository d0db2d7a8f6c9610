import {
  type Column,
  dateColumn,
  message,
  numberColumn,
  type ResultColumn,
  type ResultTable,
  validityOf,
} from '@patron/sdk';
import type { Crew } from './crew.ts';
import type { Forecast } from './forecast-outcome.ts';
import { UNIT_DAYS } from './purchases.ts';

/** A date further away than this many years says no more than "hardly ever". */
const FURTHEST_YEARS = 100;

/** A row a customer; values of money are missing where no amounts were given. */
export async function customerTable(found: Forecast, crew: Crew): Promise<ResultTable> {
  const { base, settings, expected, expectedSpend, value, intervals, residual, pAlive } = found;
  const size = base.customers;
  const none = new Float64Array(size).fill(Number.NaN);
  const residualValue = none.slice();
  const averageGap = none.slice();
  for (let i = 0; i < size; i++) {
    if (residual && expectedSpend) residualValue[i] = residual[i] * expectedSpend[i] * settings.margin;
    if (base.frequency[i] > 0) averageGap[i] = base.recency[i] / base.frequency[i];
  }
  await crew.checkpoint();
  const wait = waitOf(found);
  const next = nextDays(found, wait);
  const columns: ResultColumn[] = [
    { name: 'customer', title: message('column.customer'), column: base.customer },
    {
      name: 'frequency',
      title: message('column.frequency'),
      column: { type: 'integer', length: size, values: base.frequency },
      format: 'integer',
    },
  ];
  const numbers: [name: string, values: Float64Array, format: ResultColumn['format']][] = [
    ['recency', base.recency, 'decimal'],
    ['T', base.T, 'decimal'],
    ['monetary', base.monetary ?? none, 'money'],
    ['pAlive', pAlive, 'percent'],
    ['expectedTransactions', expected, 'decimal'],
    ['expectedSpend', expectedSpend ?? none, 'money'],
    ['clv', value ?? none, 'money'],
    ['expectedTransactionsLow', intervals.low, 'decimal'],
    ['expectedTransactionsHigh', intervals.high, 'decimal'],
    ['clvLow', intervals.valueLow, 'money'],
    ['clvHigh', intervals.valueHigh, 'money'],
    ['residualTransactions', residual ?? none, 'decimal'],
    ['residualValue', residualValue, 'money'],
    ['averageGap', averageGap, 'decimal'],
    ['timeToNext', wait, 'decimal'],
  ];
  for (const [name, values, format] of numbers) {
    await crew.checkpoint();
    columns.push({ name, title: message(`column.${name}`), column: numberColumn(values), format });
  }
  if (next) columns.push({ name: 'nextPurchase', title: message('column.nextPurchase'), column: next, format: 'date' });
  return { title: message('table.customers'), rowPer: 'customer', columns };
}

/**
 * The median time to the next purchase of a customer who is still active: λ ~ Gamma(r + x, α + T) given the history, so that
 * P(no purchase within t) = ((α + T) / (α + T + t))^(r + x) in all the models. Not a number where it is hardly ever.
 */
function waitOf({ base, fit, settings }: Forecast): Float64Array {
  const [r, alpha] = fit.estimates;
  const furthest = (FURTHEST_YEARS * 365.25) / UNIT_DAYS[settings.unit];
  const wait = new Float64Array(base.customers);
  for (let i = 0; i < wait.length; i++) {
    const median = (alpha + base.T[i]) * Math.expm1(Math.LN2 / (r + base.frequency[i]));
    wait[i] = median < furthest ? median : Number.NaN;
  }
  return wait;
}

/** The days on which half of such customers will have bought again, if they are still active. */
function nextDays({ base, settings }: Forecast, wait: Float64Array): Column | undefined {
  const end = base.log?.calibrationEndDay;
  if (end === undefined) return undefined;
  const days = new Int32Array(wait.length);
  for (let i = 0; i < days.length; i++) {
    if (!Number.isNaN(wait[i])) days[i] = end + Math.ceil(wait[i] * UNIT_DAYS[settings.unit]);
  }
  return { ...dateColumn(days), validity: validityOf(days.length, (i) => !Number.isNaN(wait[i])) };
}
