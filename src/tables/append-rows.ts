import type { Column, ColumnType } from '@patron/sdk';
import type { FileSource } from './file-source.ts';
import type { ColumnChoice, ImportOptions, ReadResult } from './import-options.ts';
import { previewFile } from './preview-file.ts';
import { type ReadRun, readTable } from './read-table.ts';
import type { TableMeta } from './schema.ts';

const DAY = 86_400_000;

/**
 * Reads a file as more rows of a table: a column of the same name is read as the table's type, so that a month without
 * decimals or with odd values does not change what the column is. Only where the file has decimals among whole numbers or
 * times among days is its column one of these, wherever in the file they are.
 */
export async function readAsMoreOf(
  meta: TableMeta,
  source: FileSource,
  options: ImportOptions,
  run: ReadRun,
): Promise<ReadResult> {
  const { detection } = await previewFile(source, options);
  const columns: Record<string, ColumnChoice> = { ...options.columns };
  const known = new Map(meta.columns.map(({ name, type }) => [name, type]));
  for (const { original, name, skip } of detection.columns) {
    const type = known.get(name);
    if (type !== undefined && !skip) columns[original] = { ...columns[original], type: roomierType(type) };
  }
  const read = await readTable(source, { ...options, columns }, run);
  const settled = read.table.columns.map(({ name, column }) => ({ name, column: settledAs(column, known.get(name)) }));
  return {
    ...read,
    table: { ...read.table, columns: settled },
    meta: read.meta.map((each, i) => ({ ...each, type: settled[i].column.type })),
  };
}

/** A type that holds all values of a type and those that may join it without loss. */
function roomierType(type: ColumnType): ColumnType {
  if (type === 'integer') return 'number';
  return type === 'date' ? 'timestamp' : type;
}

/** Decimals that are all whole, or times that are all days, as what the table knows them as. */
function settledAs(column: Column, known: ColumnType | undefined): Column {
  if (column.type === 'number' && known === 'integer' && column.scale === 1 && all(column, Number.isSafeInteger)) {
    const { length, values, validity } = column;
    return { type: 'integer', length, values, validity };
  }
  if (column.type === 'timestamp' && known === 'date' && !column.zoned) {
    const { length, values, unit, validity } = column;
    if (all(column, (value) => (value * unit) % DAY === 0)) {
      return { type: 'date', length, values: Int32Array.from(values, (value) => (value * unit) / DAY), validity };
    }
  }
  return column;
}

function all(column: Exclude<Column, { type: 'string' }>, holds: (value: number) => boolean): boolean {
  const { values, validity, length } = column;
  for (let row = 0; row < length; row++) {
    const present = validity === undefined || (validity[row >> 3] & (1 << (row & 7))) !== 0;
    if (present && !holds(values[row])) return false;
  }
  return true;
}
