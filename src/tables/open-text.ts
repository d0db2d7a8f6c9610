import { columnChoice } from './column-choice.ts';
import { distinctNames } from './column-names.ts';
import { cutterFor, type Dialect, detectDialect } from './dialect.ts';
import { detectEncoding, type EncodingChoice } from './encoding.ts';
import { fieldText } from './fields.ts';
import type { FileSource } from './file-source.ts';
import type { ImportOptions } from './import-options.ts';
import { type ColumnPlan, type InferenceSettings, planColumn } from './infer.ts';
import { isBlank, NullTokens } from './null-tokens.ts';
import { type NumberText, readNumber } from './number-text.ts';
import { type Sample, sampleRows } from './sample.ts';
import { TableError } from './table-error.ts';
import { readTime, type TimeText } from './time-text.ts';

/** How much of a file is looked at before it is read. */
const HEAD_BYTES = 256 << 10;
const LONGEST_HEAD = 16 << 20;
const LINES_WANTED = 4;
const SAMPLE_ROWS = 2000;

/** A text whose shape is known: what the reading starts from. */
export interface OpenedText {
  /** The bytes of the file that were looked at. */
  readonly head: Uint8Array<ArrayBuffer>;
  readonly encoding: EncodingChoice;
  readonly dialect: Dialect;
  readonly header: boolean;
  /** Names in the file, distinct; the key of the user's choices. */
  readonly originals: readonly string[];
  /** Names as the user wants them. */
  readonly names: readonly string[];
  readonly plans: readonly ColumnPlan[];
  readonly nullTokens: NullTokens;
  readonly decimalComma: boolean;
  readonly sample: Sample;
  readonly inference: InferenceSettings;
}

/**
 * Looks at the head of a text: encoding, dialect, header, and a plan for each column, the user's options first.
 * @throws TableError where the file is empty or an option cannot be followed.
 */
export async function openText(source: FileSource, options: ImportOptions, encodingHint?: string): Promise<OpenedText> {
  if (source.size === 0) {
    throw new TableError('empty-file', `The file '${source.name}' is empty. Choose a file with at least one row.`, {
      file: source.name,
    });
  }
  const raw = await readHead(source);
  const whole = raw.length >= source.size;
  let encoding = detectEncoding(raw, whole, options.encoding);
  if (encodingHint !== undefined) encoding = { ...encoding, encoding: encodingHint, from: 'fallback', unproven: false };
  const text = toUtf8(raw.subarray(encoding.skip), encoding.encoding, whole);
  const head = skipLines(text, options.skipLines ?? 0);
  if (isBlankText(head) && whole) {
    throw new TableError(
      'empty-file',
      `The file '${source.name}' has no text in it. Choose a file with at least one row.`,
      {
        file: source.name,
      },
    );
  }
  const dialect = detectDialect(head, whole, source.name, options);
  const cutter = cutterFor(dialect, 1, () => undefined);
  const sample = sampleRows(head, dialect.columns, cutter, whole);
  const nullTokens = new NullTokens(options.nullTokens);
  const decimalComma = options.decimal === undefined ? usesDecimalComma(sample, dialect) : options.decimal === ',';
  const inference: InferenceSettings = {
    nullTokens,
    decimalComma,
    quotesTell: quotesTell(sample, dialect.columns),
    slashOrder: 'month-day',
  };
  const header = options.header ?? hasHeader(sample, dialect.columns, inference);
  const originals = distinctNames(header ? firstRow(sample, dialect.columns) : new Array(dialect.columns).fill(''));
  const plans = originals.map((original, column) =>
    planColumn(
      sample.block,
      column,
      header ? 1 : 0,
      Math.min(sample.rows, SAMPLE_ROWS),
      header ? original : '',
      columnChoice(options, original),
      inference,
    ),
  );
  const names = distinctNames(originals.map((original) => columnChoice(options, original).name ?? original));
  return { head: raw, encoding, dialect, header, originals, names, plans, nullTokens, decimalComma, sample, inference };
}

/** The head of the file; more of it where the first lines are very long, as those of very wide tables are. */
async function readHead(source: FileSource): Promise<Uint8Array<ArrayBuffer>> {
  let head = await source.read(0, Math.min(source.size, HEAD_BYTES));
  while (head.length < Math.min(source.size, LONGEST_HEAD) && !hasLines(head)) {
    const more = await source.read(0, Math.min(source.size, head.length * 8));
    if (more.length <= head.length) break;
    head = more;
  }
  return head;
}

/** Whether there are a few whole lines. */
function hasLines(head: Uint8Array): boolean {
  const newline = head.includes(10) ? 10 : 13;
  let at = -1;
  for (let n = 0; n < LINES_WANTED; n++) {
    at = head.indexOf(newline, at + 1);
    if (at < 0) return false;
  }
  return true;
}

