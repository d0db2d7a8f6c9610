import { JSONParser } from '@streamparser/json';
import { detectEncoding } from '../encoding.ts';
import { bytesSource, type FileSource } from '../file-source.ts';
import type { ImportOptions } from '../import-options.ts';
import { TableError } from '../table-error.ts';
import { utf8Chunks } from '../text-stream.ts';
import { type DelimitedCell, DelimitedWriter } from './delimited-writer.ts';
import { flattenRecord, parseJson } from './json-records.ts';
import { SourceLines } from './source-lines.ts';

const LONGEST_LINE = 32 << 20;
const MOST_COLUMNS = 16_384;
const HEAD_BYTES = 64 << 10;
/** So many records are looked at for their names before any is written. */
const LOOKED_AT = 20_000;

export interface JsonText {
  readonly source: FileSource;
  /** The types of columns that hold only numbers. */
  readonly columns: NonNullable<ImportOptions['columns']>;
  readonly lines: SourceLines;
  /** The lists that the file holds, where it holds several, and which of them this is. */
  readonly parts: readonly string[];
  readonly part: string | undefined;
  /** Records of the whole file, where only the first were read. */
  readonly estimatedRows: number | undefined;
}

/** A record as it stands in the file: at a line of it, or by its number in the list. What is none has its text only. */
interface FoundRecord {
  readonly place: number;
  readonly record?: ReadonlyMap<string, DelimitedCell>;
  readonly raw?: string;
  /** The share of the file that is read by now. */
  readonly share: number;
}

type Records = () => AsyncGenerator<FoundRecord>;

/**
 * The records of a JSON-lines file as delimited text. Columns are all names that occur, in the order in which they first do.
 * Lines that are no JSON are set aside.
 * @throws TableError where no line is a record.
 */
export async function jsonLinesToText(
  source: FileSource,
  signal?: AbortSignal,
  most = Number.POSITIVE_INFINITY,
): Promise<JsonText> {
  const records: Records = async function* () {
    let line = 0;
    for await (const { text, share } of linesOf(source, signal)) {
      line++;
      if (text.trim() === '') continue;
      try {
        yield { place: line, record: flattenRecord(parseJson(text)), share };
      } catch {
        yield { place: line, raw: text, share };
      }
    }
  };
  return { ...(await lay(source, records, most)), parts: [], part: undefined };
}

/**
 * The records of a JSON file: the list at the top, or the longest list inside an object (`part` names another); lists of values
 * that are all of one length are columns; an object without lists is one record.
 * @throws TableError where the file is no JSON or holds no records.
 */
export async function jsonToText(
  source: FileSource,
  options: ImportOptions,
  signal?: AbortSignal,
  most = Number.POSITIVE_INFINITY,
): Promise<JsonText> {
  const isList = (await headOf(source)).text[0] === '[';
  if (isList) {
    const text = await lay(source, () => listRecords(source, '$.*', () => true, signal), most);
    return { ...text, parts: [], part: undefined };
  }
  const lists = await listsOf(source, signal);
  const parts = [...lists.keys()];
  if (areColumns(lists)) {
    const text = await lay(source, () => columnRecords(source, signal), most);
    return { ...text, parts: [], part: undefined };
  }
  const part = options.part ?? longest(lists);
  if (part === undefined) {
    const text = await lay(source, () => listRecords(source, '$', () => true, signal), most);
    return { ...text, parts: [], part };
  }
  const ofPart = (list: string): boolean => list === part;
  const text = await lay(source, () => listRecords(source, '$.*.*', ofPart, signal), most);
  return { ...text, parts, part };
}

/** A list inside an object: how long it is, and whether it holds only words and numbers. */
interface FoundList {
  length: number;
  isPlain: boolean;
}

type FoundLists = ReadonlyMap<string, FoundList>;

/** Lists of words and numbers that are all of one length are the columns of a table. */
function areColumns(lists: FoundLists): boolean {
  const [first, ...others] = lists.values();
  return others.length > 0 && [first, ...others].every(({ length, isPlain }) => isPlain && length === first.length);
}

