import { columnFromValues, decimalColumn, valueAt } from '@patron/sdk';
import { afterEach, describe, expect, it } from 'vitest';
import { TablesClient } from '../tables/index.ts';
import { openWorkbookStore, type WorkbookStore } from '../workbook/index.ts';
import { type PatronFileError, readPatronFile, writePatronFile } from './index.ts';

let made = 0;
const open: (() => void)[] = [];

async function stores(): Promise<{ tables: TablesClient; workbooks: WorkbookStore }> {
  made++;
  const tables = new TablesClient({ database: `patron-file-test-tables-${made}` });
  const workbooks = await openWorkbookStore(`patron-file-test-workbooks-${made}`);
  open.push(() => {
    tables.close();
    workbooks.close();
  });
  return { tables, workbooks };
}

afterEach(() => {
  for (const close of open.splice(0)) close();
});

const RUN = '11111111-2222-4333-8444-555555555555';

async function sample(): Promise<{ file: File; tableId: string }> {
  const { tables, workbooks } = await stores();
  const info = await workbooks.create('三月 March');
  const meta = await tables.write({
    workbook: info.id,
    name: 'orders',
    columns: [
      { name: 'customer', column: columnFromValues('string', ['007', null, '李雷']) },
      { name: 'paid', column: decimalColumn(Int32Array.of(1255, -50, 0), 100) },
      { name: 'day', column: columnFromValues('date', ['2024-01-01', '2024-01-02', null]) },
    ],
    source: { kind: 'file', name: 'orders.csv' },
  });
  await workbooks.write(info, {
    snapshot: {
      name: '三月 March',
      sheetOrder: ['a'],
      resources: [{ name: 'X', data: JSON.stringify({ table: meta.id }) }],
    },
    details: { run: RUN },
  });
  const { content } = await workbooks.read(info.id);
  const runs = [{ id: RUN, tables: [{ id: meta.id }], result: { values: Float64Array.of(1.5, Number.NaN) } }];
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const target = new WritableStream<Uint8Array>({ write: (piece) => void pieces.push(piece.slice()) });
  await writePatronFile({ info, content, runs }, tables, target);
  return { file: new File(pieces, 'march.patron'), tableId: meta.id };
}

