import { type Column, numberAt, valueAt } from '@patron/sdk';
import type { CellValue } from 'hucre';
import { writeXlsxStream } from 'hucre/xlsx';
import { TableError } from '../table-error.ts';
import type { ExportedColumn, TableGroups } from './table-groups.ts';

/** Rows of an Excel sheet, less the header. */
const MOST_ROWS = 1_048_575;
const DAY = 86_400_000;
/** Excel knows no days before 1900, and counts one too many up to here. */
const FIRST_DAY = Date.UTC(1900, 2, 1);

/**
 * One sheet with a frozen header: numbers, truth values, days and wall-clock times as such (before March 1900 as ISO text);
 * instants as ISO text, which keeps the zone. Texts are text cells, so none is run as a formula.
 * @throws TableError where the table has more rows than a sheet can hold.
 */
export async function* exportXlsx(table: TableGroups): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  if (table.rows > MOST_ROWS) {
    throw new TableError(
      'bad-option',
      `'${table.name}' has ${table.rows} rows, more than the ${MOST_ROWS} of an Excel sheet. Export it as CSV or Parquet, or filter it first.`,
      { table: table.name, rows: table.rows, most: MOST_ROWS },
    );
  }
  const stream = writeXlsxStream(rowsOf(table), {
    name: sheetName(table.name),
    columns: table.columns.map((column) => ({
      header: column.name,
      width: Math.min(40, Math.max(10, column.name.length + 4)),
      numFmt: numberFormat(column),
    })),
    freezePane: { rows: 1 },
  });
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value as Uint8Array<ArrayBuffer>;
  }
}

async function* rowsOf(table: TableGroups): AsyncGenerator<CellValue[]> {
  for await (const columns of table.groups()) {
    const rows = columns[0]?.length ?? 0;
    for (let row = 0; row < rows; row++) yield columns.map((column) => cellOf(column, row));
  }
}

function cellOf(column: Column, row: number): CellValue {
  if (column.type !== 'date' && (column.type !== 'timestamp' || column.zoned)) return valueAt(column, row);
  const number = numberAt(column, row);
  if (Number.isNaN(number)) return null;
  const milliseconds = column.type === 'date' ? number * DAY : number;
  return milliseconds < FIRST_DAY ? valueAt(column, row) : new Date(milliseconds);
}

function numberFormat({ type, scale = 1, zoned }: ExportedColumn): string | undefined {
  if (type === 'date') return 'yyyy-mm-dd';
  if (type === 'timestamp' && !zoned) return 'yyyy-mm-dd hh:mm:ss';
  if (type === 'number' && scale > 1) return `0.${'0'.repeat(Math.round(Math.log10(scale)))}`;
  return type === 'integer' ? '0' : undefined;
}

/** At most 31 characters, none of those that Excel refuses. */
function sheetName(name: string): string {
  const plain = name
    .replace(/[[\]:*?/\\]/g, ' ')
    .replace(/^'+|'+$/g, '')
    .trim();
  return [...(plain || 'Table')].slice(0, 31).join('');
}
