import { type CellValue, type Column, stringVector } from '@patron/sdk';
import type { TableView } from './table-view.ts';

/** A table made by rule, so that every answer over it can be worked out by hand. Table row i, counted from 0: */
export interface RuledTable extends TableView {
  readonly reads: string[];
}

const DAY_0 = 14_975;

/**
 * `id` is i + 1 · `amount` is (i mod 1000) / 100 with two decimals · `group` is "g" + i mod 100 · `day` is 2011-01-01
 * plus i mod 365 days · `flag` is i even · `score` is i mod 11, missing where i mod 7 is 0.
 */
export function ruledTable(rows: number): RuledTable {
  const reads: string[] = [];
  const columns: Record<string, () => Column> = {
    id: () => ({ type: 'integer', length: rows, values: Int32Array.from({ length: rows }, (_, i) => i + 1) }),
    amount: () => ({
      type: 'number',
      length: rows,
      scale: 100,
      values: Int32Array.from({ length: rows }, (_, i) => i % 1000),
    }),
    group: () => ({
      type: 'string',
      layout: 'dictionary',
      length: rows,
      codes: Uint8Array.from({ length: rows }, (_, i) => i % 100),
      dictionary: stringVector(Array.from({ length: 100 }, (_, code) => `g${code}`)),
    }),
    day: () => ({ type: 'date', length: rows, values: Int16Array.from({ length: rows }, (_, i) => DAY_0 + (i % 365)) }),
    flag: () => ({ type: 'boolean', length: rows, values: Uint8Array.from({ length: rows }, (_, i) => 1 - (i % 2)) }),
    score: () => {
      const validity = new Uint8Array((rows + 7) >> 3);
      for (let i = 0; i < rows; i++) if (i % 7 !== 0) validity[i >> 3] |= 1 << (i & 7);
      return { type: 'integer', length: rows, values: Uint8Array.from({ length: rows }, (_, i) => i % 11), validity };
    },
  };
  // Made ahead, so that a test that measures the main thread does not measure this.
  const made = Object.fromEntries(Object.entries(columns).map(([name, make]) => [name, make()]));
  return {
    rows,
    reads,
    columns: [
      { name: 'id', type: 'integer' },
      { name: 'amount', type: 'number', scale: 100 },
      { name: 'group', type: 'string' },
      { name: 'day', type: 'date' },
      { name: 'flag', type: 'boolean' },
      { name: 'score', type: 'integer' },
    ],
    cell(row, column): CellValue {
      switch (column) {
        case 0:
          return row + 1;
        case 1:
          return (row % 1000) / 100;
        case 2:
          return `g${row % 100}`;
        case 3:
          return new Date((DAY_0 + (row % 365)) * 86_400_000).toISOString().slice(0, 10);
        case 4:
          return row % 2 === 0;
        default:
          return row % 7 === 0 ? null : row % 11;
      }
    },
    onLoaded: () => () => {},
    async column(name) {
      reads.push(name);
      return made[name];
    },
  };
}