function toUtf8(bytes: Uint8Array, encoding: string, whole: boolean): Uint8Array {
  if (encoding === 'utf-8') return bytes;
  return new TextEncoder().encode(new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes, { stream: !whole }));
}

function skipLines(text: Uint8Array, lines: number): Uint8Array {
  let at = 0;
  for (let n = 0; n < lines; n++) {
    const end = text.indexOf(10, at);
    if (end < 0) return text.subarray(text.length);
    at = end + 1;
  }
  return text.subarray(at);
}

function isBlankText(text: Uint8Array): boolean {
  return text.every((byte) => byte <= 32);
}

function firstRow({ block, rows }: Sample, columns: number): string[] {
  if (rows === 0) return [];
  return Array.from({ length: columns }, (_, c) => fieldText(block.bytes, block.starts[c], block.ends[c] >>> 1));
}

const number: NumberText = { mantissa: 0, decimals: 0, double: 0, unit: '', leadingZero: false, longDigits: false };
const time: TimeText = { day: 0, clock: 0, hasClock: false, zoned: false, first: 0, second: 0 };

/** Whether some fields are quoted that need no quotes while others are not quoted: then the quotes mean text. */
function quotesTell({ block, rows }: Sample, columns: number): boolean {
  let quoted = false;
  let bare = false;
  const fields = Math.min(rows, SAMPLE_ROWS) * columns;
  for (let k = 0; k < fields && !(quoted && bare); k++) {
    const length = (block.ends[k] >>> 1) - block.starts[k];
    if ((block.ends[k] & 1) === 1) quoted = true;
    else if (length > 0) bare = true;
  }
  return quoted && bare;
}

/**
 * Whether numbers are written 1234,5, 1.234,56, 1 234,5 or 1.234.567 more often than 1234.5 or 1,234.5. What both ways could be
 * written as (1.234) says nothing.
 */
function usesDecimalComma({ block, rows }: Sample, { columns }: Dialect): boolean {
  let commas = 0;
  let points = 0;
  const fields = Math.min(rows, SAMPLE_ROWS) * columns;
  for (let k = 0; k < fields; k++) {
    const length = (block.ends[k] >>> 1) - block.starts[k];
    if (length < 2 || length > 30) continue;
    const text = fieldText(block.bytes, block.starts[k], block.ends[k] >>> 1).replace(/^[^\d.,]*|[^\d.,]*$/g, '');
    if (DECIMAL_COMMA.test(text)) commas++;
    else if (DECIMAL_POINT.test(text) && !/^\d{1,3}\.\d{3}$/.test(text)) points++;
  }
  return commas > points;
}

const DECIMAL_COMMA =
  /^(?:(?:\d+|\d{1,3}(?:[. '\u00a0\u2009\u202f]\d{3})+),(?:\d{1,2}|\d{4,})|\d{1,3}(?:\.\d{3}){2,})$/;
const DECIMAL_POINT = /^(?:(?:\d+|\d{1,3}(?:[, '\u00a0\u2009\u202f]\d{3})+)\.\d+|\d{1,3}(?:,\d{3}){2,})$/;

/**
 * Whether the first row names the columns. A text over a column of numbers or dates speaks for it, a value of the column's
 * own kind against it; where all is text, names are distinct, not empty, and not among the values below.
 */
function hasHeader(sample: Sample, columns: number, inference: InferenceSettings): boolean {
  const { block, rows } = sample;
  const first = firstRow(sample, columns);
  if (rows === 0) return false;
  let score = 0;
  let texts = 0;
  const to = Math.min(rows, 200);
  for (let c = 0; c < columns; c++) {
    const start = block.starts[c];
    const end = block.ends[c] >>> 1;
    if (isBlank(block.bytes, start, end)) continue;
    const isValue =
      readNumber(block.bytes, start, end, inference.decimalComma, number) ||
      readTime(block.bytes, start, end, 'day-month', time) ||
      readTime(block.bytes, start, end, 'month-day', time) ||
      /^(true|false)$/i.test(first[c]);
    if (!isValue) texts++;
    // 2010, 2011, … over numbers are names more often than not, so they say nothing.
    const isYear = /^(19|20)\d\d$/.test(first[c]);
    if (rows === 1) {
      if (isValue) score--;
      continue;
    }
    const plan = planColumn(block, c, 1, to, '', {}, inference);
    const typed = plan.kind !== 'text' || (plan.because !== undefined && plan.because !== 'mixed');
    if (typed && !isValue) score++;
    else if (isValue && !isYear) score--;
  }
  if (score !== 0) return score > 0;
  const filled = first.filter((text) => text.trim() !== '');
  if (texts === 0 || new Set(filled).size !== filled.length || filled.length < columns - 1) return false;
  for (let c = 0; c < columns; c++) {
    for (let r = 1; r < to; r++) {
      const k = r * columns + c;
      if (first[c] !== '' && fieldText(block.bytes, block.starts[k], block.ends[k] >>> 1) === first[c]) return false;
    }
  }
  return true;
}
