import { type Column, isPresent, numberAt, textAt } from '@patron/sdk';
import {
  Bool,
  type DataType,
  DateDay,
  Decimal,
  Field,
  Float64,
  Int64,
  makeBuilder,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  Timestamp,
  TimeUnit,
  tableToIPC,
  Utf8,
  type Vector,
} from 'apache-arrow';
import type { ExportedColumn, TableGroups } from './table-groups.ts';

/** An Arrow IPC file (Feather 2), a record batch for each row group. */
export async function* exportArrow(table: TableGroups): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const fields = table.columns.map((column) => new Field(column.name, arrowType(column), true));
  const schema = new Schema(fields);
  const batches: RecordBatch[] = [];
  for await (const columns of table.groups()) {
    const rows = columns[0]?.length ?? 0;
    const children = columns.map((column, index) => vectorOf(column, fields[index].type).data[0]);
    batches.push(new RecordBatch(schema, makeData({ type: new Struct(fields), length: rows, children })));
  }
  yield tableToIPC(new Table(schema, batches), 'file') as Uint8Array<ArrayBuffer>;
}

function arrowType({ type, scale = 1, zoned = false }: ExportedColumn): DataType {
  switch (type) {
    case 'string':
      return new Utf8();
    case 'boolean':
      return new Bool();
    case 'integer':
      return new Int64();
    case 'date':
      return new DateDay();
    case 'timestamp':
      return new Timestamp(TimeUnit.MILLISECOND, zoned ? 'UTC' : null);
    default:
      return scale === 1 ? new Float64() : new Decimal(Math.round(Math.log10(scale)), 15, 128);
  }
}

function vectorOf(column: Column, type: DataType): Vector {
  const builder = makeBuilder({ type, nullValues: [null] });
  for (let row = 0; row < column.length; row++) builder.append(isPresent(column, row) ? cellOf(column, row) : null);
  return builder.finish().toVector();
}

function cellOf(column: Column, row: number): unknown {
  switch (column.type) {
    case 'string':
      return textAt(column, row);
    case 'boolean':
      return column.values[row] !== 0;
    case 'integer':
      return BigInt(column.values[row]);
    case 'date':
      return new Date(column.values[row] * 86_400_000);
    case 'number':
      return column.scale === 1 ? column.values[row] : decimalWords(BigInt(Math.round(column.values[row])));
    default:
      return numberAt(column, row);
  }
}

/** 128 bits in two's complement, least word first. */
function decimalWords(units: bigint): Uint32Array {
  const bits = BigInt.asUintN(128, units);
  return Uint32Array.from({ length: 4 }, (_, word) => Number((bits >> BigInt(32 * word)) & 0xffffffffn));
}
