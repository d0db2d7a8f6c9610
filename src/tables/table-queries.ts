import { type CellValue, type Column, columnFromValues, stringsOf, stringVector, valueAt } from '@patron/sdk';
import { createBreath } from './breath.ts';
import { ColumnCache } from './column-cache.ts';
import { type ColumnStatistics, columnStatistics } from './column-statistics.ts';
import { type CellSearch, type FoundCells, findCells } from './find-cells.ts';
import { gatherRows } from './gather-rows.ts';
import type { NamedColumn } from './import-options.ts';
import { requireMemory } from './memory-budget.ts';
import { filterMatcher, type RowFilter } from './row-filter.ts';
import { type RowSort, sortIndex } from './row-order.ts';
import type { ColumnMeta, TableMeta } from './schema.ts';
import type { TableStore } from './table-store.ts';
import { type CountedValues, countValues, type FrequentValues, frequentValues } from './value-counts.ts';

/** Which rows of a table, and in what order. */
export interface RowQuery {
  /** All of them hold for a row that is kept. */
  readonly filters?: readonly RowFilter[];
  /** The first key counts most; rows that agree in all keys stay in the table's order. */
  readonly sort?: readonly RowSort[];
  readonly version?: number;
  /** For the alphabetical order of texts. */
  readonly locale?: string;
}

/** What is asked of one column. */
export interface ColumnQuery {
  readonly column: string;
  readonly version?: number;
  /** Only rows for which all of them hold count. */
  readonly filters?: readonly RowFilter[];
}

export interface ValuesQuery extends ColumnQuery {
  /** Only values that hold this text, without regard to case. */
  readonly text?: string;
  /** The most values that are named. */
  readonly limit: number;
}

export interface FindQuery extends CellSearch {
  readonly columns: readonly string[];
  readonly version?: number;
  /** The rows to look at, in the order in which they are shown; all where absent. */
  readonly rows?: Uint32Array;
  /** By column what its texts are shown as, where that is something else. */
  readonly labels?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** How a question is being answered: until when, and how far it is, from 0 to 1. */
export interface QueryRun {
  readonly signal: AbortSignal;
  onShare(share: number): void;
}

const CACHED_BYTES = 512 << 20;
const ROWS_AT_A_TIME = 1 << 20;
/** Row groups are read one by one where they are at most one in so many; else whole columns are, once for all rows. */
const LEAST_SHARE = 8;

interface RowSpan {
  readonly first: number;
  readonly last: number;
}

/** Questions about the rows of a stored table. Answers are lists of row numbers: rows themselves never move. */
export class TableQueries {
  readonly #store: TableStore;
  readonly #cache = new ColumnCache(CACHED_BYTES);
  /** The values of the column that was asked for last: a search among them comes with every key that is pressed. */
  #counted: { readonly key: string; readonly values: CountedValues } | undefined;
  /** The rows that were filtered last: statistics and orders of them are often asked for next. */
  #rows: { readonly key: string; readonly index: Uint32Array<ArrayBuffer> } | undefined;

  constructor(store: TableStore) {
    this.#store = store;
  }

