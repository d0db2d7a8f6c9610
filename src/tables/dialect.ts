import { BlankCutter } from './blank-cutter.ts';
import { DelimitedCutter } from './delimited-cutter.ts';
import { fieldText, type LineIssue, type RowCutter } from './fields.ts';
import { FixedWidthCutter } from './fixed-width-cutter.ts';
import type { ImportOptions, TextLayout } from './import-options.ts';
import { DEFAULT_NULL_TOKENS, NullTokens } from './null-tokens.ts';
import { type NumberText, readNumber } from './number-text.ts';
import { type Sample, sampleRows } from './sample.ts';
import { TableError } from './table-error.ts';
import { readTime, type TimeText } from './time-text.ts';

/** How the lines of a text are cut into fields. */
export interface Dialect {
  readonly layout: TextLayout;
  /** The byte; -1 where the layout has none. */
  readonly delimiter: number;
  readonly quote: number;
  readonly newline: 10 | 13;
  readonly columns: number;
  readonly columnStarts?: readonly number[];
}

const MOST_COLUMNS = 16_384;
const CANDIDATES = [',', '\t', ';', '|', '\x01', '^', ':'];
const DOUBLE_QUOTE = 34;
const ignore: LineIssue = () => undefined;

/** Finds the dialect of a text from its first bytes (UTF-8), keeping to what the user chose. */
export function detectDialect(head: Uint8Array, whole: boolean, name: string, options: ImportOptions): Dialect {
  const newline = head.includes(10) || !head.includes(13) ? 10 : 13;
  const quote = options.quote === undefined ? DOUBLE_QUOTE : oneByte('quote', options.quote);
  if (options.columnStarts || options.layout === 'fixed-width') {
    const columnStarts = options.columnStarts ?? blankColumns(head, whole) ?? [0];
    return { layout: 'fixed-width', delimiter: -1, quote: -1, newline, columns: columnStarts.length, columnStarts };
  }
  if (options.layout === 'whitespace') return whitespace(head, whole, quote);
  if (options.delimiter !== undefined) {
    const delimiter = oneByte('delimiter', options.delimiter);
    if (delimiter < 0 || delimiter === quote || delimiter === newline) {
      throw new TableError(
        'bad-option',
        `The delimiter '${options.delimiter}' cannot be used. Choose another character.`,
        {
          option: 'delimiter',
        },
      );
    }
    return delimited(delimiter, quote, newline, countsOf(head, whole, delimiter, quote, newline).columns);
  }
  const best = bestDelimiter(head, whole, name, quote, newline);
  if (best) return best;
  const blanks = options.layout === 'delimited' ? undefined : ofBlanks(head, whole, quote, newline);
  return blanks ?? delimited(44, quote, newline, 1);
}

/** A cutter for the dialect; `line` is the number of the first line it will see. */
export function cutterFor(dialect: Dialect, line: number, onIssue: LineIssue): RowCutter {
  if (dialect.layout === 'whitespace') return new BlankCutter(dialect.columns, dialect.quote, line, onIssue);
  if (dialect.layout === 'fixed-width') return new FixedWidthCutter(dialect.columnStarts ?? [0], line);
  return new DelimitedCutter(dialect.columns, dialect, line, onIssue);
}

function delimited(delimiter: number, quote: number, newline: 10 | 13, columns: number): Dialect {
  if (columns > MOST_COLUMNS) {
    throw new TableError(
      'too-many-columns',
      `The first line has ${columns} fields; a table has at most ${MOST_COLUMNS} columns. Check the delimiter.`,
      { columns, limit: MOST_COLUMNS },
    );
  }
  return { layout: 'delimited', delimiter, quote, newline, columns: Math.max(1, columns) };
}

function oneByte(option: 'quote' | 'delimiter', text: string): number {
  if (text === '') return -1;
  const code = text.charCodeAt(0);
  if (text.length > 1 || code > 127) {
    throw new TableError(
      'bad-option',
      `The ${option} '${text}' is not one ASCII character. Choose a single character.`,
      {
        option,
      },
    );
  }
  return code;
}

/** How many fields the rows have under a delimiter: the most frequent number, and the share of rows that have it. */
function countsOf(
  head: Uint8Array,
  whole: boolean,
  delimiter: number,
  quote: number,
  newline: 10 | 13,
): { columns: number; share: number; first: number } {
  const cutter = new DelimitedCutter(1, { delimiter, quote, newline }, 1, ignore);
  const { rows, counts } = sampleRows(head, 1, cutter, whole);
  const frequency = new Map<number, number>();
  let most = 0;
  for (let i = 0; i < rows; i++) {
    const n = (frequency.get(counts[i]) ?? 0) + 1;
    frequency.set(counts[i], n);
    most = Math.max(most, n);
  }
  let columns = 0;
  for (const [fields, n] of frequency) if (n === most) columns = Math.max(columns, fields);
  // The header says how many columns there are where rows are cut short now and then.
  if (rows > 0 && counts[0] > columns && most < rows * 0.9) columns = counts[0];
  return { columns, share: rows === 0 ? 0 : most / rows, first: rows === 0 ? 0 : counts[0] };
}

