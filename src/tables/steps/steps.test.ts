import {
  booleanColumn,
  type CellValue,
  type Column,
  columnFromValues,
  dateColumn,
  integerColumn,
  stringColumn,
  stringVector,
  timestampColumn,
  valueAt,
} from '@patron/sdk';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NamedColumn } from '../import-options.ts';
import { concatColumns } from './concat-columns.ts';
import { planStep } from './plan-step.ts';
import type { Step } from './step.ts';
import { memoryStepTable, planColumn, plannedTable, type StepPlan, type StepTable } from './step-table.ts';

type Row = Record<string, CellValue>;

const run = (tables: Record<string, StepTable> = {}) => ({
  pause: async () => undefined,
  table: async (id: string) => tables[id],
});

async function columnsOf(plan: StepPlan, batchRows = 7): Promise<NamedColumn[]> {
  const columns: NamedColumn[] = [];
  for (const [at, column] of plan.columns.entries()) {
    const pieces: Column[] = [];
    for await (const piece of planColumn(plan, at, run(), 0, batchRows)) pieces.push(piece);
    columns.push({ name: column.name, column: concatColumns(pieces, column) });
  }
  return columns;
}

async function rowsOf(plan: StepPlan): Promise<Row[]> {
  const columns = await columnsOf(plan);
  const rows = columns[0]?.column.length ?? 0;
  return Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(columns.map(({ name, column }) => [name, valueAt(column, row)])),
  );
}

const shaped = async (table: StepTable, step: Step, tables?: Record<string, StepTable>): Promise<Row[]> =>
  rowsOf(await planStep(table, step, run(tables)));

const cents = (values: readonly (number | null)[]): Column => {
  const column = columnFromValues(
    'number',
    values.map((value) => (value === null ? null : Math.round(value * 100))),
  );
  return { ...column, scale: 100 } as Column;
};

const orders = memoryStepTable('orders', [
  { name: 'order', column: integerColumn(Int32Array.of(1, 2, 3, 4)) },
  { name: 'customer', column: stringColumn(['ann', 'bob', null, 'ann']) },
  { name: 'price', column: cents([2.55, 10, 0.1, null]) },
  { name: 'day', column: dateColumn(Int32Array.of(0, 31, 59, 19_723)) },
]);

/** Rows of a small table of a text, a whole number and a decimal, with gaps. */
const someRows = fc.array(
  fc.record({
    text: fc.option(fc.constantFrom('a', 'b', 'B', 'é', '客', ''), { nil: null }),
    whole: fc.option(fc.integer({ min: -3, max: 3 }), { nil: null }),
    decimal: fc.option(fc.integer({ min: -300, max: 300 }), { nil: null }),
  }),
  { maxLength: 40 },
);
type SomeRow = { text: string | null; whole: number | null; decimal: number | null };

function tableOf(rows: readonly SomeRow[], name = 'some', plain = false): StepTable {
  const text = stringColumn(rows.map((row) => row.text));
  const spelled: Column = {
    type: 'string',
    layout: 'plain',
    length: rows.length,
    text: stringVector(rows.map((row) => row.text ?? '')),
    validity: text.validity,
  };
  return memoryStepTable(name, [
    { name: 'text', column: plain ? spelled : text },
    {
      name: 'whole',
      column: columnFromValues(
        'integer',
        rows.map((row) => row.whole),
      ),
    },
    { name: 'decimal', column: cents(rows.map((row) => (row.decimal === null ? null : row.decimal / 100))) },
  ]);
}
const plainRows = (rows: readonly SomeRow[]): Row[] =>
  rows.map(({ text, whole, decimal }) => ({ text, whole, decimal: decimal === null ? null : decimal / 100 }));

