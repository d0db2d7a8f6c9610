import {
  customerSummary,
  integerColumn,
  message,
  type Period,
  periodLabel,
  periodOfDay,
  type ResultColumn,
  type ResultTable,
  type RoleInput,
  stringVector,
  type TimeColumn,
  wallClocks,
} from '@patron/sdk';

const DAY = 86_400_000;

/** The table `customers` behind first-time cohorts: each customer's cohort, last return and number of active periods. */
export function cohortCustomers({ fields }: RoleInput, period: Period, timeZone: string): ResultTable {
  const time = fields.time as TimeColumn;
  const summary = customerSummary({ customer: fields.customer, time }, { timeZone, periods: period, first: true });
  const daysFrom = (stored: Float64Array): Int32Array =>
    Int32Array.from(wallClocks(time, stored, timeZone), (clock) => Math.floor(clock / DAY));
  const first = daysFrom(summary.first as Float64Array);
  const last = daysFrom(summary.last);
  const cohort = first.map((day) => periodOfDay(day, period));
  const lastOffset = last.map((day, i) => periodOfDay(day, period) - cohort[i]);
  const start = cohort.reduce((least, index) => Math.min(least, index), 0x7fff_ffff);
  const end = cohort.reduce((most, index) => Math.max(most, index), start);
  const labels = Array.from({ length: end - start + 1 }, (_, i) => periodLabel(start + i, period));
  const column = (name: string, held: ResultColumn['column'], format?: ResultColumn['format']): ResultColumn => ({
    name,
    title: message(`column.${name}`),
    column: held,
    format,
  });
  const { customers: length } = summary;
  return {
    title: message('table.customers'),
    rowPer: 'customer',
    columns: [
      column('customer', summary.keys.columnOf(summary.codes)),
      column('cohort', {
        type: 'string',
        layout: 'dictionary',
        length,
        codes: Uint32Array.from(cohort, (index) => index - start),
        dictionary: stringVector(labels),
      }),
      column('firstOn', { type: 'date', length, values: first }, 'date'),
      column('lastOn', { type: 'date', length, values: last }, 'date'),
      column('lastOffset', integerColumn(lastOffset), 'integer'),
      column('activePeriods', integerColumn(summary.periods as Uint32Array), 'integer'),
    ],
  };
}