function bestDelimiter(
  head: Uint8Array,
  whole: boolean,
  name: string,
  quote: number,
  newline: 10 | 13,
): Dialect | undefined {
  let best: { dialect: Dialect; score: number } | undefined;
  for (const [preference, character] of CANDIDATES.entries()) {
    const delimiter = character.charCodeAt(0);
    if (!head.includes(delimiter)) continue;
    const { columns, share, first } = countsOf(head, whole, delimiter, quote, newline);
    // Ragged rows are no reason to doubt a delimiter that the first row agrees with.
    if (columns < 2 || share < (first === columns ? 0.3 : 0.6)) continue;
    const dialect = delimited(delimiter, quote, newline, columns);
    // A colon or a caret is far more often part of a value (a time of day) than a delimiter.
    const rare = preference >= 5 ? 0.5 : 1;
    const named = /\.(tsv|tab)$/i.test(name) && character === '\t' ? 2 : 1;
    const score = (share + typedShare(head, whole, dialect)) * rare * named - preference * 0.01;
    if (!best || score > best.score) best = { dialect, score };
  }
  return best?.dialect;
}

const number: NumberText = { mantissa: 0, decimals: 0, double: 0, unit: '', leadingZero: false, longDigits: false };
const time: TimeText = { day: 0, clock: 0, hasClock: false, zoned: false, first: 0, second: 0 };
const nothing = new NullTokens(DEFAULT_NULL_TOKENS);

/** The share of fields that read as something: a number, a date, or nothing. A wrong delimiter leaves fewer of them. */
function typedShare(head: Uint8Array, whole: boolean, dialect: Dialect): number {
  const { block, rows } = sampleRows(head, dialect.columns, cutterFor(dialect, 1, ignore), whole);
  let typed = 0;
  const fields = Math.min(rows * dialect.columns, 2000);
  for (let k = 0; k < fields; k++) {
    const start = block.starts[k];
    const end = block.ends[k] >>> 1;
    const { bytes } = block;
    if (start === end || nothing.has(bytes, start, end)) typed += 0.5;
    else if (readNumber(bytes, start, end, false, number) || readNumber(bytes, start, end, true, number)) typed++;
    else if (readTime(bytes, start, end, 'day-month', time) || readTime(bytes, start, end, 'month-day', time)) typed++;
  }
  return fields === 0 ? 0 : typed / fields;
}

function whitespace(head: Uint8Array, whole: boolean, quote: number): Dialect {
  const { rows, counts } = sampleRows(head, 1, new BlankCutter(1, quote, 1, ignore), whole);
  let columns = 1;
  for (let i = 0; i < rows; i++) columns = Math.max(columns, counts[i]);
  return { ...delimited(-1, quote, 10, columns), layout: 'whitespace' };
}

/** Columns set apart by blanks: runs of them, as long as every line has the same number of fields; else fixed positions. */
function ofBlanks(head: Uint8Array, whole: boolean, quote: number, newline: 10 | 13): Dialect | undefined {
  const dialect = whitespace(head, whole, quote);
  const sample = sampleRows(head, dialect.columns, cutterFor(dialect, 1, ignore), whole);
  if (dialect.columns > 1 && isEven(sample, dialect.columns) && hasTypedColumn(sample, dialect.columns)) return dialect;
  const columnStarts = blankColumns(head, whole);
  if (!columnStarts || columnStarts.length < 2) return undefined;
  return { layout: 'fixed-width', delimiter: -1, quote: -1, newline, columns: columnStarts.length, columnStarts };
}

function isEven(sample: Sample, columns: number): boolean {
  let even = 0;
  for (let i = 0; i < sample.rows; i++) if (sample.counts[i] === columns) even++;
  return even >= sample.rows * 0.95;
}

/** Sentences have an even number of words now and then, but no column of numbers or dates. */
function hasTypedColumn({ block, rows }: Sample, columns: number): boolean {
  const first = rows > 1 ? 1 : 0;
  for (let c = 0; c < columns; c++) {
    let typed = 0;
    for (let r = first; r < rows; r++) {
      const start = block.starts[r * columns + c];
      const end = block.ends[r * columns + c] >>> 1;
      if (
        readNumber(block.bytes, start, end, false, number) ||
        readTime(block.bytes, start, end, 'day-month', time) ||
        nothing.has(block.bytes, start, end)
      )
        typed++;
    }
    if (typed >= (rows - first) * 0.95) return true;
  }
  return false;
}

/** Where columns begin in lines that are padded to fixed positions: after each gap that is blank in all of them. */
function blankColumns(head: Uint8Array, whole: boolean): number[] | undefined {
  let lines = fieldText(head, 0, head.length).split(/\r?\n|\r/);
  if (!whole) lines = lines.slice(0, -1);
  lines = lines.filter((line) => line.trim() !== '').slice(0, 1000);
  if (lines.length < 2) return undefined;
  const characters = lines.map((line) => [...line]);
  const width = Math.max(...characters.map((line) => line.length));
  const starts: number[] = [];
  let inGap = true;
  for (let i = 0; i < width; i++) {
    const gap = characters.every((line) => (line[i] ?? ' ') === ' ');
    if (!gap && inGap) starts.push(i);
    inGap = gap;
  }
  return starts.length > 0 && starts.length <= MOST_COLUMNS ? starts : undefined;
}
