import type { Json } from '@patron/sdk';
import { BlobReader, BlobWriter, type FileEntry, TextWriter, ZipReader } from '@zip.js/zip.js';
import * as v from 'valibot';
import type { ImportRequest, TableMeta, TablesClient } from '../tables/index.ts';
import type { WorkbookContent, WorkbookInfo, WorkbookStore } from '../workbook/index.ts';
import {
  MOST_ENTRIES,
  MOST_JSON_BYTES,
  MOST_TABLE_BYTES,
  manifestSchema,
  PatronFileError,
  type PatronManifest,
} from './patron-file.ts';
import { fromPortable } from './portable-value.ts';

const IDS = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export interface OpenedPatronFile {
  readonly workbook: WorkbookInfo;
  /** The analyses' runs with the new ids in place. */
  readonly runs: readonly unknown[];
  /** Names of tables that were damaged and could not be brought over; the rest is whole. */
  readonly lost: readonly string[];
  /** Names of tables that are whole but for what was set aside when they were read. */
  readonly lostRejects: readonly string[];
}

export interface OpeningControl {
  readonly signal?: AbortSignal;
  /** Tables read, of how many; a table that is under way counts by its bytes. */
  onProgress?(done: number, total: number): void;
}

/**
 * Brings a `.patron` file into this browser as a new workbook. Ids are given anew, so a file can be opened beside its original.
 * A damaged table is left out and named; damage to the rest refuses the file. A failure leaves nothing behind.
 * @throws PatronFileError saying what is wrong with the file; the signal's reason once aborted.
 */
export async function readPatronFile(
  file: File,
  stores: { readonly tables: TablesClient; readonly workbooks: WorkbookStore },
  control: OpeningControl = {},
): Promise<OpenedPatronFile> {
  const { signal } = control;
  const zip = new ZipReader(new BlobReader(file), { useWebWorkers: false, checkSignature: true });
  const entries = await entriesOf(zip, file.name);
  const manifest = await readManifest(entries, file.name);
  const workbookText = await readJsonEntry(entries, 'workbook.json', file.name);
  const runsText = await readJsonEntry(entries, 'runs.json', file.name);
  const workbook = await stores.workbooks.create(manifest.name);
  const ids = new Map<string, string>();
  const versions = new Map<string, TableVersions>();
  const lost: string[] = [];
  const lostRejects: string[] = [];
  try {
    for (const [index, table] of manifest.tables.entries()) {
      signal?.throwIfAborted();
      control.onProgress?.(index, manifest.tables.length);
      const meta = await readTableEntry(entries, table, workbook.id, stores.tables, {
        signal,
        onProgress: (share) => control.onProgress?.(index + share, manifest.tables.length),
      });
      if (meta === undefined) lost.push(table.name);
      else {
        ids.set(table.id, meta.id);
        versions.set(meta.id, { inFile: table.version, here: meta.version });
        if (table.rejects && meta.rejects === 0) lostRejects.push(table.name);
      }
    }
    renewRuns(runsText, ids);
    const content = withNewIds(workbookText, ids) as WorkbookContent;
    const written = await stores.workbooks.write(workbook, contentOf(content, workbook));
    const kept = runsOf(withNewIds(runsText, ids), workbook.id, versions);
    return { workbook: written, runs: kept, lost, lostRejects };
  } catch (error) {
    await stores.tables.removeWorkbook(workbook.id);
    await stores.workbooks.delete(workbook.id);
    signal?.throwIfAborted();
    throw error instanceof PatronFileError ? error : damaged(file.name, error);
  } finally {
    await zip.close();
  }
}

type Entries = ReadonlyMap<string, FileEntry>;

async function entriesOf(zip: ZipReader<Blob>, name: string): Promise<Entries> {
  const entries = new Map<string, FileEntry>();
  try {
    for await (const entry of zip.getEntriesGenerator()) {
      if (entries.size >= MOST_ENTRIES)
        throw new PatronFileError('tooLarge', `'${name}' has more parts than a Patron file.`);
      if (!entry.directory && !entries.has(entry.filename)) entries.set(entry.filename, entry);
    }
  } catch (cause) {
    if (cause instanceof PatronFileError) throw cause;
    throw new PatronFileError('notPatron', `'${name}' is no Patron file, or is cut short. Choose another file.`, cause);
  }
  return entries;
}

async function readManifest(entries: Entries, name: string): Promise<PatronManifest> {
  if (!entries.has('manifest.json')) {
    throw new PatronFileError('notPatron', `'${name}' is a zip, but no Patron file. Choose another file.`);
  }
  const raw = JSON.parse(await readJsonEntry(entries, 'manifest.json', name)) as { version?: unknown } | null;
  if (typeof raw?.version === 'number' && raw.version > 1) {
    throw new PatronFileError('newer', `'${name}' was saved by a newer Patron. Update this one to open it.`);
  }
  const parsed = v.safeParse(manifestSchema, raw);
  if (!parsed.success) throw damaged(name, new Error(parsed.issues[0]?.message));
  return parsed.output;
}

