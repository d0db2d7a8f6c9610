import { message, type ResultTable, tableFromRows } from '@patron/sdk';
import { dateOf } from './customer-base.ts';
import type { Forecast } from './forecast-outcome.ts';
import type { Matrix } from './frequency-recency-matrix.ts';
import type { RepeatCounts, Tracking } from './tracking.ts';

export function matrixTable(matrix: Matrix): ResultTable {
  return tableFromRows(
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
}

export function trackingTable({ base, settings }: Forecast, tracking: Tracking): ResultTable {
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

export function holdoutTable(groups: NonNullable<Forecast['holdout']>['groups']): ResultTable {
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

export function repeatTable({ actual, expected }: RepeatCounts): ResultTable {
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
