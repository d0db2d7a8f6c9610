import { type CellValue, columnFromValues, integerColumn, stringColumn, valueAt } from '@patron/sdk';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatColumns } from './concat-columns.ts';
import { planFixes } from './fix-rejects.ts';
import { type MergePlan, planMerge } from './merge.ts';
import { planFilter } from './row-steps.ts';
import { carriedRejects, keptRejects, rejectsTable } from './step-rejects.ts';
import { memoryStepTable, partRows, type StepPlan } from './step-table.ts';

const run = { pause: async () => undefined, table: async () => Promise.reject(new Error('no other table')) };

async function rowsOf(plan: StepPlan): Promise<CellValue[][]> {
  const rows: CellValue[][] = [];
  for (const part of plan.parts) {
    const columns = await Promise.all(plan.columns.map((column, i) => partRows(part.columns[i], column, 0, part.rows)));
    for (let row = 0; row < part.rows; row++) rows.push(columns.map((column) => valueAt(column, row)));
  }
  return rows;
}

const may = memoryStepTable('customers', [
  { name: 'id', column: stringColumn(['a', 'b', 'c', null]) },
  { name: 'city', column: stringColumn(['Oslo', 'Rome', null, 'Bonn']) },
  { name: 'orders', column: integerColumn(Int32Array.of(1, 2, 3, 4)) },
]);
const june = memoryStepTable('june.csv', [
  { name: 'id', column: stringColumn(['c', 'b', 'd', null]) },
  { name: 'city', column: stringColumn(['Lima', null, 'Kyiv', 'Nice']) },
  { name: 'level', column: integerColumn(Int32Array.of(7, 8, 9, 10)) },
]);

describe('a merge by key', () => {
  test('updates what is there and adds what is new, and says which cells change', async () => {
    const plan: MergePlan = await planMerge(may, june, { keys: ['id'], mode: 'both' }, run);
    expect(await rowsOf(plan)).toEqual([
      ['a', 'Oslo', 1, null],
      ['b', 'Rome', 2, 8],
      ['c', 'Lima', 3, 7],
      [null, 'Bonn', 4, null],
      ['d', 'Kyiv', null, 9],
      [null, 'Nice', null, 10],
    ]);
    expect(plan.counts).toMatchObject({
      rowsBefore: 4,
      rowsAfter: 6,
      rowsChanged: 2,
      added: 2,
      matched: 2,
      unchanged: 0,
    });
    expect(plan.changes).toContainEqual({ row: 2, key: 'c', column: 'city', before: null, after: 'Lima' });
    expect([...plan.places]).toEqual([2, 1, 4, 5]);
  });
  test('clears cells only where it is asked to', async () => {
    const plan = await planMerge(may, june, { keys: ['id'], mode: 'update', blanks: 'clear' }, run);
    expect((await rowsOf(plan))[1]).toEqual(['b', null, 2, 8]);
    expect(plan.counts).toMatchObject({ rowsAfter: 4, added: 0, unmatched: 2 });
  });
  test('creates only, leaving what is there alone', async () => {
    const plan = await planMerge(may, june, { keys: ['id'], mode: 'create' }, run);
    expect((await rowsOf(plan)).slice(0, 4).map((row) => row.slice(0, 3))).toEqual([
      ['a', 'Oslo', 1],
      ['b', 'Rome', 2],
      ['c', null, 3],
      [null, 'Bonn', 4],
    ]);
    expect(plan.counts).toMatchObject({ rowsChanged: 0, added: 2 });
  });
  test('appends every row without looking at keys', async () => {
    const plan = await planMerge(may, june, { keys: [], mode: 'append' }, run);
    expect((await rowsOf(plan)).slice(3, 6)).toEqual([
      [null, 'Bonn', 4, null],
      ['c', 'Lima', null, 7],
      ['b', null, null, 8],
    ]);
    expect(plan.counts).toMatchObject({ rowsBefore: 4, rowsAfter: 8, rowsChanged: 0, added: 4 });
  });
  test('refuses keys of the file that are there twice, in the file or in the table', async () => {
    const twice = memoryStepTable('twice.csv', [{ name: 'id', column: stringColumn(['x', 'y', 'x']) }]);
    await expect(planMerge(may, twice, { keys: ['id'], mode: 'both' }, run)).rejects.toThrow(
      "'twice.csv' has some keys more than once",
    );
    const other = memoryStepTable('other.csv', [{ name: 'id', column: stringColumn(['y', 'x']) }]);
    await expect(planMerge(twice, other, { keys: ['id'], mode: 'both' }, run)).rejects.toThrow("'twice.csv'");
    const { counts } = await planMerge(twice, may, { keys: ['id'], mode: 'both' }, run);
    expect(counts).toMatchObject({ matched: 0, added: 4 });
  });
  test('does what a map by key does', async () => {
    const side = fc.uniqueArray(
      fc.record({
        id: fc.integer({ min: 0, max: 20 }),
        a: fc.option(fc.integer({ min: 0, max: 3 }), { nil: null }),
        b: fc.option(fc.constantFrom('x', 'y', 'z'), { nil: null }),
      }),
      { selector: ({ id }) => id, maxLength: 15 },
    );
    const tableOf = (name: string, rows: readonly { id: number; a: number | null; b: string | null }[]) =>
      memoryStepTable(name, [
        { name: 'id', column: integerColumn(Int32Array.from(rows, ({ id }) => id)) },
        {
          name: 'a',
          column: columnFromValues(
            'integer',
            rows.map(({ a }) => a),
          ),
        },
        { name: 'b', column: stringColumn(rows.map(({ b }) => b)) },
      ]);
    await fc.assert(
      fc.asyncProperty(side, side, async (old, more) => {
        const plan = await planMerge(tableOf('old', old), tableOf('more', more), { keys: ['id'], mode: 'both' }, run);
        const expected = new Map<number, CellValue[]>(old.map(({ id, a, b }) => [id, [id, a, b]]));
        let changed = 0;
        for (const { id, a, b } of more) {
          const before = expected.get(id);
          const after = before ? [id, a ?? before[1], b ?? before[2]] : [id, a, b];
          if (before && JSON.stringify(before) !== JSON.stringify(after)) changed++;
          expected.set(id, after);
        }
        expect(await rowsOf(plan)).toEqual([...expected.values()]);
        expect(plan.counts.rowsChanged).toBe(changed);
      }),
    );
  });
});

