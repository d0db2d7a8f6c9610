import { type CellValue, valueAt } from '@patron/sdk';
import { fieldText } from './fields.ts';
import { bytesSource, type FileSource, withCachedHead } from './file-source.ts';
import { prepareSource } from './formats/prepare-source.ts';
import type { ImportOptions, TablePreview } from './import-options.ts';
import { openText } from './open-text.ts';
import { SNIFFED_BYTES } from './read-source.ts';
import { readTable } from './read-table.ts';
import { readerFor } from './readers.ts';
import type { TableReader } from './table-reader.ts';

const PREVIEW_ROWS = 200;
/** Rows of a workbook or of records that types are taken from. */
const ROWS_LOOKED_AT = 2000;

/**
 * The first rows of a file as an import with these options would give them. Types come from the first part of the file;
 * the import itself looks at all of it.
 * @throws TableError as `readTable` does.
 */
export async function previewFile(given: FileSource, asked: ImportOptions = {}): Promise<TablePreview> {
  const prepared = await prepareSource(withCachedHead(given), asked, undefined, ROWS_LOOKED_AT);
  const { source, options, detection, lines } = prepared;
  const start = await source.read(0, Math.min(source.size, SNIFFED_BYTES));
  const reader = await readerFor(source.name, start, options);
  if (reader) return await previewBatches(reader, source, options);
  const opened = await openText(source, options);
  const { head } = opened;
  const whole = head.length >= source.size;
  const rest = whole ? head : withoutLastLine(head, opened.encoding.encoding);
  const { encoding } = opened.encoding;
  const result = await readTable(bytesSource(source.name, rest), { ...options, encoding });
  const { rows, columns } = result.table;
  const shown = Math.min(rows, PREVIEW_ROWS);
  const headerRows = opened.header ? 1 : 0;
  const { block } = opened.sample;
  const raw = Array.from({ length: Math.min(shown, opened.sample.rows - headerRows) }, (_, r) =>
    opened.names.map((_, c) => {
      const k = (r + headerRows) * block.columns + c;
      const end = block.ends[k] >>> 1;
      return end === block.starts[k] ? null : fieldText(block.bytes, block.starts[k], end);
    }),
  );
  return {
    detection: { ...result.detection, encodingFrom: opened.encoding.from, ...detection },
    raw,
    rows: Array.from({ length: shown }, (_, r) => columns.map(({ column }) => valueAt(column, r))),
    rejects: result.rejects.count + (lines?.issues ?? 0),
    estimatedRows:
      prepared.estimatedRows ?? (whole ? rows : Math.round((rows * source.size) / Math.max(1, rest.length))),
  };
}

/** The first rows of a file that carries its own types. */
async function previewBatches(reader: TableReader, source: FileSource, options: ImportOptions): Promise<TablePreview> {
  const opened = await reader.open(source, options, {
    signal: new AbortController().signal,
    onProgress: () => undefined,
    reject: () => undefined,
  });
  const rows: CellValue[][] = [];
  let read = 0;
  for await (const batch of opened.batches) {
    const shown = Math.min(batch.rows, PREVIEW_ROWS - rows.length);
    for (let r = 0; r < shown; r++) rows.push(batch.columns.map((column) => valueAt(column, r)));
    read += batch.rows;
    if (rows.length === PREVIEW_ROWS) break;
  }
  return {
    detection: opened.detection,
    raw: rows.map((row) => row.map((value) => (value === null ? null : String(value)))),
    rows,
    rejects: 0,
    estimatedRows: opened.rows ?? read,
  };
}

/** The part of the file's head that ends with a line. In UTF-16 a line feed takes two bytes. */
function withoutLastLine(head: Uint8Array<ArrayBuffer>, encoding: string): Uint8Array<ArrayBuffer> {
  const end = head.lastIndexOf(head.includes(10) ? 10 : 13);
  if (end < 0) return head;
  return head.subarray(0, encoding === 'utf-16le' ? end + 2 : end + 1);
}
