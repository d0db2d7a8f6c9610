import { integerColumn, stringColumn, validityOf } from '@patron/sdk';
import type { NamedColumn, RejectReason, Rejects } from './import-options.ts';

const MOST_KEPT = 100_000;
const LONGEST_RAW = 500;
const decoder = new TextDecoder();

/** Collects what a reading sets aside. All are counted; the first hundred thousand are kept with their text. */
export class RejectList {
  #counts = new Map<string, number>();
  #kept: { line: number; column: number; raw: string; reason: RejectReason; row: number }[] = [];

  /** `row`: the row of the table whose cell it left empty; -1 where that is not known. */
  add(line: number, column: number, reason: RejectReason, raw: string, row = -1): void {
    const key = `${column} ${reason}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    if (this.#kept.length < MOST_KEPT) this.#kept.push({ line, column, raw: raw.slice(0, LONGEST_RAW), reason, row });
  }

  addBytes(
    line: number,
    column: number,
    reason: RejectReason,
    bytes: Uint8Array,
    start: number,
    end: number,
    row = -1,
  ): void {
    const stop = Math.min(end, start + LONGEST_RAW);
    const kept = this.#kept.length < MOST_KEPT;
    const raw = !kept
      ? ''
      : reason === 'undecodable'
        ? escaped(bytes, start, stop)
        : decoder.decode(bytes.subarray(start, stop));
    this.add(line, column, reason, raw, row);
  }

  /** Gives each line its place in the file that the text was made from. */
  relocate(place: (line: number) => number): void {
    for (const reject of this.#kept) reject.line = place(reject.line);
  }

  /** Forgets what was said of the values of a column that is read again as another type; its quotes are cut only once. */
  forget(column: number): void {
    const isOfValue = (reason: string): boolean => !reason.endsWith('-quote');
    this.#kept = this.#kept.filter((reject) => reject.column !== column || !isOfValue(reject.reason));
    for (const key of [...this.#counts.keys()]) {
      if (key.startsWith(`${column} `) && isOfValue(key)) this.#counts.delete(key);
    }
  }

  /** As a table, in the order of the lines. `columnNames` by column number; -1, the whole line, has no name. */
  finish(columnNames: readonly string[]): Rejects {
    const kept = this.#kept.sort((a, b) => a.line - b.line || a.column - b.column);
    const byReason: Partial<Record<RejectReason, number>> = {};
    let count = 0;
    for (const [key, n] of this.#counts) {
      const reason = key.slice(key.indexOf(' ') + 1) as RejectReason;
      byReason[reason] = (byReason[reason] ?? 0) + n;
      count += n;
    }
    return {
      count,
      byReason,
      rows: kept.length,
      columns: [
        { name: 'line', column: integerColumn(Uint32Array.from(kept, (reject) => reject.line)) },
        { name: 'column', column: stringColumn(kept.map((reject) => columnNames[reject.column] ?? null)) },
        { name: 'raw', column: stringColumn(kept.map((reject) => reject.raw)) },
        { name: 'reason', column: stringColumn(kept.map((reject) => reject.reason)) },
        ...rowColumn(kept),
      ],
    };
  }
}

/** The rows, where any is known. */
function rowColumn(kept: readonly { readonly row: number }[]): NamedColumn[] {
  if (kept.every(({ row }) => row < 0)) return [];
  const values = Uint32Array.from(kept, ({ row }) => Math.max(0, row));
  const validity = validityOf(kept.length, (i) => kept[i].row >= 0);
  return [{ name: 'row', column: { type: 'integer', length: kept.length, values, validity } }];
}

/** Bytes that are no text, readable: what is not ASCII as \xE9. */
function escaped(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let i = start; i < end; i++) {
    const byte = bytes[i];
    text += byte < 0x80 ? String.fromCharCode(byte) : `\\x${byte.toString(16).toUpperCase()}`;
  }
  return text;
}