describe('filter, sort and distinct', () => {
  test('a filter keeps just the rows a loop over the rows would keep', async () => {
    await fc.assert(
      fc.asyncProperty(someRows, fc.integer({ min: -3, max: 3 }), fc.boolean(), async (rows, bound, plain) => {
        const step: Step = {
          kind: 'filter',
          filters: [
            { column: 'whole', operator: 'at-least', value: bound },
            { column: 'text', operator: 'not-equals', value: 'b' },
          ],
        };
        const expected = plainRows(rows).filter(
          ({ whole, text }) => whole !== null && Number(whole) >= bound && text !== 'b',
        );
        expect(await shaped(tableOf(rows, 'some', plain), step)).toEqual(expected);
      }),
    );
  });

  test('a sort by two keys is stable, and rows without a value come last', async () => {
    await fc.assert(
      fc.asyncProperty(someRows, async (rows) => {
        const last = (a: number | null, b: number | null, sign: number): number =>
          a === b ? 0 : a === null ? 1 : b === null ? -1 : sign * (a - b);
        const expected = plainRows(rows).sort(
          (a, b) =>
            last(a.whole as number | null, b.whole as number | null, -1) ||
            last(a.decimal as number | null, b.decimal as number | null, 1),
        );
        const keys = [{ column: 'whole', descending: true }, { column: 'decimal' }];
        expect(await shaped(tableOf(rows), { kind: 'sort', keys })).toEqual(expected);
      }),
    );
  });

  test('one row of each kind is kept, the first or the last', async () => {
    await fc.assert(
      fc.asyncProperty(someRows, fc.boolean(), async (rows, last) => {
        const all = plainRows(rows);
        const key = ({ text, whole }: Row): string => JSON.stringify([text, whole]);
        const expected = all.filter((row, at) =>
          last
            ? all.findLastIndex((each) => key(each) === key(row)) === at
            : all.findIndex((each) => key(each) === key(row)) === at,
        );
        const step: Step = { kind: 'distinct', columns: ['text', 'whole'], keep: last ? 'last' : 'first' };
        expect(await shaped(tableOf(rows), step)).toEqual(expected);
      }),
    );
  });

  test('a filter counts the rows before and after', async () => {
    const step: Step = { kind: 'filter', filters: [{ column: 'customer', operator: 'equals', value: 'ann' }] };
    expect((await planStep(orders, step, run())).counts).toMatchObject({ rowsBefore: 4, rowsAfter: 2 });
  });
});

describe('rename', () => {
  test('names may be swapped', async () => {
    const rows = await shaped(orders, { kind: 'rename', names: { order: 'day', day: 'order' } });
    expect(rows[1]).toEqual({ day: 2, customer: 'bob', price: 10, order: '1970-02-01' });
  });
  test('two columns of one name are refused', async () => {
    await expect(shaped(orders, { kind: 'rename', names: { order: 'day' } })).rejects.toThrow("called 'day'");
  });
  test('a column that is not there is named', async () => {
    await expect(shaped(orders, { kind: 'rename', names: { nothing: 'x' } })).rejects.toThrow("no column 'nothing'");
  });
});

