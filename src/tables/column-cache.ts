import type { Column } from '@patron/sdk';
import { columnBytes } from './column-bytes.ts';
import { memoryBudget } from './memory-budget.ts';

const LEAST_BUDGET = 256 << 20;

/** Bytes of columns that one worker keeps: an eighth of what a piece of work may take. */
export function cacheBudget(): number {
  return Math.max(LEAST_BUDGET, memoryBudget() / 8);
}

/** Whole columns that were read lately, within so many bytes; the one not used for longest goes first. */
export class ColumnCache {
  readonly #budget: number;
  readonly #entries = new Map<string, { column: Promise<Column>; bytes: number }>();
  readonly #kept = new WeakSet<Column>();
  #bytes = 0;

  constructor(budget: number) {
    this.#budget = budget;
  }

  get(key: string, read: () => Promise<Column>): Promise<Column> {
    const known = this.#entries.get(key);
    if (known) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known.column;
    }
    const entry = { column: read(), bytes: 0 };
    this.#entries.set(key, entry);
    entry.column.then(
      (column) => {
        if (this.#entries.get(key) !== entry) return;
        this.#kept.add(column);
        entry.bytes = columnBytes(column);
        this.#bytes += entry.bytes;
        this.#evict(key);
      },
      () => this.#entries.delete(key),
    );
    return entry.column;
  }

  /** Whether this very column is kept. */
  holds(column: Column): boolean {
    return this.#kept.has(column);
  }

  /** Whether the column is there, or on its way. */
  has(key: string): boolean {
    return this.#entries.has(key);
  }

  #evict(newest: string): void {
    for (const [key, { bytes }] of this.#entries) {
      if (this.#bytes <= this.#budget) return;
      if (key === newest || bytes === 0) continue;
      this.#entries.delete(key);
      this.#bytes -= bytes;
    }
  }
}
