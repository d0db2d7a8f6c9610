import { valueAt } from '@patron/sdk';
import { fieldText } from './fields.ts';
import { bytesSource, type FileSource } from './file-source.ts';
import type { ImportOptions, TablePreview } from './import-options.ts';
import { HEAD_BYTES, openText } from './open-text.ts';
import { readTable } from './read-table.ts';

const PREVIEW_ROWS = 200;

/**
 * The first rows of a file as an import with these options would give them. Types come from the first part of the file;
 * the import itself looks at all of it.
 * @throws TableError as `readTable` does.
 */
export async function previewFile(source: FileSource, options: ImportOptions = {}): Promise<TablePreview> {
  const opened = await openText(source, options);
  const whole = source.size <= HEAD_BYTES;
  const head = await source.read(0, Math.min(source.size, HEAD_BYTES));
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
    detection: { ...result.detection, encodingFrom: opened.encoding.from },
    raw,
    rows: Array.from({ length: shown }, (_, r) => columns.map(({ column }) => valueAt(column, r))),
    rejects: result.rejects.count,
    estimatedRows: whole ? rows : Math.round((rows * source.size) / Math.max(1, rest.length)),
  };
}

/** The part of the file's head that ends with a line. In UTF-16 a line feed takes two bytes. */
function withoutLastLine(head: Uint8Array<ArrayBuffer>, encoding: string): Uint8Array<ArrayBuffer> {
  const end = head.lastIndexOf(head.includes(10) ? 10 : 13);
  if (end < 0) return head;
  return head.subarray(0, encoding === 'utf-16le' ? end + 2 : end + 1);
}
