import {
  type Column,
  codeArray,
  type Metric,
  message,
  type ResultTable,
  stringVector,
  tableFromRows,
} from '@patron/sdk';
import { type IntervalChoice, survivalBound } from './kaplan-meier.ts';
import { lifeTable } from './life-table.ts';
import { holm, type LogRank, logRank } from './log-rank.ts';
import type { SurvivalCurve } from './survival-curve.ts';
import { type Group, known, sum } from './survival-group.ts';

/** Distinct times beyond which the table shows every so-many-th of them. */
const TABLE_TIMES = 20_000;

export function survivalTable(groups: readonly Group[], choice: IntervalChoice): ResultTable {
  const distinct = groups.reduce((total, { curve }) => total + curve.times.length, 0);
  const step = Math.max(1, Math.ceil(distinct / TABLE_TIMES));
  // The last time of each group is always shown.
  const rows = groups.flatMap(({ curve }, code) => {
    const last = curve.times.length - 1;
    const shown = Array.from({ length: Math.ceil(curve.times.length / step) }, (_, i) =>
      Math.min(last, (i + 1) * step - 1),
    );
    return shown.map((at) => ({ code, curve, at }));
  });
  const codes = codeArray(groups.length, rows.length);
  rows.forEach(({ code }, row) => {
    codes[row] = code;
  });
  const column = (pick: (curve: SurvivalCurve) => Float64Array): Column =>
    columnOf(Float64Array.from(rows, ({ curve, at }) => pick(curve)[at]));
  const bounds = (side: -1 | 1): Column => {
    const readers = groups.map(({ curve }) => survivalBound(curve, choice, side));
    return columnOf(Float64Array.from(rows, ({ code, at }) => readers[code](at)));
  };
  const columnOf = (values: Float64Array): Column => {
    const missing = values.some(Number.isNaN);
    return {
      type: 'number',
      length: rows.length,
      values,
      scale: 1,
      validity: missing ? validity(values) : undefined,
    };
  };
  return {
    title: message('table.survival'),
    columns: [
      {
        name: 'group',
        title: message('column.group'),
        column: {
          type: 'string',
          layout: 'dictionary',
          length: rows.length,
          codes,
          dictionary: stringVector(groups.map(({ name }) => name || 'all')),
        },
        labels: { all: message('value.all') },
      },
      { name: 'time', title: message('column.time'), column: column(({ times }) => times) },
      { name: 'atRisk', title: message('column.atRisk'), column: column(({ atRisk }) => atRisk), format: 'integer' },
      { name: 'events', title: message('column.events'), column: column(({ ended }) => ended), format: 'integer' },
      { name: 'survival', title: message('column.survival'), column: column((c) => c.survival), format: 'percent' },
      { name: 'low', title: message('column.low'), column: bounds(-1), format: 'percent' },
      { name: 'high', title: message('column.high'), column: bounds(1), format: 'percent' },
      { name: 'censored', title: message('column.censored'), column: column((c) => c.running), format: 'integer' },
      {
        name: 'standardError',
        title: message('column.se'),
        column: column((c) => c.standardError),
        format: 'decimal4',
      },
      {
        name: 'cumulativeHazard',
        title: message('column.cumulativeHazard'),
        column: column((c) => c.cumulativeHazard),
        format: 'decimal4',
      },
    ],
  };
}

function validity(values: Float64Array): Uint8Array {
  const bitmap = new Uint8Array((values.length + 7) >> 3);
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i])) bitmap[i >> 3] |= 1 << (i & 7);
  return bitmap;
}

