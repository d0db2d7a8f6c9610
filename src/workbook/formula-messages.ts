import type { Column } from '@patron/sdk';
import type { RowSpan } from './column-kernels.ts';
import type { FunctionValue } from './custom-function.ts';
import type { TableColumn } from './table-view.ts';

/** What the page tells the calculating worker about table sheets, beside the engine's own traffic on the same port. */
export type ToFormulaWorker =
  | { readonly patron: 'function'; readonly name: string; readonly least: number; readonly most: number }
  | { readonly patron: 'dropFunction'; readonly name: string }
  | {
      readonly patron: 'answers';
      readonly name: string;
      readonly keys: readonly string[];
      readonly values: readonly FunctionValue[];
    }
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

/** A cell that called a function. */
export interface CalledCell {
  readonly unitId: string;
  readonly sheetId: string;
  readonly row: number;
  readonly column: number;
}

/** Columns, both ends included, and rows of a selection. */
export interface StatisticsArea {
  readonly firstColumn: number;
  readonly lastColumn: number;
  readonly rows: RowSpan;
}

export type FromFormulaWorker =
  | {
      readonly patron: 'calls';
      readonly name: string;
      readonly keys: readonly string[];
      readonly calls: readonly (readonly FunctionValue[])[];
      readonly cells: readonly CalledCell[];
    }
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
