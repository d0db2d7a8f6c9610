import { type Column, isPresent, stringsOf } from '@patron/sdk';
import type { SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { ExportedColumn, TableGroups } from './table-groups.ts';

/** Snappy-packed Parquet, a row group at a time; decimals as DECIMAL, days as DATE, times in milliseconds. */
export async function* exportParquet(table: TableGroups): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const writer = new ByteWriter(1 << 16);
  const schema: SchemaElement[] = [{ name: 'root', num_children: table.columns.length }, ...table.columns.map(element)];
  const parquet = new ParquetWriter({ writer, schema, createdBy: 'patron' });
  for await (const columns of table.groups()) {
    const rows = columns[0]?.length ?? 0;
    if (rows === 0) continue;
    await parquet.write({
      rowGroupSize: rows,
      columnData: columns.map((column, index) => ({ name: table.columns[index].name, data: dataOf(column) })),
    });
    yield drain(writer);
  }
  parquet.finish();
  yield drain(writer);
}

/** What has been written since; the writer's `offset` goes on counting the whole file. */
function drain(writer: ByteWriter): Uint8Array<ArrayBuffer> {
  const bytes = writer.getBytes().slice();
  writer.index = 0;
  return bytes as Uint8Array<ArrayBuffer>;
}

function element({ name, type, scale = 1, zoned = false }: ExportedColumn): SchemaElement {
  const repetition_type = 'OPTIONAL';
  switch (type) {
    case 'string':
      return { name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type };
    case 'boolean':
      return { name, type: 'BOOLEAN', repetition_type };
    case 'integer':
      return { name, type: 'INT64', repetition_type };
    case 'date':
      return { name, type: 'INT32', converted_type: 'DATE', repetition_type };
    case 'timestamp':
      return {
        name,
        type: 'INT64',
        logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: zoned, unit: 'MILLIS' },
        repetition_type,
      };
    default:
      if (scale === 1) return { name, type: 'DOUBLE', repetition_type };
      return {
        name,
        type: 'INT64',
        converted_type: 'DECIMAL',
        scale: Math.round(Math.log10(scale)),
        precision: 18,
        repetition_type,
      };
  }
}

/** Values as the writer takes them: texts that do not repeat as their bytes, whole numbers and units of decimals as bigint, days as numbers. */
function dataOf(column: Column): unknown[] {
  const each = (value: (row: number) => unknown): unknown[] => {
    const values = new Array<unknown>(column.length);
    for (let row = 0; row < values.length; row++) values[row] = isPresent(column, row) ? value(row) : null;
    return values;
  };
  switch (column.type) {
    case 'string': {
      if (column.layout === 'plain') {
        const { offsets, bytes } = column.text;
        return each((row) => bytes.subarray(offsets[row], offsets[row + 1]));
      }
      const words = stringsOf(column.dictionary);
      return each((row) => words[column.codes[row]]);
    }
    case 'boolean':
      return each((row) => column.values[row] !== 0);
    case 'integer':
      return each((row) => BigInt(column.values[row]));
    case 'timestamp':
      return each((row) => BigInt(Math.round(column.values[row] * column.unit)));
    case 'date':
      return each((row) => column.values[row]);
    default:
      return column.scale === 1
        ? each((row) => column.values[row])
        : each((row) => BigInt(Math.round(column.values[row])));
  }
}