/** The text of a JSON part, checked to be JSON. The limit holds for what is unpacked, whatever the file claims. */
async function readJsonEntry(entries: Entries, part: string, name: string): Promise<string> {
  const entry = entries.get(part);
  if (!entry) throw damaged(name, new Error(`'${part}' is missing`));
  if (entry.uncompressedSize > MOST_JSON_BYTES) {
    throw new PatronFileError('tooLarge', `'${part}' in '${name}' is too large to be opened safely.`);
  }
  try {
    const text = await entry.getData(new TextWriter(), { checkSignature: true, onprogress: limit(MOST_JSON_BYTES) });
    JSON.parse(text);
    return text;
  } catch (cause) {
    throw damaged(name, cause);
  }
}

/** Imports one table; undefined where it is missing or damaged. */
async function readTableEntry(
  entries: Entries,
  table: PatronManifest['tables'][number],
  workbook: string,
  tables: TablesClient,
  { signal, onProgress }: { readonly signal: AbortSignal | undefined; onProgress(share: number): void },
): Promise<TableMeta | undefined> {
  const entry = entries.get(table.entry);
  if (!entry || entry.uncompressedSize > MOST_TABLE_BYTES) return undefined;
  try {
    const file = new File([await bytesOf(entry, signal)], `${table.id}.parquet`);
    const { name, source, units } = table;
    const rejects = await readRejects(entries, table, signal);
    const { meta } = await tables.importFile(
      file,
      { workbook, name, source, units, rejects },
      { signal, onProgress: ({ done, total }) => onProgress(Math.min(1, done / Math.max(total, 1))) },
    );
    if (meta.rows === table.rows) return meta;
    await tables.remove(meta.id);
    return undefined;
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof Error && error.name === 'TableError' && 'code' in error && error.code === 'storage-full')
      throw error;
    return undefined;
  }
}

/** What was set aside when the table was read. Where it is damaged the table is whole without it. */
async function readRejects(
  entries: Entries,
  { rejects }: PatronManifest['tables'][number],
  signal: AbortSignal | undefined,
): Promise<ImportRequest['rejects']> {
  const entry = rejects && entries.get(rejects.entry);
  if (!entry || entry.uncompressedSize > MOST_TABLE_BYTES) return undefined;
  try {
    return { file: await bytesOf(entry, signal), count: rejects.count, byReason: rejects.byReason };
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}

/** The bytes of an entry, checked. */
async function bytesOf(entry: FileEntry, signal: AbortSignal | undefined): Promise<Blob> {
  return await entry.getData(new BlobWriter(), { checkSignature: true, signal, onprogress: limit(MOST_TABLE_BYTES) });
}

function limit(most: number): (done: number) => undefined {
  return (done) => {
    if (done > most) throw new RangeError('more bytes than the file claims');
    return undefined;
  };
}

/**
 * The data with every old id replaced, also inside of texts (Univer keeps JSON in texts). Ids are UUIDs, so nothing else can
 * be meant.
 */
function withNewIds(text: string, ids: ReadonlyMap<string, string>): unknown {
  const replaced = text.replace(IDS, (id) => ids.get(id) ?? id);
  return fromPortable(JSON.parse(replaced) as Json);
}

/** Runs get new ids too: they may stand in this browser already. */
function renewRuns(text: string, ids: Map<string, string>): void {
  const runs = JSON.parse(text) as unknown;
  if (!Array.isArray(runs)) return;
  for (const run of runs) {
    const id = (run as { id?: unknown } | null)?.id;
    if (typeof id === 'string' && UUID.test(id)) ids.set(id, crypto.randomUUID());
  }
}

function contentOf(content: Partial<WorkbookContent> | null, { id }: WorkbookInfo): WorkbookContent {
  const snapshot = typeof content?.snapshot === 'object' && content.snapshot ? content.snapshot : {};
  const details = typeof content?.details === 'object' && content.details ? content.details : {};
  return { snapshot: { ...snapshot, id }, details, activeSheet: content?.activeSheet };
}

/** The version that a table had in the file, and the one it has here. */
interface TableVersions {
  readonly inFile: number;
  readonly here: number;
}

/** A run that read what the file holds reads what is here; one that read an older version stays out of date. */
function tablesOf(tables: unknown, versions: ReadonlyMap<string, TableVersions>): unknown {
  if (!Array.isArray(tables)) return tables;
  return tables.map((table: { id?: unknown; version?: unknown } | null) => {
    const known = versions.get(String(table?.id));
    return known ? { ...table, version: table?.version === known.inFile ? known.here : 0 } : table;
  });
}

function runsOf(runs: unknown, workbook: string, versions: ReadonlyMap<string, TableVersions>): unknown[] {
  if (!Array.isArray(runs)) return [];
  return runs
    .filter(
      (run): run is object =>
        typeof run === 'object' && run !== null && UUID.test(String((run as { id?: unknown }).id)),
    )
    .map((run) => ({ ...run, workbook, tables: tablesOf((run as { tables?: unknown }).tables, versions) }));
}

function damaged(name: string, cause: unknown): PatronFileError {
  return new PatronFileError(
    'damaged',
    `'${name}' is damaged and cannot be opened: ${(cause as Error).message}.`,
    cause,
  );
}
