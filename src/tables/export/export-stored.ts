import type { TableStore } from '../table-store.ts';
import { memoryGroups, type TableGroups } from './table-groups.ts';

/** The formats that a stored table can be written in, besides CSV. */
export type ExportFormat = 'xlsx' | 'parquet' | 'arrow' | 'json-lines';

const mediaTypes: Readonly<Record<ExportFormat, string>> = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  parquet: 'application/vnd.apache.parquet',
  arrow: 'application/vnd.apache.arrow.file',
  'json-lines': 'application/x-ndjson',
};

/**
 * A stored table as a file of another format, read row group by row group. The browser keeps the pieces of a large Blob on disk.
 * @throws TableError where the table does not fit the format; the signal's reason once aborted.
 */
export async function exportStored(
  store: TableStore,
  id: string,
  format: ExportFormat,
  options: { readonly version?: number },
  signal: AbortSignal,
  onProgress: (done: number, total: number) => void,
): Promise<Blob> {
  const meta = await store.get(id, options.version);
  const names = meta.columns.map(({ name }) => name);
  const groups: TableGroups = {
    name: meta.name,
    rows: meta.rows,
    columns: meta.columns,
    async *groups() {
      for (let from = 0; from < meta.rows; from += meta.groupRows) {
        signal.throwIfAborted();
        const to = Math.min(meta.rows, from + meta.groupRows);
        yield (await store.readRows(id, names, from, to, meta.version)).map(({ column }) => column);
        onProgress(to, meta.rows);
      }
    },
  };
  const exporter = await exporterOf(format);
  let blob = new Blob([], { type: mediaTypes[format] });
  for await (const piece of exporter(groups)) blob = new Blob([blob, piece], { type: blob.type });
  return blob;
}

/** What was set aside when a version was read, as Parquet; null where nothing is kept. */
export async function exportRejects(store: TableStore, id: string, version: number): Promise<Blob | null> {
  const { columns, rows } = await store.rejects(id, version);
  if (rows === 0) return null;
  const { exportParquet } = await import('./export-parquet.ts');
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for await (const piece of exportParquet(memoryGroups('rejects', columns))) pieces.push(piece);
  return new Blob(pieces, { type: mediaTypes.parquet });
}

/** Each format's library is loaded only when it is asked for. */
async function exporterOf(
  format: ExportFormat,
): Promise<(table: TableGroups) => AsyncGenerator<Uint8Array<ArrayBuffer>>> {
  switch (format) {
    case 'xlsx':
      return (await import('./export-xlsx.ts')).exportXlsx;
    case 'parquet':
      return (await import('./export-parquet.ts')).exportParquet;
    case 'arrow':
      return (await import('./export-arrow.ts')).exportArrow;
    case 'json-lines':
      return (await import('./export-json-lines.ts')).exportJsonLines;
  }
}
