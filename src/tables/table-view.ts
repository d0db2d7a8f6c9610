import { type CellValue, type Column, valueAt } from '@patron/sdk';
import { columnBytes } from './column-bytes.ts';
import { PickedRows, type ReadRows } from './picked-rows.ts';
import type { ColumnMeta, TableMeta } from './schema.ts';
import type { TablesClient } from './tables-client.ts';

/** Rows of one column that became readable; `rowEnd` is exclusive. */
export interface LoadedRange {
  readonly rowStart: number;
  readonly rowEnd: number;
  readonly column: number;
}

/** A table as a sheet sees it: cells are there at once or are being fetched. */
export interface TableView {
  readonly meta: TableMeta;
  readonly rows: number;
  readonly columns: readonly ColumnMeta[];
  /** The cell; null where the row has no value; undefined while its row group is being fetched, which this call begins. */
  cell(row: number, column: number): CellValue | undefined;
  /**
   * The cell of row `rows[place]`, as `cell` gives it. For rows chosen by an index: those that stand together are fetched
   * together, however far apart they lie in the table.
   */
  pick(rows: Uint32Array, place: number, column: number): CellValue | undefined;
  /** Hears of every row group that arrives, and of failures by way of `onError`. Returns what ends the listening. */
  onLoaded(listener: (range: LoadedRange) => void): () => void;
  onError(listener: (error: unknown) => void): () => void;
  /** Begins to read what rows in any order will need, where that is not too much to keep. */
  readAhead(): void;
  /** Fetches what rows `rowStart` to `rowEnd` (exclusive) need. */
  prefetch(rowStart: number, rowEnd: number): void;
  /** The whole column; kept as long as the budget allows. */
  column(name: string): Promise<Column>;
  dispose(): void;
}

const DEFAULT_BUDGET = 256 << 20;
/** Bytes of a table whose columns may all be read ahead. */
const MOST_READ_AHEAD = 400 << 20;
/** Indexes whose rows are kept at one time. */
const MOST_INDEXES = 2;

/** Opens a view of a table's current version, or of another. `budget` is the bytes it may hold. */
export async function openTableView(
  client: TablesClient,
  tableId: string,
  options: { version?: number; budget?: number } = {},
): Promise<TableView> {
  const meta = await client.get(tableId, options.version);
  return new StoredTableView(client, meta, options.budget ?? DEFAULT_BUDGET);
}

/**
 * Keeps row groups, and whole columns that were asked for, in the order of use; what was not used for longest goes first.
 * The columns that are wanted of a row group in one turn are fetched together. The view stays with its version.
 */
class StoredTableView implements TableView {
  readonly meta: TableMeta;
  readonly #client: TablesClient;
  readonly #budget: number;
  readonly #groupBits: number;
  /** Row groups by `group * columns + column`. */
  readonly #groups = new Map<number, { column: Column; bytes: number; used: number }>();
  readonly #whole = new Map<string, { promise: Promise<Column>; bytes: number }>();
  readonly #fetching = new Set<number>();
  readonly #wanted = new Map<number, Set<number>>();
  /** Rows that are shown by an index, the latest first: one set may be on screen while the next is being fetched. */
  #picked: readonly PickedRows[] = [];
  readonly #loaded = new Set<(range: LoadedRange) => void>();
  readonly #failed = new Set<(error: unknown) => void>();
  #bytes = 0;
  #clock = 0;
  #isScheduled = false;
  #isDisposed = false;
  // The last group looked at: neighbouring cells are asked for one after the other.
  #lastKey = -1;
  #lastColumn: Column | undefined;

  constructor(client: TablesClient, meta: TableMeta, budget: number) {
    this.#client = client;
    this.meta = meta;
    this.#budget = budget;
    this.#groupBits = Math.log2(meta.groupRows);
  }

  get rows(): number {
    return this.meta.rows;
  }

  get columns(): readonly ColumnMeta[] {
    return this.meta.columns;
  }

