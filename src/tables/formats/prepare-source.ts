import type { FileSource } from '../file-source.ts';
import type { ColumnChoice, Detection, ImportOptions } from '../import-options.ts';
import { gunzipSource, isGzip } from './gzip.ts';
import type { BadLine } from './json-text.ts';

/** How deep files may be packed in one another. */
const DEEPEST = 2;

/** A file as the importer is to read it: unpacked, and as delimited text where it is JSON or a workbook. */
export interface PreparedSource {
  readonly source: FileSource;
  readonly options: ImportOptions;
  /** What the file itself is, where it was not delimited text from the start. */
  readonly detection?: Partial<Detection>;
  readonly badLines?: readonly BadLine[];
}

/**
 * Unpacks a `.gz`, and lays JSON, JSON lines and XLSX out as text, so that one importer types them all. Other files pass.
 * @throws TableError naming what is wrong with the file.
 */
export async function prepareSource(
  given: FileSource,
  options: ImportOptions,
  signal?: AbortSignal,
): Promise<PreparedSource> {
  let source = given;
  let head = await source.read(0, Math.min(source.size, 4096));
  for (let depth = 0; depth < DEEPEST && isGzip(head); depth++) {
    source = await gunzipSource(source, signal);
    head = await source.read(0, Math.min(source.size, 4096));
  }
  const format = options.format ?? formatOf(source.name, head);
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
    const { source: text, header, columns, parts, part } = await xlsxToText(source, options, signal);
    return {
      source: text,
      options: { ...asText, header, part, columns: withChoices(columns, options) },
      detection: { format, parts },
    };
  }
  if (format === 'json-lines' || format === 'json') {
    const { jsonLinesToText, jsonToText } = await import('./json-text.ts');
    const read = format === 'json' ? jsonToText : jsonLinesToText;
    const { source: text, columns, badLines } = await read(source, signal);
    return {
      source: text,
      options: { ...asText, columns: withChoices(columns, options) },
      detection: { format },
      badLines,
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
function formatOf(name: string, head: Uint8Array): 'xlsx' | 'json' | 'json-lines' | undefined {
  if (head[0] === 0x50 && head[1] === 0x4b && head[2] === 3 && head[3] === 4) return 'xlsx';
  const text = new TextDecoder().decode(head).replace(/^﻿/, '').trimStart();
  if (/\.(jsonl|ndjson|jsonlines)$/i.test(name) && /^[{[]/.test(text)) return 'json-lines';
  if (/\.json$/i.test(name) && text[0] === '[') return 'json';
  if (text[0] !== '{') return undefined;
  // One record a line, or one object that holds a list.
  const line = text.split('\n', 1)[0].trimEnd();
  if (line.endsWith('}') && text.length > line.length) return 'json-lines';
  return /\.json$/i.test(name) ? 'json' : line.endsWith('}') ? 'json-lines' : undefined;
}
