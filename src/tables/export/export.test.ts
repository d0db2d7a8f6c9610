import {
  type CellValue,
  type Column,
  columnFromValues,
  dateColumn,
  decimalColumn,
  timestampColumn,
  valueAt,
} from '@patron/sdk';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../file-source.ts';
import type { NamedColumn } from '../import-options.ts';
import { readTable } from '../read-table.ts';
import { exportArrow } from './export-arrow.ts';
import { exportJsonLines } from './export-json-lines.ts';
import { exportParquet } from './export-parquet.ts';
import { exportXlsx } from './export-xlsx.ts';
import { memoryGroups, type TableGroups } from './table-groups.ts';

const values = (column: Column): CellValue[] => Array.from({ length: column.length }, (_, row) => valueAt(column, row));

const table: NamedColumn[] = [
  { name: 'customer', column: columnFromValues('string', ['007', '110101199003078515', null, '=SUM(A1)', 'a"b,c\nd']) },
  { name: '姓名', column: columnFromValues('string', ['李雷', '韩梅梅', '王', null, '#N/A']) },
  { name: 'paid', column: decimalColumn(Int32Array.of(1255, -50, 0, 100000, 1), 100) },
  { name: 'rate', column: columnFromValues('number', [0.1, null, 1 / 3, -2.5e-7, 12345.678]) },
  { name: 'count', column: columnFromValues('integer', [1, null, -3, 9007199254740991, 0]) },
  { name: 'vip', column: columnFromValues('boolean', [true, false, null, true, false]) },
  { name: 'day', column: dateColumn(Int32Array.of(0, 19_000, -40_000, 20_000, -25_509)) },
  { name: 'at', column: timestampColumn(Float64Array.of(1.7e12, 1.7e12 + 61_000, 0, 86_400_000, 1.6e12), false) },
  { name: 'instant', column: timestampColumn(Float64Array.of(1.7e12, 1.7e12 + 61_000, 0, 86_400_000, 1.6e12), true) },
];

async function bytesOf(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  for await (const piece of pieces) parts.push(piece);
  return new Uint8Array(Buffer.concat(parts));
}

describe.each([
  ['parquet', exportParquet],
  ['arrow', exportArrow],
  ['jsonl', exportJsonLines],
  ['xlsx', exportXlsx],
] as const)('%s', (extension, exporter) => {
  it('gives the same table back, types and missing values included', async () => {
    const bytes = await bytesOf(exporter(memoryGroups('t', table)));
    const { table: back } = await readTable(bytesSource(`t.${extension}`, bytes));
    expect(back.columns.map(({ name, column }) => [name, column.type])).toEqual(
      table.map(({ name, column }) => [name, column.type]),
    );
    for (const [index, { column }] of table.entries())
      expect(values(back.columns[index].column)).toEqual(values(column));
  });

  it('goes on over row groups', async () => {
    const groups: TableGroups = {
      ...memoryGroups('t', table),
      rows: 10,
      groups: () => [table.map(({ column }) => column), table.map(({ column }) => column)],
    };
    const bytes = await bytesOf(exporter(groups));
    const { table: back } = await readTable(bytesSource(`t.${extension}`, bytes));
    expect(back.rows).toBe(10);
    expect(values(back.columns[2].column)).toEqual([...values(table[2].column), ...values(table[2].column)]);
  });
});

describe('xlsx', () => {
  it('refuses more rows than a sheet holds, and says what to do', async () => {
    const groups = { ...memoryGroups('big', table), rows: 2_000_000 };
    await expect(bytesOf(exportXlsx(groups))).rejects.toThrow("'big' has 2000000 rows, more than the 1048575");
  });
});