describe('rejects', () => {
  const table = memoryStepTable('t', [
    { name: 'n', column: columnFromValues('integer', [1, null, null, 4, null]) },
    { name: 'd', column: columnFromValues('date', ['2024-01-01', null, '2024-01-03', null, null]) },
  ]);
  const rejects = rejectsTable([
    { line: 3, column: 'n', raw: '2 pieces', reason: 'not-an-integer', row: 1 },
    { line: 4, column: 'n', raw: 'three', reason: 'not-a-number', row: 2 },
    { line: 5, column: 'd', raw: '31.2.24', reason: 'not-a-date', row: 3 },
  ]);

  test('corrected values go back into their cells, and what still does not fit stays', async () => {
    const plan = await planFixes(
      table,
      rejects,
      [
        { reject: 0, text: '2' },
        { reject: 1, text: 'drei' },
        { reject: 2, text: '' },
      ],
      run,
    );
    expect(await rowsOf(plan)).toEqual([
      [1, '2024-01-01'],
      [2, null],
      [null, '2024-01-03'],
      [4, null],
      [null, null],
    ]);
    expect(plan.fixed).toBe(2);
    expect(keptRejects(plan.left)).toEqual([{ line: 4, column: 'n', raw: 'drei', reason: 'not-a-number', row: 2 }]);
    expect(plan.left.byReason).toEqual({ 'not-a-number': 1 });
  });
  test('where rows are not known, as many empty cells as rejects tell them, and else nothing is guessed', async () => {
    const unknown = rejectsTable([
      { line: 3, column: 'd', raw: 'x', reason: 'not-a-date', row: null },
      { line: 5, column: 'd', raw: 'y', reason: 'not-a-date', row: null },
      { line: 6, column: 'd', raw: 'z', reason: 'not-a-date', row: null },
    ]);
    const plan = await planFixes(table, unknown, [{ reject: 2, text: '2024-01-05' }], run);
    expect((await rowsOf(plan))[4]).toEqual([null, '2024-01-05']);
    const two = rejectsTable(keptRejects(unknown).slice(0, 2));
    await expect(planFixes(table, two, [{ reject: 0, text: '2024-01-05' }], run)).rejects.toMatchObject({
      code: 'no-row',
    });
  });
  test('rejects follow their rows through a filter', async () => {
    const plan = await planFilter(table, { kind: 'filter', filters: [{ column: 'd', operator: 'present' }] }, run);
    expect(keptRejects(carriedRejects(rejects, plan))).toEqual([
      { line: 4, column: 'n', raw: 'three', reason: 'not-a-number', row: 1 },
    ]);
  });
});

test('columns of different scales and units keep their values below each other', () => {
  const hundredths = { type: 'number', length: 1, values: Int32Array.of(255), scale: 100 } as const;
  const tenths = { type: 'number', length: 1, values: Int32Array.of(7), scale: 10 } as const;
  const joined = concatColumns([hundredths, tenths], { type: 'number' });
  expect([valueAt(joined, 0), valueAt(joined, 1)]).toEqual([2.55, 0.7]);
});