export function groupTable(
  groups: readonly Group[],
  overall: Group,
  test: LogRank | undefined,
  means: ReadonlyMap<Group, Metric>,
): ResultTable {
  const row = (name: string, group: Group, expected: number | null) => {
    const { time, low, high } = group.median;
    const { curve } = group;
    const area = means.get(group);
    return [
      name,
      curve.atRisk[0],
      sum(curve.ended),
      expected,
      known(time),
      known(low),
      known(high),
      area?.value ?? null,
      area?.interval?.[0] ?? null,
      area?.interval?.[1] ?? null,
    ];
  };
  return tableFromRows(
    [
      { name: 'group', title: message('column.group'), type: 'string', labels: { all: message('value.all') } },
      { name: 'customers', title: message('column.customers'), type: 'number', format: 'integer' },
      { name: 'events', title: message('column.events'), type: 'number', format: 'integer' },
      { name: 'expected', title: message('column.expected'), type: 'number', format: 'decimal' },
      { name: 'median', title: message('column.median'), type: 'number', format: 'decimal' },
      { name: 'medianLow', title: message('column.medianLow'), type: 'number', format: 'decimal' },
      { name: 'medianHigh', title: message('column.medianHigh'), type: 'number', format: 'decimal' },
      { name: 'rmst', title: message('column.rmst'), type: 'number', format: 'decimal' },
      { name: 'rmstLow', title: message('column.rmstLow'), type: 'number', format: 'decimal' },
      { name: 'rmstHigh', title: message('column.rmstHigh'), type: 'number', format: 'decimal' },
    ],
    groups.length > 1
      ? [
          ...groups.map((group, code) => row(group.name, group, test ? test.expected[code] : null)),
          row('all', overall, null),
        ]
      : [row(overall.name || 'all', overall, null)],
    { title: message('table.groups') },
  );
}

export function lifeTableOf(groups: readonly Group[], width: number): ResultTable {
  return tableFromRows(
    [
      { name: 'group', title: message('column.group'), type: 'string', labels: { all: message('value.all') } },
      { name: 'from', title: message('column.from'), type: 'number', format: 'decimal' },
      { name: 'to', title: message('column.to'), type: 'number', format: 'decimal' },
      { name: 'entered', title: message('column.entered'), type: 'number', format: 'integer' },
      { name: 'withdrawn', title: message('column.censored'), type: 'number', format: 'integer' },
      { name: 'exposed', title: message('column.exposed'), type: 'number', format: 'decimal' },
      { name: 'events', title: message('column.events'), type: 'number', format: 'integer' },
      { name: 'endedShare', title: message('column.endedShare'), type: 'number', format: 'percent' },
      { name: 'survival', title: message('column.survivalAtEnd'), type: 'number', format: 'percent' },
      { name: 'standardError', title: message('column.se'), type: 'number', format: 'decimal4' },
    ],
    groups
      .slice(0, 50)
      .flatMap(({ name, counts }) =>
        lifeTable(counts, width).map((row) => [
          name || 'all',
          row.from,
          row.to,
          row.entered,
          row.withdrawn,
          row.exposed,
          row.ended,
          row.endedShare,
          row.survival,
          row.standardError,
        ]),
      ),
    { title: message('table.lifeTable') },
  );
}

/** The log-rank test of every two groups, corrected for their number. */
export function comparisons(groups: readonly Group[]): ResultTable {
  const pairs = groups.flatMap((first, i) => groups.slice(i + 1).map((second) => ({ first, second })));
  const tests = pairs.map(({ first, second }) => logRank([first.counts, second.counts]));
  const corrected = holm(tests.map((test) => test?.pValue ?? 1));
  return tableFromRows(
    [
      { name: 'group', title: message('column.group'), type: 'string' },
      { name: 'against', title: message('column.against'), type: 'string' },
      { name: 'logRank', title: message('metric.logRank'), type: 'number', format: 'decimal' },
      { name: 'p', title: message('column.p'), type: 'number', format: 'pValue' },
      { name: 'corrected', title: message('column.corrected'), type: 'number', format: 'pValue' },
    ],
    pairs.map(({ first, second }, i) => [
      first.name,
      second.name,
      tests[i]?.statistic ?? null,
      tests[i]?.pValue ?? null,
      tests[i] ? corrected[i] : null,
    ]),
    { title: message('table.comparisons') },
  );
}