function longest(lists: FoundLists): string | undefined {
  let found: string | undefined;
  for (const [name, { length }] of lists) if (length > (lists.get(found ?? '')?.length ?? 0)) found = name;
  return found;
}

interface ParsedValue {
  readonly value: unknown;
  readonly key: string | number | undefined;
  /** The name of what holds it. */
  readonly list: string;
  readonly share: number;
}

/** The values at a path of a JSON file, as they are read. */
async function* valuesAt(
  source: FileSource,
  path: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<ParsedValue> {
  const { encoding, skip } = await headOf(source);
  const parser = new JSONParser({ paths: [path], keepStack: false, stringBufferSize: 1 << 16 });
  let found: ParsedValue[] = [];
  let failed: unknown;
  let share = 0;
  parser.onValue = ({ value, key, stack }) => {
    found.push({ value, key: key as string | number | undefined, list: String(stack.at(-1)?.key ?? ''), share });
  };
  parser.onError = (error) => {
    failed = error;
  };
  for await (const { bytes, done } of utf8Chunks(source, encoding, skip)) {
    signal?.throwIfAborted();
    for (let at = 0; at < bytes.length && failed === undefined; at += 1 << 18) {
      share = Math.max(0, done - Math.max(0, bytes.length - at - (1 << 18))) / source.size;
      parser.write(bytes.subarray(at, at + (1 << 18)));
      yield* found;
      found = [];
    }
    if (failed !== undefined) break;
  }
  if (failed === undefined && !parser.isEnded) failed = new Error('the text ends in the middle');
  if (failed === undefined) return;
  throw new TableError(
    'bad-file',
    `'${source.name}' is no whole JSON: ${(failed as Error).message}. Export it again, or as JSON lines.`,
    { file: source.name },
    failed,
  );
}

/** The lists directly inside the object at the top, or one step deeper. */
async function listsOf(source: FileSource, signal: AbortSignal | undefined): Promise<FoundLists> {
  const lists = new Map<string, FoundList>();
  for await (const { key, list, value } of valuesAt(source, '$.*.*', signal)) {
    if (typeof key !== 'number') {
      if (isList(value)) lists.set(`${list}.${key}`, { length: value.length, isPlain: false });
      continue;
    }
    const found = lists.get(list) ?? { length: 0, isPlain: true };
    found.length++;
    if (typeof value === 'object' && value !== null) found.isPlain = false;
    lists.set(list, found);
  }
  return lists;
}

/** The records of a table that is written column by column. */
async function* columnRecords(source: FileSource, signal: AbortSignal | undefined): AsyncGenerator<FoundRecord> {
  const columns = new Map<string, unknown[]>();
  for await (const { list, value } of valuesAt(source, '$.*.*', signal)) {
    const values = columns.get(list);
    if (values) values.push(value);
    else columns.set(list, [value]);
  }
  const names = [...columns.keys()];
  const length = columns.get(names[0])?.length ?? 0;
  for (let row = 0; row < length; row++) {
    const record = Object.fromEntries(names.map((name) => [name, columns.get(name)?.[row]]));
    yield recordOf(row + 1, record, 1);
  }
}

async function* listRecords(
  source: FileSource,
  path: string,
  wanted: (list: string) => boolean,
  signal: AbortSignal | undefined,
): AsyncGenerator<FoundRecord> {
  let place = 0;
  for await (const { key, list, value, share } of valuesAt(source, path, signal)) {
    if (path !== '$.*.*') yield recordOf(++place, value, share);
    else if (typeof key === 'number') {
      if (wanted(list)) yield recordOf(++place, value, share);
    } else if (isList(value) && wanted(`${list}.${key}`)) {
      for (const each of value) yield recordOf(++place, each, share);
    }
  }
}

/** What is nested beyond what can be followed is no record. */
function recordOf(place: number, value: unknown, share: number): FoundRecord {
  try {
    return { place, record: flattenRecord(value), share };
  } catch {
    return { place, raw: '…', share };
  }
}

/** A list that may be a table: not one of a few words or numbers. */
function isList(value: unknown): value is unknown[] {
  return Array.isArray(value) && value.some((each) => typeof each === 'object' && each !== null);
}

/** Writes records as text. A name that first occurs late makes all records be read once more, for their names. */
async function lay(source: FileSource, records: Records, most: number): Promise<Omit<JsonText, 'parts' | 'part'>> {
  const names = new Map<string, number>();
  let written = await writeRecords(source, records, most, names, false);
  if (written === 'another name') {
    for await (const { record } of records()) if (record) learn(source, names, record);
    written = await writeRecords(source, records, most, names, true);
  }
  if (written === 'another name' || written === 'nothing') {
    throw new TableError('empty-file', `'${source.name}' holds no records. Check that it is the right file.`, {
      file: source.name,
    });
  }
  return written;
}

async function writeRecords(
  source: FileSource,
  records: Records,
  most: number,
  names: Map<string, number>,
  knowsAll: boolean,
): Promise<Omit<JsonText, 'parts' | 'part'> | 'another name' | 'nothing'> {
  const writer = new DelimitedWriter();
  const lines = new SourceLines();
  let order: readonly string[] | undefined;
  let waiting: { place: number; record: ReadonlyMap<string, DelimitedCell> }[] = [];
  let count = 0;
  let share = 1;
  const put = (place: number, record: ReadonlyMap<string, DelimitedCell>): void => {
    lines.row(writer.nextLine, place);
    writer.row((order ?? []).map((name) => record.get(name) ?? null));
  };
  const begin = (): void => {
    order = [...names.keys()];
    writer.header(order);
    for (const { place, record } of waiting) put(place, record);
    waiting = [];
  };
  for await (const found of records()) {
    const { record } = found;
    if (!record) {
      lines.issue(found.place, -1, 'not-a-record', found.raw ?? '');
      continue;
    }
    const isNew = learn(source, names, record);
    count++;
    share = found.share;
    if (order === undefined) {
      waiting.push({ place: found.place, record });
      if (knowsAll || waiting.length >= LOOKED_AT) begin();
    } else if (isNew) return 'another name';
    else put(found.place, record);
    if (count >= most) break;
  }
  if (names.size === 0) return 'nothing';
  if (order === undefined) begin();
  return {
    source: bytesSource(source.name, writer.finish()),
    columns: writer.numericTypes(order ?? []),
    lines,
    estimatedRows: count >= most ? Math.max(count, Math.round(count / Math.max(share, 1e-9))) : undefined,
  };
}

/** Takes in the names of a record; whether there was a new one. */
function learn(source: FileSource, names: Map<string, number>, record: ReadonlyMap<string, DelimitedCell>): boolean {
  const before = names.size;
  for (const name of record.keys()) if (!names.has(name)) names.set(name, names.size);
  if (names.size > MOST_COLUMNS) {
    throw new TableError(
      'too-many-columns',
      `'${source.name}' has more than ${MOST_COLUMNS} different names in its records. Turn the names into values first.`,
      { file: source.name, most: MOST_COLUMNS },
    );
  }
  return names.size > before;
}

async function headOf(source: FileSource): Promise<{ encoding: string; skip: number; text: string }> {
  const head = await source.read(0, Math.min(source.size, HEAD_BYTES));
  const { encoding, skip } = detectEncoding(head, head.length >= source.size);
  const text = new TextDecoder(encoding).decode(head.subarray(skip)).trimStart();
  return { encoding, skip, text };
}

async function* linesOf(
  source: FileSource,
  signal: AbortSignal | undefined,
): AsyncGenerator<{ text: string; share: number }> {
  const { encoding, skip } = await headOf(source);
  const decoder = new TextDecoder();
  let rest = '';
  let share = 0;
  for await (const { bytes, done } of utf8Chunks(source, encoding, skip)) {
    signal?.throwIfAborted();
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
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
    const before = share;
    share = done / source.size;
    for (const [index, text] of lines.entries())
      yield { text, share: before + ((share - before) * (index + 1)) / (lines.length + 1) };
  }
  rest += decoder.decode();
  if (rest !== '') yield { text: rest, share: 1 };
}
