import { columnFromValues, decimalColumn } from '@patron/sdk';
import type { NamedColumn } from '../import-options.ts';

const ROWS = 300;

/** A small table of texts, money and days for fuzzing: made, not read. */
export const fuzzTable: readonly NamedColumn[] = [
  {
    name: 'customer',
    column: columnFromValues(
      'string',
      Array.from({ length: ROWS }, (_, i) => `C${i % 40}`),
    ),
  },
  {
    name: 'paid',
    column: decimalColumn(
      Int32Array.from({ length: ROWS }, (_, i) => i * 37),
      100,
    ),
  },
  {
    name: 'day',
    column: columnFromValues(
      'date',
      Array.from({ length: ROWS }, (_, i) => `2024-01-${10 + (i % 20)}`),
    ),
  },
];