describe('retype', () => {
  const texts = memoryStepTable('texts', [
    { name: 't', column: stringColumn(['1,234.50', '12', 'x', null, '-3', 'x', '', '7.25']) },
    {
      name: 'd',
      column: stringColumn(['2024-02-29', '29/02/2024', '2023-02-29', '20240131', null, 'soon', '1 Mar 2024', '']),
    },
    { name: 'b', column: stringColumn(['yes', 'No', '是', '0', 'TRUE', 'maybe', null, '1']) },
  ]);

  test('texts become numbers, and those that are none are kept as rejects by row', async () => {
    const plan = await planStep(texts, { kind: 'retype', column: 't', type: 'number' }, run());
    expect((await rowsOf(plan)).map(({ t }) => t)).toEqual([1234.5, 12, null, null, -3, null, null, 7.25]);
    expect(plan.counts.rejects).toBe(2);
    expect(plan.rejects).toEqual([
      { row: 2, column: 't', raw: 'x', reason: 'not-a-number' },
      { row: 5, column: 't', raw: 'x', reason: 'not-a-number' },
    ]);
  });
  test('texts become whole numbers, days and truth', async () => {
    const whole = await planStep(texts, { kind: 'retype', column: 't', type: 'integer' }, run());
    expect((await rowsOf(whole)).map(({ t }) => t)).toEqual([null, 12, null, null, -3, null, null, null]);
    expect(whole.rejects?.map(({ row, reason }) => [row, reason])).toEqual([
      [0, 'not-an-integer'],
      [2, 'not-a-number'],
      [5, 'not-a-number'],
      [7, 'not-an-integer'],
    ]);
    const days = await planStep(texts, { kind: 'retype', column: 'd', type: 'date' }, run());
    expect((await rowsOf(days)).map(({ d }) => d)).toEqual([
      '2024-02-29',
      '2024-02-29',
      null,
      '2024-01-31',
      null,
      null,
      '2024-03-01',
      null,
    ]);
    expect(days.rejects?.map(({ raw }) => raw)).toEqual(['2023-02-29', 'soon']);
    const truth = await planStep(texts, { kind: 'retype', column: 'b', type: 'boolean' }, run());
    expect((await rowsOf(truth)).map(({ b }) => b)).toEqual([true, false, true, false, true, null, null, true]);
    expect(truth.rejects?.map(({ raw }) => raw)).toEqual(['maybe']);
  });
  test('whole numbers written as days become days and back', async () => {
    const table = memoryStepTable('n', [
      { name: 'n', column: integerColumn(Int32Array.of(20240229, 20230229, 19700101)) },
    ]);
    const plan = await planStep(table, { kind: 'retype', column: 'n', type: 'date' }, run());
    expect((await rowsOf(plan)).map(({ n }) => n)).toEqual(['2024-02-29', null, '1970-01-01']);
    expect(plan.rejects?.[0]).toMatchObject({ row: 1, raw: '20230229', reason: 'not-a-date' });
    const back = await planStep(
      plannedTable('n', plan, run()),
      { kind: 'retype', column: 'n', type: 'integer' },
      run(),
    );
    expect((await rowsOf(back)).map(({ n }) => n)).toEqual([20240229, null, 19700101]);
  });
  test('any column becomes text and comes back as it was', async () => {
    const table = memoryStepTable('all', [
      { name: 'number', column: cents([2.55, null, -0.01]) },
      { name: 'integer', column: integerColumn(Int32Array.of(5, -7, 0)) },
      { name: 'boolean', column: booleanColumn([true, false, true]) },
      { name: 'date', column: dateColumn(Int32Array.of(0, -1, 20_000)) },
      { name: 'timestamp', column: timestampColumn(Float64Array.of(0, 1.5e12, -1000)) },
    ]);
    const before = await rowsOf(await planStep(table, { kind: 'rename', names: {} }, run()));
    for (const { name, type } of table.columns) {
      const text = await planStep(table, { kind: 'retype', column: name, type: 'string' }, run());
      const back = await planStep(plannedTable('all', text, run()), { kind: 'retype', column: name, type }, run());
      expect(await rowsOf(back)).toEqual(before);
      expect(back.counts.rejects).toBe(0);
    }
  });
  test('a yes or no has no meaning as a day', async () => {
    const table = memoryStepTable('b', [{ name: 'b', column: booleanColumn([true]) }]);
    await expect(shaped(table, { kind: 'retype', column: 'b', type: 'date' })).rejects.toThrow('no meaning');
  });
});

