import { detectEncoding } from '../encoding.ts';
import type { FileSource } from '../file-source.ts';
import type { ColumnChoice, Detection, ImportOptions } from '../import-options.ts';
import { TableError } from '../table-error.ts';
import { gunzipSource, isGzip } from './gzip.ts';
import type { SourceLines } from './source-lines.ts';

/** How deep files may be packed in one another. */
const DEEPEST = 2;

/** A file as the importer is to read it: unpacked, and as delimited text where it is JSON or a workbook. */
export interface PreparedSource {
  readonly source: FileSource;
  readonly options: ImportOptions;
  /** What the file itself is, where it was not delimited text from the start. */
  readonly detection?: Partial<Detection>;
  /** Where its rows stand in the file. */
  readonly lines?: SourceLines;
  /** Rows of the whole file, where only the first were laid out. */
  readonly estimatedRows?: number;
}

/**
 * Unpacks a `.gz`, and lays JSON, JSON lines and XLSX out as text, so that one importer types them all. Other files pass.
 * `most`: so many rows are enough.
 * @throws TableError naming what is wrong with the file.
 */
export async function prepareSource(
  given: FileSource,
  options: ImportOptions,
  signal?: AbortSignal,
  most?: number,
): Promise<PreparedSource> {
  let source = given;
  let head = await source.read(0, Math.min(source.size, 4096));
  for (let depth = 0; depth < DEEPEST && isGzip(head); depth++) {
    source = await gunzipSource(source, signal);
    head = await source.read(0, Math.min(source.size, 4096));
  }
  const format = options.format ?? formatOf(source.name, head, source.size);
  const asText: ImportOptions = {
    ...options,
    format: 'text',
    encoding: 'utf-8',
    layout: 'delimited',
    delimiter: ',',
    quote: '"',
    header: true,
    skipLines: 0,
  };
  if (format === 'xlsx') {
    const { xlsxToText } = await import('./xlsx-text.ts');
    const text = await xlsxToText(source, options, signal, most);
    const { header, columns, parts, part, title, headerRows, filled, lines, estimatedRows } = text;
    return {
      source: text.source,
      options: { ...asText, header, part, columns: withChoices(columns, options) },
      detection: { format, parts, part, title, headerRows, filled },
      lines,
      estimatedRows,
    };
  }
  if (format === 'json-lines' || format === 'json') {
    const { jsonLinesToText, jsonToText } = await import('./json-text.ts');
    const text =
      format === 'json' ? await jsonToText(source, options, signal, most) : await jsonLinesToText(source, signal, most);
    const { columns, parts, part, lines, estimatedRows } = text;
    return {
      source: text.source,
      options: { ...asText, columns: withChoices(columns, options) },
      detection: { format, ...(parts.length > 1 ? { parts, part } : {}) },
      lines,
      estimatedRows,
    };
  }
  return { source, options };
}

/** The user's choices over the types that the file gave. */
function withChoices(columns: NonNullable<ImportOptions['columns']>, options: ImportOptions): ImportOptions['columns'] {
  const merged: Record<string, ColumnChoice> = { ...columns };
  for (const [name, choice] of Object.entries(options.columns ?? {})) merged[name] = { ...merged[name], ...choice };
  return merged;
}

/** JSON and workbooks by their first bytes; undefined for everything else. */
function formatOf(name: string, head: Uint8Array, size: number): 'xlsx' | 'json' | 'json-lines' | undefined {
  if (startsWith(head, 0x50, 0x4b, 3, 4)) return 'xlsx';
  if (startsWith(head, 0xd0, 0xcf, 0x11, 0xe0)) {
    throw new TableError(
      'bad-file',
      `'${name}' is a workbook of an old Excel (.xls) or one locked by a password. Save it as .xlsx without a password.`,
      { file: name },
    );
  }
  if (startsWith(head, 0x46, 0x45, 0x41, 0x31)) {
    throw new TableError(
      'bad-file',
      `'${name}' is a Feather file of version 1, which is no longer written. Write it again as Feather 2, Parquet or CSV.`,
      { file: name },
    );
  }
  if (isBinary(head)) {
    throw new TableError(
      'unknown-format',
      `'${name}' is no text, and none of the formats that hold tables. Save it as CSV, XLSX, Parquet or Arrow.`,
      { file: name },
    );
  }
  const { encoding, skip } = detectEncoding(head, head.length >= size);
  const text = new TextDecoder(encoding).decode(head.subarray(skip)).trimStart();
  if (/\.(jsonl|ndjson|jsonlines)$/i.test(name) && /^[{[]/.test(text)) return 'json-lines';
  if (/\.json$/i.test(name) && text[0] === '[') return 'json';
  if (text[0] !== '{') return undefined;
  // One record a line, or one object that holds a list.
  const line = text.split('\n', 1)[0].trimEnd();
  if (line.endsWith('}') && text.length > line.length) return 'json-lines';
  return /\.json$/i.test(name) ? 'json' : line.endsWith('}') ? 'json-lines' : undefined;
}

/** Beginnings of what is read by a reader of its own, and of UTF-16. */
const KNOWN: readonly (readonly number[])[] = [
  [0x50, 0x41, 0x52, 0x31],
  [0x41, 0x52, 0x52, 0x4f, 0x57],
  [0xff, 0xff, 0xff, 0xff],
  [0xff, 0xfe],
  [0xfe, 0xff],
];

/** Whether there is more of what texts never hold than a few stray bytes. Zeros may be half of UTF-16, ones may delimit. */
function isBinary(head: Uint8Array): boolean {
  if (head.length < 64 || KNOWN.some((start) => startsWith(head, ...start))) return false;
  let controls = 0;
  let zeros = 0;
  for (const byte of head) {
    if (byte === 0) zeros++;
    else if ((byte > 1 && byte < 9) || (byte > 13 && byte < 28)) controls++;
  }
  return controls > head.length * 0.04 || (zeros > head.length * 0.02 && controls > 0 && zeros < head.length * 0.2);
}

function startsWith(head: Uint8Array, ...bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => head[index] === byte);
}
