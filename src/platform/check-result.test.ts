import { type AnalysisResult, numberColumn, stringColumn } from '@patron/sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkResult } from './check-result.ts';
import { MisfitError } from './expect-value.ts';

const good: AnalysisResult = {
  headline: { key: 'headline', args: { share: { value: 0.3, as: 'percent' } } },
  metrics: { nps: { value: 12.5, interval: [Number.NEGATIVE_INFINITY, 14], n: 100, title: 'NPS', smallSample: true } },
  tables: {
    segments: {
      title: { key: 'segments' },
      columns: [
        { name: 'segment', column: stringColumn(['a', null, 'b']), labels: { a: 'A' } },
        { name: 'size', column: numberColumn([1, 2, 3]), format: 'integer' },
      ],
      rowsBehind: { table: 'customers', column: 'segment', by: 'segment' },
    },
  },
  charts: [
    { kind: 'bar', id: 'b', title: 'B', categories: ['x', 'y'], series: [{ name: 's', values: [1, null] }], value: {} },
    {
      kind: 'line',
      id: 'l',
      title: 'L',
      xValues: [1, 2],
      x: {},
      y: {},
      series: [{ name: 's', values: [1, 2], step: true }],
    },
    { kind: 'heatMap', id: 'h', title: 'H', columns: ['a', 'b'], rows: ['r'], cells: [1, null], value: {} },
    { kind: 'funnel', id: 'f', title: 'F', steps: ['a', 'b'], series: [{ name: 's', values: [2, 1] }] },
    { kind: 'sankey', id: 's', title: 'S', nodes: ['a', 'b'], links: [{ source: 0, target: 1, value: 1 }] },
    { kind: 'histogram', id: 'i', title: 'I', edges: [0, 1, 2], counts: [3, 4], x: {} },
    { kind: 'box', id: 'o', title: 'O', categories: ['a'], boxes: [[1, 2, 3, 4, 5]], value: {} },
    { kind: 'scatter', id: 'c', title: 'C', points: [{ x: 1, y: 2, label: 'p' }], x: {}, y: {} },
    { kind: 'treeMap', id: 't', title: 'T', items: [{ name: 'a', size: 1 }], size: {} },
  ],
  notes: [{ level: 'info', text: 'Note' }],
  leftOut: [{ role: 'transactions', reason: { key: 'late' }, count: 3 }],
};

type Loose = Record<string, unknown>;
const problemOf = async (change: Loose): Promise<string> => {
  try {
    await checkResult({ ...good, ...change });
    return 'accepted';
  } catch (error) {
    return (error as Error).message;
  }
};
const chart = (kind: string, change: Loose): Loose => ({
  charts: [{ ...good.charts.find((one) => one.kind === kind), ...change }],
});
const column = (change: Loose): Loose => ({
  tables: { t: { columns: [{ name: 'c', column: { ...stringColumn(['a', 'b']), ...change } }] } },
});

describe('a result that came back', () => {
  it('is accepted with every kind of chart', async () => {
    expect(await checkResult(good)).toBe(good);
  });

  it('is refused with the path of what cannot be shown', async () => {
    expect(await problemOf({ metrics: { a: { value: Number.POSITIVE_INFINITY } } })).toBe(
      'result.metrics.a.value: expected a finite number or nothing, got Infinity',
    );
    expect(await problemOf({ metrics: { a: { value: 1, interval: [1] } } })).toBe(
      'result.metrics.a.interval: expected 2 values, got 1',
    );
    expect(await problemOf({ metrics: { a: { value: 1, html: '<b>' } } })).toBe(
      'result.metrics.a.html: is not known here; remove it or check its spelling',
    );
    expect(
      await problemOf({
        notes: [
          { level: 'info', text: 'a' },
          { level: 'loud', text: 'b' },
        ],
      }),
    ).toBe("result.notes[1].level: expected one of info, warning, got 'loud'");
    expect(await problemOf({ tables: undefined })).toBe('result.tables: expected an object, got nothing');
    expect(await problemOf(chart('bar', { series: [{ name: 's', values: [1] }] }))).toBe(
      'result.charts[0].series[0].values: expected 2 values, got 1',
    );
    expect(await problemOf(chart('sankey', { links: [{ source: 0, target: 2, value: 1 }] }))).toBe(
      'result.charts[0].links[0].target: expected a number from 0 to 1, got 2',
    );
    expect(await problemOf(chart('scatter', { kind: 'pie' }))).toContain('result.charts[0].kind: expected one of bar,');
  });

  it('is refused where a column would be read out of bounds', async () => {
    expect(await problemOf(column({ length: 3 }))).toContain('columns[0].column.codes: expected 3 values, got 2');
    expect(await problemOf(column({ codes: Uint8Array.of(0, 2) }))).toContain(
      'column.codes[1]: expected a number from 0 to 1, got 2',
    );
    expect(await problemOf(column({ codes: [0, 1] }))).toContain('column.codes: expected a column, got a list');
    const dictionary = { offsets: Uint32Array.of(0, 2, 1), bytes: new Uint8Array(2) };
    expect(await problemOf(column({ dictionary }))).toContain('dictionary.offsets: expected increasing numbers');
    const beyond = { offsets: Uint32Array.of(0, 1, 9), bytes: new Uint8Array(2) };
    expect(await problemOf(column({ dictionary: beyond }))).toContain(
      'dictionary.offsets: expected increasing numbers',
    );
    expect(await problemOf(column({ validity: new Uint8Array(0) }))).toContain('column.validity: expected 1 values');
  });

  it('throws nothing but what says where, whatever it is', async () => {
    const anything = fc.anything({ withTypedArray: true, withMap: true });
    const key = fc.constantFrom(...Object.keys(good));
    await fc.assert(
      fc.asyncProperty(key, anything, async (name, value) => {
        await checkResult({ ...good, [name]: value }).catch((error: unknown) =>
          expect(error).toBeInstanceOf(MisfitError),
        );
      }),
      { numRuns: 1000 },
    );
  });
});
