import { type Column, type ColumnType, codeArray } from '@patron/sdk';
import type { FileSource } from './file-source.ts';
import type { ColumnChoice, ImportOptions, ReadResult } from './import-options.ts';
import { previewFile } from './preview-file.ts';
import { type ReadRun, readTable } from './read-table.ts';
import type { ColumnMeta, TableMeta } from './schema.ts';
import { sliceColumn } from './slice-column.ts';
import type { ColumnBatch } from './table-reader.ts';

/** A column of the table that comes of putting two tables one below the other. */
export interface JoinedColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly unit?: string;
}

/**
 * Reads a file as more rows of a table: a column of the same name is read as the table's type, so that a month without
 * decimals or with odd values does not change what the column is.
 */
export async function readAsMoreOf(
  meta: TableMeta,
  source: FileSource,
  options: ImportOptions,
  run: ReadRun,
): Promise<ReadResult> {
  const { detection } = await previewFile(source, options);
  const columns: Record<string, ColumnChoice> = { ...options.columns };
  for (const { original, name, type, skip } of detection.columns) {
    const known = meta.columns.find((column) => column.name === name);
    if (known && !skip) columns[original] = { ...columns[original], type: widerType(known.type, type) };
  }
  return await readTable(source, { ...options, columns }, run);
}

/** The columns of both, the table's first. */
export function joinedColumns(old: readonly ColumnMeta[], added: readonly ColumnMeta[]): JoinedColumn[] {
  const both = old.map(({ name, type, unit }) => {
    const more = added.find((column) => column.name === name);
    return { name, type: more ? widerType(type, more.type) : type, unit: unit ?? more?.unit };
  });
  const own = added.filter(({ name }) => !old.some((column) => column.name === name));
  return [...both, ...own.map(({ name, type, unit }) => ({ name, type, unit }))];
}

/** Whole numbers and decimals make decimals, days and times make times; else the table's own type stands. */
function widerType(old: ColumnType, added: ColumnType): ColumnType {
  if (old === 'integer' && added === 'number') return 'number';
  return old === 'date' && added === 'timestamp' ? 'timestamp' : old;
}

/** The rows of the table, group by group, then those of the file; a column that one of them lacks has no values there. */
export async function* joinedBatches(
  columns: readonly JoinedColumn[],
  old: TableMeta,
  readOld: (names: readonly string[], start: number, end: number) => Promise<readonly { column: Column }[]>,
  added: ReadResult['table'],
): AsyncGenerator<ColumnBatch> {
  const names = old.columns.map(({ name }) => name);
  for (let start = 0; start < old.rows; start += old.groupRows) {
    const end = Math.min(old.rows, start + old.groupRows);
    const read = await readOld(names, start, end);
    const byName = new Map(names.map((name, i) => [name, read[i].column]));
    yield batchOf(columns, byName, end - start);
  }
  const byName = new Map(added.columns.map(({ name, column }) => [name, column]));
  for (let start = 0; start < added.rows; start += old.groupRows) {
    const end = Math.min(added.rows, start + old.groupRows);
    const part = new Map([...byName].map(([name, column]) => [name, sliceColumn(column, start, end)]));
    yield batchOf(columns, part, end - start);
  }
}

function batchOf(columns: readonly JoinedColumn[], byName: ReadonlyMap<string, Column>, rows: number): ColumnBatch {
  return { rows, columns: columns.map(({ name, type }) => byName.get(name) ?? emptyColumn(type, rows)) };
}

function emptyColumn(type: ColumnType, length: number): Column {
  const validity = new Uint8Array((length + 7) >> 3);
  const values = new Uint8Array(length);
  switch (type) {
    case 'string': {
      const dictionary = { offsets: new Uint32Array(1), bytes: new Uint8Array(0) };
      return { type, layout: 'dictionary', length, codes: codeArray(0, length), dictionary, validity };
    }
    case 'number':
      return { type, length, values, scale: 10, validity };
    case 'timestamp':
      return { type, length, values, unit: 60_000, zoned: false, validity };
    default:
      return { type, length, values, validity };
  }
}