describe('join', () => {
  const customers = memoryStepTable('customers', [
    { name: 'name', column: stringColumn(['bob', 'ann', 'eve']) },
    { name: 'city', column: stringColumn(['Oslo', '上海', null]) },
    { name: 'price', column: integerColumn(Int32Array.of(1, 2, 3)) },
  ]);
  const step = (how: 'left' | 'inner' | 'anti'): Step => ({
    kind: 'join',
    table: 'c',
    how,
    keys: [{ left: 'customer', right: 'name' }],
  });

  test('left keeps every row, inner the found ones, anti the others', async () => {
    const left = await planStep(orders, step('left'), run({ c: customers }));
    expect((await rowsOf(left)).map((row) => [row.order, row.city, row['price (customers)']])).toEqual([
      [1, '上海', 2],
      [2, 'Oslo', 1],
      [3, null, null],
      [4, '上海', 2],
    ]);
    expect(left.counts).toMatchObject({ matched: 3, unmatched: 1, rowsAfter: 4 });
    expect((await shaped(orders, step('inner'), { c: customers })).map(({ order }) => order)).toEqual([1, 2, 4]);
    expect(await shaped(orders, step('anti'), { c: customers })).toEqual([
      { order: 3, customer: null, price: 0.1, day: '1970-03-01' },
    ]);
  });
  test('keys that are there twice are refused by name', async () => {
    const twice = memoryStepTable('twice', [{ name: 'name', column: stringColumn(['ann', 'bob', 'ann', 'ann']) }]);
    await expect(shaped(orders, step('left'), { c: twice })).rejects.toMatchObject({
      code: 'duplicate-keys',
      details: { table: 'twice', repeats: 2, keys: 'ann' },
    });
    const first: Step = { ...(step('left') as Step & { kind: 'join' }), duplicates: 'first' };
    expect(await shaped(orders, first, { c: twice })).toHaveLength(4);
  });
  test('texts and numbers are never the same key', async () => {
    const numbers = memoryStepTable('numbers', [{ name: 'name', column: integerColumn(Int32Array.of(1)) }]);
    await expect(shaped(orders, step('left'), { c: numbers })).rejects.toMatchObject({ code: 'different-types' });
  });
  test('two keys, whole numbers against decimals: as a loop over both tables would do it', async () => {
    await fc.assert(
      fc.asyncProperty(someRows, someRows, async (rows, others) => {
        const key = (text: CellValue, number: CellValue): string | null =>
          text === null || number === null ? null : `${number} ${text}`;
        const right = plainRows(others);
        const found = plainRows(rows).map((row) =>
          right.find(
            (other) => key(row.text, row.whole) !== null && key(other.text, other.decimal) === key(row.text, row.whole),
          ),
        );
        const expected = plainRows(rows).map((row, i) => ({ ...row, 'whole (other)': found[i]?.whole ?? null }));
        const joined: Step = {
          kind: 'join',
          table: 'o',
          how: 'left',
          keys: [
            { left: 'text', right: 'text' },
            { left: 'whole', right: 'decimal' },
          ],
          columns: ['whole'],
          duplicates: 'first',
        };
        const tables = { o: tableOf(others, 'other', true) };
        expect(await shaped(tableOf(rows), joined, tables)).toEqual(expected);
        const anti = plainRows(rows).filter((_, i) => found[i] === undefined);
        expect(await shaped(tableOf(rows), { ...joined, how: 'anti' } as Step, tables)).toEqual(anti);
      }),
    );
  });
});

describe('append', () => {
  test('columns are matched by name and types reconciled', async () => {
    const may = memoryStepTable('may', [
      { name: 'id', column: integerColumn(Int32Array.of(1)) },
      { name: 'amount', column: integerColumn(Int32Array.of(5)) },
      { name: 'at', column: dateColumn(Int32Array.of(1)) },
      { name: 'code', column: integerColumn(Int32Array.of(7)) },
    ]);
    const june = memoryStepTable('june', [
      { name: 'at', column: timestampColumn(Float64Array.of(3_600_000)) },
      { name: 'amount', column: cents([2.5]) },
      { name: 'code', column: stringColumn(['x7']) },
      { name: 'note', column: stringColumn(['new']) },
    ]);
    const plan = await planStep(may, { kind: 'append', tables: ['j'] }, run({ j: june }));
    expect(plan.columns.map(({ name, type }) => [name, type])).toEqual([
      ['id', 'integer'],
      ['amount', 'number'],
      ['at', 'timestamp'],
      ['code', 'string'],
      ['note', 'string'],
    ]);
    expect(plan.counts).toMatchObject({ rowsBefore: 1, rowsAfter: 2, added: 1 });
  });
  test('rows of the one come before rows of the other', async () => {
    await fc.assert(
      fc.asyncProperty(someRows, someRows, async (rows, others) => {
        const plan = await planStep(
          tableOf(rows),
          { kind: 'append', tables: ['o'] },
          run({ o: tableOf(others, 'o', true) }),
        );
        expect(await rowsOf(plan)).toEqual([...plainRows(rows), ...plainRows(others)]);
      }),
    );
  });
});

test('steps chained in memory give what they give one by one', async () => {
  const first = await planStep(orders, { kind: 'formula', column: 'double', formula: 'price * 2' }, run());
  const second = await planStep(
    plannedTable('orders', first, run()),
    { kind: 'filter', filters: [{ column: 'double', operator: 'greater', value: 1 }] },
    run(),
  );
  expect((await rowsOf(second)).map(({ double }) => double)).toEqual([5.1, 20]);
});