describe('a .patron file', () => {
  it('brings tables, sheets and runs over under new ids', async () => {
    const { file, tableId } = await sample();
    const { tables, workbooks } = await stores();
    const { workbook, runs, lost } = await readPatronFile(file, { tables, workbooks });
    expect(lost).toEqual([]);
    expect(workbook.name).toBe('三月 March');
    const [meta] = await tables.list(workbook.id);
    expect(meta).toMatchObject({ name: 'orders', rows: 3 });
    expect(meta.id).not.toBe(tableId);
    const columns = await tables.readColumns(meta.id, ['customer', 'paid', 'day']);
    const rows = [0, 1, 2].map((row) => columns.map(({ column }) => valueAt(column, row)));
    expect(rows).toEqual([
      ['007', 12.55, '2024-01-01'],
      [null, -0.5, '2024-01-02'],
      ['李雷', 0, null],
    ]);
    const { content } = await workbooks.read(workbook.id);
    expect(content.snapshot.resources?.[0].data).toBe(JSON.stringify({ table: meta.id }));
    const [run] = runs as {
      id: string;
      workbook: string;
      tables: { id: string }[];
      result: { values: Float64Array };
    }[];
    expect(run.id).not.toBe(RUN);
    expect(content.details.run).toBe(run.id);
    expect(run.workbook).toBe(workbook.id);
    expect(run.tables[0].id).toBe(meta.id);
    expect([...run.result.values]).toEqual([1.5, Number.NaN]);
  });

  it('carries units, rejects and how a table came about, the steps of versions that stay behind included', async () => {
    const { tables, workbooks } = await stores();
    const info = await workbooks.create('Steps');
    const lines = Array.from({ length: 300 }, (_, row) => (row === 7 ? 'o7,12o' : `o${row},€${row}.50`));
    const csv = new File([`order,paid\n${lines.join('\n')}\n`], 'orders.csv');
    const { meta } = await tables.importFile(csv, { workbook: info.id });
    expect(meta.columns[1].unit).toBe('€');
    const steps = [{ kind: 'filter', filters: [{ column: 'paid', operator: 'missing' }] }] as const;
    await tables.steps.apply(meta.id, [{ kind: 'rename', names: { order: 'number' } }]);
    const last = await tables.steps.apply(meta.id, steps);
    const { content } = await workbooks.read(info.id);
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    const target = new WritableStream<Uint8Array>({ write: (piece) => void pieces.push(piece.slice()) });
    await writePatronFile({ info, content, runs: [] }, tables, target);

    const there = await stores();
    const { workbook, lost, lostRejects } = await readPatronFile(new File(pieces, 'steps.patron'), there);
    expect([lost, lostRejects]).toEqual([[], []]);
    const [opened] = await there.tables.list(workbook.id);
    expect(opened).toMatchObject({ rows: 1, rejects: 1, source: { kind: 'transform', name: 'filter' } });
    expect(opened.columns.map(({ unit, type, scale }) => [type, unit, scale])).toEqual(
      last.columns.map(({ unit, type, scale }) => [type, unit, scale]),
    );
    const rejects = await there.tables.rejects(opened.id);
    expect(rejects).toMatchObject({ count: 1, rows: 1, byReason: { 'not-a-number': 1 } });
    const history = await there.tables.steps.history(opened.id);
    expect(history.map(({ isKept, meta: { rows, source } }) => [isKept, rows, source.name])).toEqual([
      [false, 300, 'orders.csv'],
      [false, 300, 'rename'],
      [true, 1, 'filter'],
    ]);
    expect(history[2].steps).toEqual(steps);
    expect(history[1].steps).toEqual([{ kind: 'rename', names: { order: 'number' } }]);
    // A reject goes back into its row there, too.
    expect(await there.tables.steps.fixRejects(opened.id, [{ reject: 0, text: '12.00' }])).toMatchObject({ fixed: 1 });
    expect((await there.tables.steps.history(opened.id)).length).toBe(4);
  });

  it('keeps what is up to date so, leaves deleted tables out, and knows the tables of results', async () => {
    const { tables, workbooks } = await stores();
    const info = await workbooks.create('Versions');
    const columns = [{ name: 'n', column: columnFromValues('integer', [1, 2]) }];
    const of = { workbook: info.id, columns };
    const source = { kind: 'file', name: 'orders.csv' } as const;
    const orders = await tables.write({ ...of, name: 'orders', source });
    const newer = await tables.write({ ...of, name: 'orders', source, tableId: orders.id });
    const result = await tables.write({ ...of, name: 'customers', source: { kind: 'result', name: 'RFM' } });
    const deleted = await tables.write({ ...of, name: 'deleted', source });
    const { content } = await workbooks.read(info.id);
    const runs = [1, 2].map((number) => ({
      id: RUN.replace(/5$/, String(number)),
      tables: [{ id: orders.id, version: number === 1 ? orders.version : newer.version }],
    }));
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    const target = new WritableStream<Uint8Array>({ write: (piece) => void pieces.push(piece.slice()) });
    await writePatronFile({ info, content, runs, leftOut: new Set([deleted.id]) }, tables, target);

    const there = await stores();
    const opened = await readPatronFile(new File(pieces, 'versions.patron'), there);
    const metas = await there.tables.list(opened.workbook.id);
    expect(metas.map(({ name, source: { kind } }) => [name, kind])).toEqual([
      ['customers', 'result'],
      ['orders', 'file'],
    ]);
    expect(result.source.kind).toBe('result');
    const current = metas.find(({ name }) => name === 'orders')?.version;
    const read = opened.runs as { tables: { version: number }[] }[];
    expect(read.map((run) => run.tables[0].version === current)).toEqual([false, true]);
  });

  it('never shows altered data: any flipped bit is named, costs one table, or changes nothing', async () => {
    const { file } = await sample();
    const whole = new Uint8Array(await file.arrayBuffer());
    for (let turn = 0; turn < 40; turn++) {
      const bytes = whole.slice();
      const at = Math.floor((turn / 40) * bytes.length) + (turn % 3);
      bytes[at] ^= 1 << (turn % 8);
      const { tables, workbooks } = await stores();
      try {
        const { workbook, lost } = await readPatronFile(new File([bytes], 'flipped.patron'), { tables, workbooks });
        const metas = await tables.list(workbook.id);
        expect(metas.length + lost.length).toBe(1);
        for (const meta of metas) {
          const [{ column }] = await tables.readColumns(meta.id, ['paid']);
          expect([0, 1, 2].map((row) => valueAt(column, row))).toEqual([12.55, -0.5, 0]);
        }
      } catch (error) {
        expect((error as PatronFileError).name).toBe('PatronFileError');
        expect(await workbooks.list()).toEqual([]);
        expect(await tables.list()).toEqual([]);
      }
    }
  });

  it('refuses what is no Patron file, in words, and leaves nothing behind', async () => {
    const { file } = await sample();
    const { tables, workbooks } = await stores();
    const attempts: [BlobPart, string][] = [
      ['plain text', 'is no Patron file'],
      [new Uint8Array(await file.slice(0, file.size >> 1).arrayBuffer()), 'is no Patron file, or is cut short'],
      [new Uint8Array(0), 'is no Patron file'],
    ];
    for (const [bytes, words] of attempts) {
      await expect(readPatronFile(new File([bytes], 'x.patron'), { tables, workbooks })).rejects.toThrow(words);
    }
    expect(await workbooks.list()).toEqual([]);
  });

  it('is taken back whole where it is cancelled', async () => {
    const { file } = await sample();
    const { tables, workbooks } = await stores();
    const controller = new AbortController();
    const reading = readPatronFile(
      file,
      { tables, workbooks },
      {
        signal: controller.signal,
        onProgress: () => controller.abort(),
      },
    );
    await expect(reading).rejects.toThrow();
    expect(await workbooks.list()).toEqual([]);
    expect(await tables.list()).toEqual([]);
  });
});
