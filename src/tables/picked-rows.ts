import { type CellValue, type Column, valueAt } from '@patron/sdk';

/** Rows that are fetched together. */
const PIECE_ROWS = 256;
/** Pieces that are kept, a piece being so many rows of one column. */
const MOST_PIECES = 2048;

/** Reads a column, by number, of the rows named. */
export type ReadRows = (column: number, rows: Uint32Array) => Promise<Column>;

export interface PieceEvents {
  loaded(rowStart: number, rowEnd: number, column: number): void;
  failed(error: unknown): void;
}

/** Cells of rows that an index names: those that stand together are fetched together, wherever they lie in the table. */
export class PickedRows {
  readonly rows: Uint32Array;
  readonly #read: ReadRows;
  readonly #events: PieceEvents;
  readonly #pieces = new Map<string, Column>();
  readonly #wanted = new Map<number, Set<number>>();

  constructor(rows: Uint32Array, read: ReadRows, events: PieceEvents) {
    this.rows = rows;
    this.#read = read;
    this.#events = events;
  }

  /** The cell at a place; undefined while it is being fetched, which this call begins. */
  cell(place: number, column: number): CellValue | undefined {
    const piece = Math.floor(place / PIECE_ROWS);
    const found = this.#pieces.get(`${piece} ${column}`);
    if (found) return valueAt(found, place - piece * PIECE_ROWS);
    const wanted = this.#wanted.get(piece);
    if (wanted) wanted.add(column);
    else this.#want(piece, column);
    return undefined;
  }

  #want(piece: number, column: number): void {
    const columns = new Set([column]);
    this.#wanted.set(piece, columns);
    queueMicrotask(() => void this.#fetch(piece, [...columns]));
  }

  /** Each column comes as soon as it is read: a long text keeps no number waiting. */
  async #fetch(piece: number, columns: readonly number[]): Promise<void> {
    await Promise.all(columns.map((column) => this.#fetchColumn(piece, column)));
    // Columns that were asked for meanwhile are asked for again at the next paint.
    this.#wanted.delete(piece);
  }

  async #fetchColumn(piece: number, column: number): Promise<void> {
    const start = piece * PIECE_ROWS;
    const end = Math.min(this.rows.length, start + PIECE_ROWS);
    try {
      const read = await this.#read(column, this.rows.slice(start, end));
      if (this.#pieces.size >= MOST_PIECES) this.#pieces.clear();
      this.#pieces.set(`${piece} ${column}`, read);
    } catch (error) {
      this.#events.failed(error);
      return;
    }
    this.#events.loaded(start, end, column);
  }
}
