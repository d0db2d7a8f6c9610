import { type RowCutter, rowsPerCut } from './fields.ts';

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;

/** Cuts lines at fixed positions, counted in characters; blanks around a field do not belong to it. */
export class FixedWidthCutter implements RowCutter {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly lines: Int32Array;
  readonly counts: Int32Array;
  rows = 0;
  readonly #columnStarts: readonly number[];
  readonly #maximumRows: number;
  #line: number;

  /** `columnStarts` ascend from the first column's position. */
  constructor(columnStarts: readonly number[], line: number) {
    const columns = columnStarts.length;
    this.#columnStarts = columnStarts;
    this.#line = line;
    this.#maximumRows = rowsPerCut(columns);
    this.starts = new Int32Array(this.#maximumRows * columns);
    this.ends = new Int32Array(this.#maximumRows * columns);
    this.lines = new Int32Array(this.#maximumRows);
    this.counts = new Int32Array(this.#maximumRows);
  }

  cut(bytes: Uint8Array, from: number, to: number, final: boolean): number {
    const columnStarts = this.#columnStarts;
    const columns = columnStarts.length;
    bytes[to] = NEWLINE;
    let done = from;
    let row = 0;
    while (row < this.#maximumRows && done < to) {
      let lineEnd = done;
      while (bytes[lineEnd] !== NEWLINE) lineEnd++;
      if (lineEnd >= to && !final) break;
      const textEnd = lineEnd > done && bytes[lineEnd - 1] === CARRIAGE_RETURN ? lineEnd - 1 : lineEnd;
      if (!isBlankLine(bytes, done, textEnd)) {
        const base = row * columns;
        let i = skipCharacters(bytes, done, textEnd, columnStarts[0]);
        for (let c = 0; c < columns; c++) {
          const next =
            c + 1 < columns ? skipCharacters(bytes, i, textEnd, columnStarts[c + 1] - columnStarts[c]) : textEnd;
          let start = i;
          let end = next;
          while (start < end && bytes[start] === SPACE) start++;
          while (end > start && bytes[end - 1] === SPACE) end--;
          this.starts[base + c] = start;
          this.ends[base + c] = end << 1;
          i = next;
        }
        this.lines[row] = this.#line;
        this.counts[row] = columns;
        row++;
      }
      this.#line++;
      done = Math.min(lineEnd + 1, to);
    }
    this.rows = row;
    return done;
  }
}

/** The position `count` characters on: a UTF-8 continuation byte is no character of its own. */
function skipCharacters(bytes: Uint8Array, from: number, end: number, count: number): number {
  let i = from;
  for (let n = 0; n < count && i < end; n++) {
    i++;
    while (i < end && (bytes[i] & 0xc0) === 0x80) i++;
  }
  return i;
}

function isBlankLine(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] !== SPACE) return false;
  return true;
}
