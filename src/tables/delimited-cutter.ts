import { type LineIssue, type RowCutter, rowsPerCut } from './fields.ts';
import type { RejectReason } from './import-options.ts';

const CARRIAGE_RETURN = 13;
const SPACE = 32;
/** A quote that has not closed after so many bytes was no quote. */
const LONGEST_QUOTED = 8 << 20;

/**
 * Cuts delimited text (RFC 4180 and its relatives) at the byte level. A quoted field may hold delimiters, line ends and
 * doubled quotes. A quote inside a quoted field that is neither doubled nor closing is kept where the field still closes on
 * its line; a field that does not close is read again as unquoted. Both are reported. Blank lines are skipped; in a table
 * of one column they are rows without a value, except at the end.
 */
export class DelimitedCutter implements RowCutter {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly lines: Int32Array;
  readonly counts: Int32Array;
  rows = 0;
  readonly #columns: number;
  readonly #delimiter: number;
  readonly #quote: number;
  readonly #newline: number;
  readonly #maximumRows: number;
  readonly #onIssue: LineIssue;
  #line: number;
  #blankRows = 0;

  /** `quote` is -1 for none; `newline` is 10, or 13 for files of the old Macintosh; `line` the number of the first line. */
  constructor(
    columns: number,
    marks: { delimiter: number; quote: number; newline: number },
    line: number,
    onIssue: LineIssue,
  ) {
    this.#columns = columns;
    this.#delimiter = marks.delimiter;
    this.#quote = marks.quote;
    this.#newline = marks.newline;
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
    const delimiter = this.#delimiter;
    const quote = this.#quote;
    const newline = this.#newline;
    const special = Math.max(delimiter, newline);
    const maximumRows = this.#maximumRows;
    const { starts, ends, lines, counts } = this;
    const escaped: number[] = [];
    const issues: { column: number; reason: RejectReason; start: number; end: number }[] = [];
    bytes[to] = newline;
    let i = from;
    // Where the first row begins that is not whole: a row that breaks off is cut again when more bytes are there.
    let done = from;
    let row = 0;
    let line = this.#line;
    rows: while (row < maximumRows && i < to) {
      const rowStart = i;
      const base = row * columns;
      let column = 0;
      let innerLines = 0;
      let extraStart = -1;
      let start = i;
      let end = i;
      let isQuoted = 0;
      if (escaped.length !== 0) escaped.length = 0;
      if (issues.length !== 0) issues.length = 0;
      for (;;) {
        start = i;
        const fieldStart = i;
        isQuoted = 0;
        if (bytes[i] === quote && i < to) {
          let p = i + 1;
          let doubled = false;
          let stray = false;
          let newlines = 0;
          let closed = -1;
          for (;;) {
            let c = bytes[p];
            while (c !== quote) {
              if (c === newline) {
                if (p >= to || stray) break;
                newlines++;
              }
              c = bytes[++p];
            }
            if (p >= to) {
              if (!final && p - i < LONGEST_QUOTED) break rows;
              break;
            }
            if (c === newline) break;
            const next = bytes[p + 1];
            if (p + 1 >= to) {
              if (!final) break rows;
              closed = to;
              break;
            }
            if (next === delimiter || next === newline) {
              closed = p + 1;
              break;
            }
            if (next === quote) {
              doubled = true;
              p += 2;
              continue;
            }
            let after = p + 1;
            while (bytes[after] === SPACE && delimiter !== SPACE) after++;
            if (bytes[after] === CARRIAGE_RETURN && newline === 10 && after < to) after++;
            if (after >= to && !final) break rows;
            if (after >= to || bytes[after] === newline || (bytes[after] === delimiter && bytes[after - 1] === SPACE)) {
              closed = Math.min(after, to);
              break;
            }
            stray = true;
            p++;
          }
          if (closed >= 0) {
            start = i + 1;
            end = p;
            isQuoted = 1;
            innerLines += newlines;
            if (doubled && column < columns) escaped.push(base + column);
            if (stray) issues.push({ column, reason: 'stray-quote', start, end });
            i = closed;
          } else {
            issues.push({ column, reason: stray ? 'stray-quote' : 'unclosed-quote', start: i, end: Math.min(p, to) });
          }
        }
        let c = bytes[i];
        if (isQuoted === 0) {
          while (c > special || (c !== delimiter && c !== newline)) c = bytes[++i];
          end = i;
        }
        if (i >= to && !final) break rows;
        if (c === newline) {
          if (isQuoted === 0 && end > start && newline === 10 && bytes[end - 1] === CARRIAGE_RETURN) end--;
          if (column < columns) {
            starts[base + column] = start;
            ends[base + column] = (end << 1) | isQuoted;
          } else if (extraStart < 0) extraStart = fieldStart;
          column++;
          break;
        }
        if (column < columns) {
          starts[base + column] = start;
          ends[base + column] = (end << 1) | isQuoted;
        } else if (extraStart < 0) extraStart = fieldStart;
        column++;
        i++;
      }
      const rowEnd = i;
      i = i < to ? i + 1 : to;
      done = i;
      if (column === 1 && end === start && isQuoted === 0) {
        if (columns === 1) this.#blankRows++;
        line++;
        continue;
      }
      if (this.#blankRows > 0) {
        // The blank lines of a one-column table turn out not to be the last, so they are rows.
        while (this.#blankRows > 0 && row < maximumRows) {
          starts[row] = rowStart;
          ends[row] = rowStart << 1;
          counts[row] = 1;
          lines[row++] = line - this.#blankRows--;
        }
        i = rowStart;
        done = rowStart;
        continue;
      }
      lines[row] = line;
      counts[row] = column;
      if (column < columns) {
        for (let c = column; c < columns; c++) {
          starts[base + c] = rowEnd;
          ends[base + c] = rowEnd << 1;
        }
        this.#onIssue(line, -1, 'too-few-fields', bytes, rowStart, rowEnd);
      } else if (extraStart >= 0 && hasText(bytes, extraStart, rowEnd, delimiter)) {
        this.#onIssue(line, -1, 'too-many-fields', bytes, extraStart, rowEnd);
      }
      for (const issue of issues) this.#onIssue(line, issue.column, issue.reason, bytes, issue.start, issue.end);
      for (const field of escaped) ends[field] = (undouble(bytes, starts[field], ends[field] >>> 1, quote) << 1) | 1;
      row++;
      line += innerLines + 1;
    }
    this.rows = row;
    this.#line = line;
    return done;
  }
}

/** Whether there is anything but delimiters and blanks. */
function hasText(bytes: Uint8Array, start: number, end: number, delimiter: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] > SPACE && bytes[i] !== delimiter) return true;
  return false;
}

/** Makes doubled quotes single, in place, and returns the new end. */
function undouble(bytes: Uint8Array, start: number, end: number, quote: number): number {
  let to = start;
  for (let from = start; from < end; from++) {
    bytes[to++] = bytes[from];
    if (bytes[from] === quote && bytes[from + 1] === quote && from + 1 < end) from++;
  }
  return to;
}