  /** The rows that are asked for, as row numbers in order. @throws the signal's reason once aborted. */
  async rowIndex(id: string, query: RowQuery, { signal, onShare }: QueryRun): Promise<Uint32Array<ArrayBuffer>> {
    const meta = await this.#store.get(id, query.version);
    const { filters = [], sort = [] } = query;
    requireMemory(meta.name, indexBytes(meta, filters, sort));
    const breathe = createBreath(signal);
    const work = filters.length + 3 * sort.length;
    let done = 0;
    const pause = async (): Promise<void> => {
      await breathe();
      onShare(Math.min(1, done / work));
    };
    let index = await this.#filtered(id, meta, filters, async (part) => {
      done = part;
      await pause();
    });
    for (const { column, descending = false } of [...sort].reverse()) {
      const keys = await this.#column(id, meta.version, column);
      done++;
      await pause();
      index = await sortIndex(index, keys, descending, query.locale ?? 'en', pause);
      done += 2;
    }
    return index;
  }

  async #filtered(
    id: string,
    { rows, version }: TableMeta,
    filters: readonly RowFilter[],
    pause: (part: number) => Promise<void>,
  ): Promise<Uint32Array<ArrayBuffer>> {
    if (filters.length === 0) {
      const all = new Uint32Array(rows);
      for (let row = 0; row < rows; row++) all[row] = row;
      return all;
    }
    const key = JSON.stringify([id, version, filters]);
    if (this.#rows?.key === key) return this.#rows.index;
    const matches = new Uint8Array(rows).fill(1);
    for (const [at, filter] of filters.entries()) {
      const match = filterMatcher(await this.#column(id, version, filter.column), filter);
      for (let from = 0; from < rows; from += ROWS_AT_A_TIME) {
        match(matches, from, Math.min(rows, from + ROWS_AT_A_TIME));
        await pause(at + from / rows);
      }
    }
    let count = 0;
    for (let row = 0; row < rows; row++) count += matches[row];
    const index = new Uint32Array(count);
    let at = 0;
    for (let row = 0; row < rows; row++) if (matches[row] !== 0) index[at++] = row;
    this.#rows = { key, index };
    return index;
  }

  /** The rows that `index` names, in its order, of some columns. Of rows that lie close together only these are read. */
  async readRowsAt(id: string, names: readonly string[], index: Uint32Array, version?: number): Promise<NamedColumn[]> {
    const meta = await this.#store.get(id, version);
    const spans = spansOf(index, meta.groupRows);
    const few = spans.length * LEAST_SHARE <= meta.rows / meta.groupRows;
    return await Promise.all(
      names.map(async (name) => {
        const isKnown = this.#cache.has(`${id} ${meta.version} ${name}`);
        if (few && !isKnown) return { name, column: await this.#readSpans(id, meta, name, index, spans) };
        return { name, column: gatherRows(await this.#column(id, meta.version, name), index) };
      }),
    );
  }

  async #readSpans(
    id: string,
    meta: TableMeta,
    name: string,
    index: Uint32Array,
    spans: readonly RowSpan[],
  ): Promise<Column> {
    const values = new Array<CellValue>(index.length).fill(null);
    let likeness: Column | undefined;
    for (const { first, last } of spans) {
      const [{ column }] = await this.#store.readRows(id, [name], first, last + 1, meta.version);
      likeness = column;
      for (let i = 0; i < index.length; i++) {
        if (index[i] >= first && index[i] <= last) values[i] = valueAt(column, index[i] - first);
      }
    }
    const column = columnFromValues(likeness?.type ?? 'string', values);
    return column.type === 'timestamp' && likeness?.type === 'timestamp'
      ? { ...column, zoned: likeness.zoned }
      : column;
  }

  async statistics(id: string, query: ColumnQuery, run: Pick<QueryRun, 'signal'>): Promise<ColumnStatistics> {
    return columnStatistics(await this.#columnOf(id, query, 8, run));
  }

  /** The most frequent values of a column. */
  async values(id: string, query: ValuesQuery, run: Pick<QueryRun, 'signal'>): Promise<FrequentValues> {
    const { version } = await this.#store.get(id, query.version);
    const key = JSON.stringify([id, version, query.column, query.filters]);
    if (this.#counted?.key !== key) {
      this.#counted = undefined;
      this.#counted = { key, values: countValues(await this.#columnOf(id, query, 12, run)) };
    }
    return frequentValues(this.#counted.values, query.text ?? '', query.limit);
  }

  /** The cells that hold a text, as they are shown. */
  async find(id: string, query: FindQuery, { signal, onShare }: QueryRun): Promise<FoundCells> {
    const meta = await this.#store.get(id, query.version);
    const columns: Column[] = [];
    for (const name of query.columns) {
      columns.push(labelled(await this.#column(id, meta.version, name), query.labels?.[name]));
      signal.throwIfAborted();
    }
    return await findCells(columns, query.rows, query, createBreath(signal), onShare);
  }

  /** The column with its rows chosen, where there is memory for it and `extra` bytes a row beside it. */
  async #columnOf(
    id: string,
    { column: name, version, filters = [] }: ColumnQuery,
    extra: number,
    { signal }: Pick<QueryRun, 'signal'>,
  ): Promise<Column> {
    const meta = await this.#store.get(id, version);
    const { bytes } = columnMeta(meta, name);
    requireMemory(meta.name, bytes * (filters.length > 0 ? 2 : 1) + meta.rows * extra);
    const breathe = createBreath(signal);
    const rows = filters.length > 0 ? await this.#filtered(id, meta, filters, breathe) : undefined;
    const column = await this.#column(id, meta.version, name);
    await breathe();
    return rows ? gatherRows(column, rows) : column;
  }

  #column(id: string, version: number, name: string): Promise<Column> {
    return this.#cache.get(`${id} ${version} ${name}`, async () => {
      const [{ column }] = await this.#store.readColumns(id, [name], version);
      return column;
    });
  }
}

function labelled(column: Column, labels: Readonly<Record<string, string>> | undefined): Column {
  if (!labels || column.type !== 'string' || column.layout !== 'dictionary') return column;
  const words = stringsOf(column.dictionary).map((word) => (Object.hasOwn(labels, word) ? labels[word] : word));
  return { ...column, dictionary: stringVector(words) };
}

/** What an index takes while it is made: the rows that match, the order before and after, and two words of key a row. */
function indexBytes(meta: TableMeta, filters: readonly RowFilter[], sort: readonly RowSort[]): number {
  const columns = new Set([...filters, ...sort].map(({ column }) => column));
  const read = [...columns].map((name) => columnMeta(meta, name).bytes);
  return Math.max(0, ...read) + meta.rows * (4 + (filters.length > 0 ? 1 : 0) + (sort.length > 0 ? 20 : 0));
}

/** For each row group that rows of `index` lie in, the first and the last of them. */
function spansOf(index: Uint32Array, groupRows: number): RowSpan[] {
  const spans = new Map<number, { first: number; last: number }>();
  for (const row of index) {
    const group = Math.floor(row / groupRows);
    const span = spans.get(group);
    if (!span) spans.set(group, { first: row, last: row });
    else if (row < span.first) span.first = row;
    else if (row > span.last) span.last = row;
  }
  return [...spans.values()];
}

function columnMeta(meta: TableMeta, name: string): Pick<ColumnMeta, 'bytes'> {
  return meta.columns.find((column) => column.name === name) ?? { bytes: 0 };
}