  cell(row: number, column: number): CellValue | undefined {
    if (row < 0 || row >= this.rows || column < 0 || column >= this.meta.columns.length) return null;
    const group = row >>> this.#groupBits;
    const key = group * this.meta.columns.length + column;
    if (key !== this.#lastKey) {
      const entry = this.#groups.get(key);
      if (!entry) {
        this.#want(group, column);
        return undefined;
      }
      entry.used = ++this.#clock;
      this.#lastKey = key;
      this.#lastColumn = entry.column;
    }
    return valueAt(this.#lastColumn as Column, row & (this.meta.groupRows - 1));
  }

  pick(rows: Uint32Array, place: number, column: number): CellValue | undefined {
    if (place < 0 || place >= rows.length || column < 0 || column >= this.meta.columns.length) return null;
    const row = rows[place];
    if (this.#groups.has((row >>> this.#groupBits) * this.meta.columns.length + column)) return this.cell(row, column);
    let picked = this.#picked.find((each) => each.rows === rows);
    if (!picked) {
      picked = this.#pickedOf(rows);
      this.#picked = [picked, ...this.#picked].slice(0, MOST_INDEXES);
    }
    return picked.cell(place, column);
  }

  #pickedOf(rows: Uint32Array): PickedRows {
    const { id, version, columns } = this.meta;
    const read: ReadRows = async (column, index) => {
      const [named] = await this.#client.readRowsAt(id, [columns[column].name], index, version);
      return named.column;
    };
    return new PickedRows(rows, read, {
      loaded: (rowStart, rowEnd, column) => {
        for (const listener of this.#loaded) listener({ rowStart, rowEnd, column });
      },
      failed: (error) => {
        for (const listener of this.#failed) listener(error);
      },
    });
  }

  readAhead(): void {
    const { id, version, bytes, rows, groupRows, columns } = this.meta;
    if (bytes > MOST_READ_AHEAD) return;
    // A row of every group: whole columns are read for them, and kept.
    const index = Uint32Array.from({ length: Math.ceil(rows / groupRows) }, (_, group) => group * groupRows);
    for (const { name } of [...columns].sort((a, b) => a.bytes - b.bytes))
      this.#client.readRowsAt(id, [name], index, version).catch(() => undefined);
  }

  prefetch(rowStart: number, rowEnd: number): void {
    const last = Math.min(rowEnd, this.rows) - 1;
    for (let group = Math.max(0, rowStart) >>> this.#groupBits; group <= last >>> this.#groupBits; group++) {
      for (let column = 0; column < this.meta.columns.length; column++) this.#want(group, column);
    }
  }

  #want(group: number, column: number): void {
    const key = group * this.meta.columns.length + column;
    if (this.#isDisposed || this.#fetching.has(key) || this.#groups.has(key)) return;
    this.#fetching.add(key);
    let columns = this.#wanted.get(group);
    if (!columns) {
      columns = new Set();
      this.#wanted.set(group, columns);
    }
    columns.add(column);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      const wanted = [...this.#wanted];
      this.#wanted.clear();
      for (const [wantedGroup, wantedColumns] of wanted) void this.#fetch(wantedGroup, [...wantedColumns]);
    });
  }

  async #fetch(group: number, columns: readonly number[]): Promise<void> {
    const { id, version } = this.meta;
    const rowStart = group * this.meta.groupRows;
    const rowEnd = Math.min(this.rows, rowStart + this.meta.groupRows);
    const names = columns.map((column) => this.meta.columns[column].name);
    try {
      const read = await this.#client.readRows(id, names, rowStart, rowEnd, version);
      if (this.#isDisposed) return;
      for (const [i, column] of columns.entries()) {
        const bytes = columnBytes(read[i].column);
        this.#groups.set(this.#key(group, column), { column: read[i].column, bytes, used: ++this.#clock });
        this.#bytes += bytes;
      }
      this.#evict();
      for (const column of columns) for (const listener of this.#loaded) listener({ rowStart, rowEnd, column });
    } catch (error) {
      if (!this.#isDisposed) for (const listener of this.#failed) listener(error);
    } finally {
      for (const column of columns) this.#fetching.delete(this.#key(group, column));
    }
  }

  #key(group: number, column: number): number {
    return group * this.meta.columns.length + column;
  }

  /** Lets go of what was used longest ago, a quarter of the budget at a time, but never of what has just come. */
  #evict(): void {
    if (this.#bytes <= this.#budget) return;
    for (const [name, { bytes }] of this.#whole) {
      if (this.#bytes <= this.#budget) return;
      this.#whole.delete(name);
      this.#bytes -= bytes;
    }
    const byUse = [...this.#groups].sort(([, a], [, b]) => a.used - b.used);
    const recent = this.meta.columns.length * 2;
    for (const [key, { bytes }] of byUse.slice(0, Math.max(0, byUse.length - recent))) {
      if (this.#bytes <= this.#budget * 0.75) break;
      this.#groups.delete(key);
      this.#bytes -= bytes;
    }
    this.#lastKey = -1;
    this.#lastColumn = undefined;
  }

  column(name: string): Promise<Column> {
    const known = this.#whole.get(name);
    if (known) return known.promise;
    const { id, version } = this.meta;
    const entry = { promise: this.#readWhole(id, name, version), bytes: 0 };
    this.#whole.set(name, entry);
    entry.promise.then(
      (column) => {
        if (this.#whole.get(name) !== entry) return;
        entry.bytes = columnBytes(column);
        this.#bytes += entry.bytes;
        this.#evict();
      },
      () => this.#whole.delete(name),
    );
    return entry.promise;
  }

  async #readWhole(id: string, name: string, version: number): Promise<Column> {
    const [{ column }] = await this.#client.readColumns(id, [name], version);
    return column;
  }

  onLoaded(listener: (range: LoadedRange) => void): () => void {
    this.#loaded.add(listener);
    return () => this.#loaded.delete(listener);
  }

  onError(listener: (error: unknown) => void): () => void {
    this.#failed.add(listener);
    return () => this.#failed.delete(listener);
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#groups.clear();
    this.#picked = [];
    this.#whole.clear();
    this.#wanted.clear();
    this.#loaded.clear();
    this.#failed.clear();
    this.#lastKey = -1;
    this.#lastColumn = undefined;
  }
}
