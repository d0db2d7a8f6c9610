import { type LineIssue, type RowCutter, rowsPerCut } from './fields.ts';

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const TAB = 9;

/**
 * Cuts lines at runs of blanks and tabs; leading and trailing blanks do not count. A field may be quoted to hold blanks.
 */
export class BlankCutter implements RowCutter {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly lines: Int32Array;
  readonly counts: Int32Array;
  rows = 0;
  readonly #columns: number;
  readonly #quote: number;
  readonly #maximumRows: number;
  readonly #onIssue: LineIssue;
  #line: number;

  constructor(columns: number, quote: number, line: number, onIssue: LineIssue) {
    this.#columns = columns;
    this.#quote = quote;
    this.#line = line;
    this.#onIssue = onIssue;
    this.#maximumRows = rowsPerCut(columns);
    this.starts = new Int32Array(this.#maximumRows * columns);
    this.ends = new Int32Array(this.#maximumRows * columns);
    this.lines = new Int32Array(this.#maximumRows);
    this.counts = new Int32Array(this.#maximumRows);
  }

  cut(bytes: Uint8Array, from: number, to: number, final: boolean): number {
    const columns = this.#columns;
    const { starts, ends } = this;
    bytes[to] = NEWLINE;
    let i = from;
    let done = from;
    let row = 0;
    while (row < this.#maximumRows && i < to) {
      const lineStart = i;
      const base = row * columns;
      let column = 0;
      let extraStart = -1;
      for (;;) {
        while (isBlank(bytes[i])) i++;
        if (bytes[i] === NEWLINE) break;
        let start = i;
        let quoted = 0;
        let end = bytes[i] === this.#quote ? closingQuote(bytes, i, this.#quote) : -1;
        if (end >= 0) {
          quoted = 1;
          start++;
          i = end + 1;
        } else {
          while (!isBlank(bytes[i]) && bytes[i] !== NEWLINE) i++;
          end = i;
        }
        if (column < columns) {
          starts[base + column] = start;
          ends[base + column] = (end << 1) | quoted;
        } else if (extraStart < 0) extraStart = start;
        column++;
      }
      if (i >= to && !final) break;
      const lineEnd = i;
      i = Math.min(i + 1, to);
      done = i;
      if (column > 0) {
        this.lines[row] = this.#line;
        this.counts[row] = column;
        for (let c = column; c < columns; c++) {
          starts[base + c] = lineEnd;
          ends[base + c] = lineEnd << 1;
        }
        if (column < columns) this.#onIssue(this.#line, -1, 'too-few-fields', bytes, lineStart, lineEnd);
        if (extraStart >= 0) this.#onIssue(this.#line, -1, 'too-many-fields', bytes, extraStart, lineEnd);
        row++;
      }
      this.#line++;
    }
    this.rows = row;
    return done;
  }
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB || byte === CARRIAGE_RETURN;
}

/** Where the quoted field that opens at `start` closes, on its line and before a blank; -1 where it does not. */
function closingQuote(bytes: Uint8Array, start: number, quote: number): number {
  for (let i = start + 1; bytes[i] !== NEWLINE; i++) {
    if (bytes[i] === quote && (isBlank(bytes[i + 1]) || bytes[i + 1] === NEWLINE)) return i;
  }
  return -1;
}
