import type { Column } from '@patron/sdk';
import type { RowSpan } from './column-kernels.ts';
import type { TableColumn } from './table-view.ts';

/** What the page tells the calculating worker about table sheets, beside the engine's own traffic on the same port. */
export type ToFormulaWorker =
  | {
      readonly patron: 'table';
      readonly unitId: string;
      readonly sheetId: string;
      readonly rows: number;
      readonly columns: readonly TableColumn[];
    }
  | { readonly patron: 'column'; readonly request: number; readonly column: Column | null }
  | {
      readonly patron: 'rowIndex';
      readonly unitId: string;
      readonly sheetId: string;
      readonly rows: Uint32Array | null;
    }
  | { readonly patron: 'forget'; readonly unitId: string; readonly sheetId: string }
  | {
      readonly patron: 'statistics';
      readonly request: number;
      readonly unitId: string;
      readonly sheetId: string;
      readonly areas: readonly StatisticsArea[];
    };

/** Columns, both ends included, and rows of a selection. */
export interface StatisticsArea {
  readonly firstColumn: number;
  readonly lastColumn: number;
  readonly rows: RowSpan;
}

export type FromFormulaWorker =
  | {
      readonly patron: 'needColumn';
      readonly request: number;
      readonly unitId: string;
      readonly sheetId: string;
      readonly name: string;
    }
  | { readonly patron: 'statistics'; readonly request: number; readonly statistics: ColumnStatistics };

export interface ColumnStatistics {
  readonly present: number;
  readonly numbers: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
}
