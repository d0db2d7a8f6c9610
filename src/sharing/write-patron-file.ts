import { BlobReader, TextReader, ZipWriter } from '@zip.js/zip.js';
import { type TableMeta, type TablesClient, withFormerVersions } from '../tables/index.ts';
import type { WorkbookContent, WorkbookInfo } from '../workbook/index.ts';
import type { PatronManifest } from './patron-file.ts';
import { toPortable } from './portable-value.ts';

export interface PatronFileContent {
  readonly info: WorkbookInfo;
  readonly content: WorkbookContent;
  /** The analyses' runs, plain data. */
  readonly runs: readonly unknown[];
  /** Ids of tables that are not to be written: deleted ones that can still be brought back. */
  readonly leftOut?: ReadonlySet<string>;
}

export interface WritingControl {
  readonly signal?: AbortSignal;
  /** Tables written, of how many; a table that is under way counts by its rows. */
  onProgress?(done: number, total: number): void;
}

/**
 * Writes a whole workbook into `target` as a `.patron` file, table by table, so that memory holds one table at the most.
 * `target` is closed when all is written and aborted when anything fails, so that no half file takes a whole one's place.
 */
export async function writePatronFile(
  { info, content, runs, leftOut }: PatronFileContent,
  tables: TablesClient,
  target: WritableStream<Uint8Array>,
  control: WritingControl = {},
): Promise<void> {
  const { signal } = control;
  const metas = (await tables.list(info.id)).filter(({ id }) => !leftOut?.has(id));
  const zip = new ZipWriter(target, { useWebWorkers: false, zip64: true, signal });
  const json = { level: 6 } as const;
  try {
    const written = await Promise.all(metas.map((meta, index) => manifestTable(meta, index, tables)));
    const manifest: PatronManifest = {
      format: 'patron',
      version: 1,
      name: info.name,
      savedAt: Date.now(),
      tables: written,
    };
    await zip.add('manifest.json', new TextReader(JSON.stringify(manifest, null, 2)), json);
    await zip.add('workbook.json', new TextReader(JSON.stringify(toPortable(content))), json);
    await zip.add('runs.json', new TextReader(JSON.stringify(toPortable(runs))), json);
    for (const [index, meta] of metas.entries()) {
      signal?.throwIfAborted();
      control.onProgress?.(index, metas.length);
      const parquet = await tables.exportTable(meta.id, 'parquet', {
        signal,
        version: meta.version,
        onProgress: (rows, of) => control.onProgress?.(index + rows / Math.max(of, 1), metas.length),
      });
      await zip.add(entryOf(index), new BlobReader(parquet), { level: 0 });
      const { rejects } = written[index];
      const aside = rejects && (await tables.exportRejects(meta.id, meta.version));
      if (aside) await zip.add(rejects.entry, new BlobReader(aside), { level: 0 });
    }
    await zip.close();
  } catch (error) {
    await target.abort(error).catch(() => undefined);
    signal?.throwIfAborted();
    throw error;
  }
}

async function manifestTable(
  meta: TableMeta,
  index: number,
  tables: TablesClient,
): Promise<PatronManifest['tables'][number]> {
  const { count, byReason, rows } = meta.rejects > 0 ? await tables.rejects(meta.id, meta.version) : noRejects;
  const before = (await tables.steps.history(meta.id))
    .map((entry) => entry.meta)
    .filter(({ version }) => version < meta.version);
  return {
    id: meta.id,
    name: meta.name,
    entry: entryOf(index),
    rows: meta.rows,
    version: meta.version,
    units: Object.fromEntries(meta.columns.flatMap(({ name, unit }) => (unit === undefined ? [] : [[name, unit]]))),
    rejects: rows > 0 ? { entry: `tables/${index + 1}.rejects.parquet`, count, byReason } : undefined,
    source: withFormerVersions(meta, before),
  };
}

const noRejects = { count: 0, byReason: {}, rows: 0 };

function entryOf(index: number): string {
  return `tables/${index + 1}.parquet`;
}
