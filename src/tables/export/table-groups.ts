import type { Column, ColumnType } from '@patron/sdk';
import type { NamedColumn } from '../import-options.ts';

/** What an exporter needs to know of a column before its rows. */
export interface ExportedColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** Numbers: power of ten. */
  readonly scale?: number;
  /** Timestamps: whether they are instants. */
  readonly zoned?: boolean;
}

/** A table as exporters take it: its columns, then its rows by groups, each read once and in order. */
export interface TableGroups {
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly ExportedColumn[];
  groups(): AsyncIterable<readonly Column[]> | Iterable<readonly Column[]>;
}

/** A table in memory as one group. */
export function memoryGroups(name: string, columns: readonly NamedColumn[]): TableGroups {
  return {
    name,
    rows: columns[0]?.column.length ?? 0,
    columns: columns.map((named) => exportedColumn(named)),
    groups: () => [columns.map(({ column }) => column)],
  };
}

function exportedColumn({ name, column }: NamedColumn): ExportedColumn {
  if (column.type === 'number') return { name, type: column.type, scale: column.scale };
  if (column.type === 'timestamp') return { name, type: column.type, zoned: column.zoned };
  return { name, type: column.type };
}
