import { JSONParser } from '@streamparser/json';
import { bytesSource, type FileSource } from '../file-source.ts';
import type { ImportOptions } from '../import-options.ts';
import { TableError } from '../table-error.ts';
import { type DelimitedCell, DelimitedWriter } from './delimited-writer.ts';
import { flattenRecord, parseJson } from './json-records.ts';
import { readWhole } from './read-whole.ts';

const LONGEST_LINE = 32 << 20;
const BLOCK = 4 << 20;
const MOST_COLUMNS = 16_384;

/** A line of a JSON-lines file that is no JSON. */
export interface BadLine {
  readonly line: number;
  readonly raw: string;
}

export interface JsonText {
  readonly source: FileSource;
  /** The types of columns that hold only numbers. */
  readonly columns: NonNullable<ImportOptions['columns']>;
  readonly badLines: readonly BadLine[];
}

/**
 * The records of a JSON-lines file as delimited text. Columns are all names that occur, in the order in which they first do.
 * Lines that are no JSON are set aside.
 * @throws TableError where no line is a record.
 */
export async function jsonLinesToText(source: FileSource, signal?: AbortSignal): Promise<JsonText> {
  const names = new Map<string, number>();
  const records: Map<string, DelimitedCell>[] = [];
  const badLines: BadLine[] = [];
  let line = 0;
  for await (const text of linesOf(source, signal)) {
    line++;
    if (text.trim() === '') continue;
    try {
      take(source, names, records, parseJson(text));
    } catch (error) {
      if (error instanceof TableError) throw error;
      badLines.push({ line, raw: text.slice(0, 500) });
    }
  }
  return { ...lay(source, names, records), badLines };
}

/**
 * The records of a JSON file: the list at the top, or the first list of records inside an object.
 * @throws TableError where the file is no JSON or holds no list of records.
 */
export async function jsonToText(source: FileSource, signal?: AbortSignal): Promise<JsonText> {
  const names = new Map<string, number>();
  const records: Map<string, DelimitedCell>[] = [];
  const bytes = await readWhole(source);
  const start = bytes[0] === 0xef && bytes[1] === 0xbb ? 3 : 0;
  const list = new TextDecoder().decode(bytes.subarray(start, start + 1024)).trimStart()[0] === '[';
  const parser = new JSONParser({ paths: [list ? '$.*' : '$.*.*'], keepStack: false, stringBufferSize: 1 << 16 });
  let failed: unknown;
  parser.onValue = ({ value, key }) => {
    if (!list && typeof key !== 'number') return;
    take(source, names, records, value);
  };
  parser.onError = (error) => {
    failed = error;
  };
  for (let at = start; at < bytes.length && failed === undefined; at += BLOCK) {
    signal?.throwIfAborted();
    parser.write(bytes.subarray(at, at + BLOCK));
    await Promise.resolve();
  }
  if (failed === undefined && !parser.isEnded) failed = new Error('the text ends in the middle');
  if (failed !== undefined) {
    if (failed instanceof TableError) throw failed;
    throw new TableError(
      'bad-file',
      `'${source.name}' is no whole JSON: ${(failed as Error).message}. Export it again, or as JSON lines.`,
      { file: source.name },
      failed,
    );
  }
  return { ...lay(source, names, records), badLines: [] };
}

function take(
  source: FileSource,
  names: Map<string, number>,
  records: Map<string, DelimitedCell>[],
  value: unknown,
): void {
  const record = flattenRecord(value);
  for (const name of record.keys()) if (!names.has(name)) names.set(name, names.size);
  if (names.size > MOST_COLUMNS) {
    throw new TableError(
      'too-many-columns',
      `'${source.name}' has more than ${MOST_COLUMNS} different names in its records. Turn the names into values first.`,
      { file: source.name, most: MOST_COLUMNS },
    );
  }
  records.push(record);
}

function lay(
  source: FileSource,
  names: ReadonlyMap<string, number>,
  records: readonly ReadonlyMap<string, DelimitedCell>[],
): Omit<JsonText, 'badLines'> {
  if (records.length === 0 || names.size === 0) {
    throw new TableError('empty-file', `'${source.name}' holds no records. Check that it is the right file.`, {
      file: source.name,
    });
  }
  const writer = new DelimitedWriter();
  const order = [...names.keys()];
  writer.header(order);
  for (const record of records) writer.row(order.map((name) => record.get(name) ?? null));
  return { source: bytesSource(source.name, writer.finish()), columns: writer.numericTypes(order) };
}

async function* linesOf(source: FileSource, signal?: AbortSignal): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for (let start = 0; start < source.size; start += BLOCK) {
    signal?.throwIfAborted();
    const block = await source.read(start, Math.min(source.size, start + BLOCK));
    const lines = (rest + decoder.decode(block, { stream: true })).split('\n');
    rest = lines.pop() as string;
    if (rest.length > LONGEST_LINE) {
      throw new TableError(
        'line-too-long',
        `A line of '${source.name}' is longer than 32 MB, so it is no JSON-lines file.`,
        {
          file: source.name,
        },
      );
    }
    yield* lines;
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}
