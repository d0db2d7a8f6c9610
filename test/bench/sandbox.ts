import { prelude } from 'virtual:patron-sandbox-prelude';
import { stringVector } from '@patron/sdk';
import { AnalysisService, openRunStore, type RunRecord } from '../../src/analysis/index.ts';
import { PluginHost, type PluginTransport, sandboxTransport, workerTransport } from '../../src/platform/index.ts';
import { TablesClient } from '../../src/tables/index.ts';
import { generateTransactions } from './transactions.ts';

/** Milliseconds of one run by what it was doing, the whole of it, and every byte of its result in one digest. */
export interface SandboxRun {
  readonly reading: number;
  readonly running: number;
  readonly saving: number;
  readonly whole: number;
  readonly digest: string;
}

/** The same runs in a worker of the page and in the sandbox. */
export interface SandboxComparison {
  readonly worker: readonly SandboxRun[];
  readonly sandbox: readonly SandboxRun[];
}

const makeGuard = (): Worker =>
  new Worker(new URL('../../workers/sandbox-guard.ts', import.meta.url), { type: 'module' });

/**
 * RFM over a stored table of three columns, as the app runs it: read from IndexedDB, bound, run, its customers stored. The
 * same bundle runs in a worker of the page and in the sandbox, in turn, so that what else the machine does meets both. The
 * first run of each starts its threads and does not count. `plain` is the platform's end in a worker of the page.
 */
export async function sandboxOverhead(
  { bundle, plain, manifest }: { readonly bundle: string; readonly plain: string; readonly manifest: unknown },
  rows: number,
  runs: number,
): Promise<SandboxComparison> {
  const database = `bench-${crypto.randomUUID()}`;
  const tables = new TablesClient({ database });
  const table = await storeTransactions(tables, rows);
  const store = await openRunStore(`${database}-runs`);
  const plainWorker = (): Worker =>
    new Worker(URL.createObjectURL(new Blob([`${plain}\n${bundle}\n`], { type: 'text/javascript' })));
  const [worker, sandbox] = [workerTransport(plainWorker), sandboxTransport({ prelude, bundle, makeGuard })].map(
    (transport) => serviceWith(transport, manifest, tables, store),
  );
  const taken: { worker: SandboxRun[]; sandbox: SandboxRun[] } = { worker: [], sandbox: [] };
  for (let run = 0; run <= runs; run++) {
    const first = await measured(worker, table, tables);
    const second = await measured(sandbox, table, tables);
    if (run === 0) continue;
    taken.worker.push(first);
    taken.sandbox.push(second);
  }
  await tables.remove(table);
  tables.close();
  store.close();
  return taken;
}

function serviceWith(
  transport: PluginTransport,
  manifest: unknown,
  tables: TablesClient,
  runs: Awaited<ReturnType<typeof openRunStore>>,
): AnalysisService {
  const host = new PluginHost();
  host.install({ manifest, catalogues: {}, source: 'file', transport });
  return new AnalysisService({ host, tables, runs, workbook: () => 'bench', timeZone: () => 'UTC' });
}

async function storeTransactions(tables: TablesClient, rows: number): Promise<string> {
  const customers = rows / 10;
  const { customer, day, cents } = generateTransactions({ rows, customers, order: 'none' });
  const dictionary = stringVector(Array.from({ length: customers }, (_, i) => `C${i}`));
  const { id } = await tables.write({
    workbook: 'bench',
    name: 'transactions',
    source: { kind: 'transform', name: 'bench' },
    columns: [
      { name: 'customer', column: { type: 'string', layout: 'dictionary', length: rows, codes: customer, dictionary } },
      { name: 'time', column: { type: 'date', length: rows, values: day } },
      { name: 'amount', column: { type: 'number', length: rows, values: cents, scale: 100 } },
    ],
  });
  return id;
}

async function measured(service: AnalysisService, table: string, tables: TablesClient): Promise<SandboxRun> {
  const marks: Record<string, number> = {};
  const begin = performance.now();
  const record = await service.run(
    {
      analysis: 'rfm.segments',
      roles: {
        transactions: { table, fields: { customer: 'customer', time: 'time', amount: 'amount' }, filters: [] },
      },
      parameters: {},
    },
    {
      onProgress: ({ stage }) => {
        marks[stage] ??= performance.now();
      },
    },
  );
  const end = performance.now();
  const digest = await digestOf(record, tables);
  for (const id of Object.values(record.resultTables)) await tables.remove(id);
  return {
    reading: marks.running - begin,
    running: marks.saving - marks.running,
    saving: end - marks.saving,
    whole: end - begin,
    digest,
  };
}

/** What the run kept, its stored tables among it: the arrays as they are, the rest as JSON. */
async function digestOf({ result, resultTables }: RunRecord, tables: TablesClient): Promise<string> {
  const stored: Record<string, unknown> = {};
  for (const [name, id] of Object.entries(resultTables)) {
    const { columns } = await tables.get(id);
    stored[name] = await tables.readColumns(
      id,
      columns.map((column) => column.name),
    );
  }
  const parts: BlobPart[] = [];
  const rest = JSON.stringify({ result, stored }, (_key, value: unknown) => {
    if (!ArrayBuffer.isView(value)) return value;
    parts.push(new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice());
    return `${value.constructor.name} ${value.byteLength}`;
  });
  const bytes = await new Blob([rest, ...parts]).arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
