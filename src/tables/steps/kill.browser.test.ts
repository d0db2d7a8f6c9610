import { type Column, integerColumn, stringColumn } from '@patron/sdk';
import { deleteDB, openDB } from 'idb';
import { afterAll, expect, test } from 'vitest';
import type { TableMeta } from '../schema.ts';
import { batchesOf, type VersionRecord } from '../table-database.ts';
import { TablesClient } from '../tables-client.ts';
import type { Step } from './step.ts';

/** How often a worker is killed, in all: enough to hit every stage; 200 with VITE_PATRON_KILLS=200. */
const KILLS = Number(import.meta.env.VITE_PATRON_KILLS ?? 32);
const ROWS = 90_000;
const database = `test-${crypto.randomUUID()}`;
const source = { kind: 'result', name: 'a test' } as const;

afterAll(() => deleteDB(database));

/** Work whose workers are ended after a while: everything they were doing stops where it stands. */
async function killedAfter(milliseconds: number, work: (client: TablesClient) => Promise<unknown>): Promise<boolean> {
  const client = new TablesClient({ database });
  let done = false;
  const working = work(client).then(
    () => {
      done = true;
    },
    () => undefined,
  );
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  client.close();
  await working;
  return done;
}

const sequence = (rows: number, first: number): Column =>
  integerColumn(Int32Array.from({ length: rows }, (_, row) => first + row));

function csvFile(rows: number, first: number): File {
  const lines = Array.from({ length: rows }, (_, row) => `${first + row},label ${(first + row) % 50}`);
  return new File([`number,label\n${lines.join('\n')}\n`], 'orders.csv');
}

async function sumOf(client: TablesClient, { id, columns, version }: TableMeta): Promise<number> {
  // Every column is read, so every checksum is checked.
  const read = await client.readColumns(
    id,
    columns.map(({ name }) => name),
    version,
  );
  const { column } = read[0];
  let sum = 0;
  if (column.type === 'integer') for (let row = 0; row < column.length; row++) sum += column.values[row];
  return sum;
}

/** After a sweep every chunk belongs to a version that is kept. */
async function orphans(): Promise<number> {
  const opened = await openDB(database);
  const writes = await opened.count('writes');
  const keys = (await opened.getAllKeys('chunks')) as [string, number, number][];
  const versions = (await opened.getAll('versions')) as VersionRecord[];
  const kept = new Set(versions.flatMap((version) => [...batchesOf(version)]));
  opened.close();
  return writes + keys.filter(([batch]) => !kept.has(batch)).length;
}

const sumOfRows = (rows: number, first = 0): number => rows * first + ((rows - 1) * rows) / 2;

test('a worker killed at any point of an import, an append, a step or a removal leaves the old version or the new one', async ({
  annotate,
}) => {
  const random = seeded(20_261_121);
  const stages = { import: 0, append: 0, transform: 0, remove: 0 };
  const finished = { import: 0, append: 0, transform: 0, remove: 0 };
  const kinds = ['import', 'append', 'transform', 'remove'] as const;
  const typical = { import: 0, append: 0, transform: 0, remove: 0 };
  const first = new TablesClient({ database });
  const columns = [
    { name: 'number', column: sequence(ROWS, 0) },
    { name: 'label', column: stringColumn(Array.from({ length: ROWS }, (_, row) => `label ${row % 50}`)) },
  ];
  const { id } = await first.write({ workbook: 'w', name: 'orders', columns, source });
  const { id: doomed } = await first.write({ workbook: 'w', name: 'doomed', columns, source });
  first.close();
  let current = { rows: ROWS, sum: sumOfRows(ROWS) };
  let doomedId = doomed;
  const steps: Step[] = [
    { kind: 'sort', keys: [{ column: 'label' }, { column: 'number', descending: true }] },
    { kind: 'formula', column: 'twice', formula: 'number * 2' },
  ];
  const work = (
    kind: (typeof kinds)[number],
    client: TablesClient,
    table: string,
    removed: string,
  ): Promise<unknown> => {
    switch (kind) {
      case 'import':
        return client.importFile(csvFile(70_000, 5), { workbook: 'w', tableId: table });
      case 'append':
        return client.importFile(csvFile(1000, 9), { workbook: 'w', tableId: table, mode: 'append' });
      case 'transform':
        return client.steps.apply(table, steps);
      default:
        return client.remove(removed);
    }
  };
  // How long each takes here and now, so that the kills fall into every part of it.
  const trial = new TablesClient({ database });
  const { id: scratch } = await trial.write({ workbook: 'w', name: 'scratch', columns, source });
  trial.close();
  for (const kind of kinds) {
    const start = performance.now();
    const client = new TablesClient({ database });
    await work(kind, client, scratch, scratch);
    typical[kind] = (performance.now() - start) * 1.1;
    client.close();
  }
  for (let kill = 0; kill < KILLS; kill++) {
    const kind = kinds[kill % kinds.length];
    const after = random() * typical[kind];
    let next = current;
    if (kind === 'import') next = { rows: 70_000, sum: sumOfRows(70_000, 5) };
    if (kind === 'append') next = { rows: current.rows + 1000, sum: current.sum + sumOfRows(1000, 9) };
    const done = await killedAfter(after, (client) => work(kind, client, id, doomedId));
    stages[kind]++;
    if (done) finished[kind]++;

    const client = new TablesClient({ database });
    // The lock of a killed write falls a moment after its worker.
    await expect
      .poll(async () => {
        await client.start();
        return await orphans();
      })
      .toBe(0);
    const tables = await client.list();
    const orders = tables.find((table) => table.id === id) as TableMeta;
    const state = { rows: orders.rows, sum: await sumOf(client, orders) };
    expect([current, next]).toContainEqual(state);
    if (done) expect(state).toEqual(next);
    for (const version of await client.versions(id)) await sumOf(client, version);
    current = state;
    const left = tables.find((table) => table.id === doomedId);
    if (left) expect(await sumOf(client, left)).toBe(sumOfRows(ROWS));
    else doomedId = (await client.write({ workbook: 'w', name: 'doomed', columns, source })).id;
    client.close();
  }
  expect(Object.values(stages).reduce((sum, count) => sum + count)).toBe(KILLS);
  // The kills hit work under way as well as work that was done.
  const all = Object.values(finished).reduce((sum, count) => sum + count);
  expect(all).toBeLessThan(KILLS);
  await annotate(`kills ${JSON.stringify(stages)}, of which too late ${JSON.stringify(finished)}`);
}, 600_000);

function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
