import { type Column, type ColumnType, stringColumn, validityOf } from '@patron/sdk';
import {
  CompressionType,
  compressionRegistry,
  DataType,
  type Field,
  Precision,
  type RecordBatch,
  RecordBatchReader,
  TimeUnit,
  type Type,
  type Vector,
} from 'apache-arrow';
import { decompressZstd } from 'hyparquet-compressors';
import type { FileSource } from '../file-source.ts';
import type { DetectedColumn, ImportOptions } from '../import-options.ts';
import { TableError } from '../table-error.ts';
import type { ColumnBatch, OpenedTable, ReadContext, TableReader } from '../table-reader.ts';
import { chosenColumns } from './chosen-columns.ts';
import { unpackLz4Frame } from './lz4-frame.ts';
import { readWhole } from './read-whole.ts';

compressionRegistry.set(CompressionType.LZ4_FRAME, { decode: unpackLz4Frame });
compressionRegistry.set(CompressionType.ZSTD, { decode: (bytes) => decompressZstd(bytes, undefined as never) });

/** Apache Arrow: IPC files (Feather 2) and streams, plain or packed by LZ4 or ZSTD. */
export const arrowReader: TableReader = {
  format: 'arrow',
  sniff(name, head) {
    if (String.fromCharCode(...head.subarray(0, 6)) === 'ARROW1') return 1;
    const streamed = head[0] === 0xff && head[1] === 0xff && head[2] === 0xff && head[3] === 0xff;
    return streamed && /\.(arrows?|feather|ipc)$/i.test(name) ? 0.9 : 0;
  },
  open: openArrow,
};

async function openArrow(source: FileSource, options: ImportOptions, context: ReadContext): Promise<OpenedTable> {
  const { fields, batches } = await readBatches(source);
  const found = fields.map((field, index) => arrowColumn(field, batches, index));
  const { columns, kept } = chosenColumns(found, options);
  return {
    detection: { format: 'arrow', columns },
    columns: kept.map((index) => ({ name: columns[index].name, type: columns[index].type })),
    batches: convert(source, batches, kept, found, context),
    rows: batches.reduce((sum, { numRows }) => sum + numRows, 0),
  };
}

async function readBatches(source: FileSource): Promise<{ fields: readonly Field[]; batches: readonly RecordBatch[] }> {
  const bytes = await readWhole(source);
  try {
    const reader = await RecordBatchReader.from(bytes).open();
    // Reading the last batch resets the reader, its schema with it.
    const { fields } = reader.schema;
    return { fields, batches: [...reader] };
  } catch (cause) {
    throw new TableError(
      'bad-file',
      `'${source.name}' is damaged or no Arrow file: ${(cause as Error).message}. Export it again.`,
      { file: source.name },
      cause,
    );
  }
}

async function* convert(
  source: FileSource,
  batches: readonly RecordBatch[],
  kept: readonly number[],
  found: readonly DetectedColumn[],
  context: ReadContext,
): AsyncGenerator<ColumnBatch> {
  let rows = 0;
  for (const [index, batch] of batches.entries()) {
    context.signal.throwIfAborted();
    const columns = kept.map((column) => toColumn(found[column], batch.getChildAt(column) as Vector, batch.numRows));
    rows += batch.numRows;
    context.onProgress({
      stage: 'reading',
      done: Math.round((source.size * (index + 1)) / batches.length),
      total: source.size,
      rows,
    });
    yield { rows: batch.numRows, columns };
  }
}

function arrowColumn(field: Field, batches: readonly RecordBatch[], index: number): DetectedColumn {
  const type = arrowType(field.type, () => batches.every((batch) => isExact(batch.getChildAt(index) as Vector)));
  const scale = DataType.isDecimal(field.type) ? 10 ** field.type.scale : 1;
  const zoned = DataType.isTimestamp(field.type) && Boolean(field.type.timezone);
  return {
    original: field.name,
    name: field.name,
    type,
    skip: false,
    ...(type === 'number' ? { scale } : {}),
    ...(type === 'timestamp' ? { zoned } : {}),
  };
}

function arrowType(type: DataType, exact: () => boolean): ColumnType {
  if (DataType.isBool(type)) return 'boolean';
  if (DataType.isInt(type)) return type.bitWidth < 64 || exact() ? 'integer' : 'string';
  if (DataType.isFloat(type)) return 'number';
  if (DataType.isDecimal(type)) return type.scale > 0 && type.scale <= 6 && type.precision <= 15 ? 'number' : 'string';
  if (DataType.isDate(type)) return 'date';
  if (DataType.isTimestamp(type)) return 'timestamp';
  return 'string';
}

/** Whether a column of 64-bit whole numbers fits what a double holds. */
function isExact(vector: Vector): boolean {
  for (const value of vector) if (value !== null && !Number.isSafeInteger(Number(value))) return false;
  return true;
}

function toColumn(column: DetectedColumn, vector: Vector, length: number): Column {
  const type = vector.type as DataType;
  if (column.type === 'string') {
    return stringColumn(Array.from({ length }, (_, row) => textOf(vector.get(row), type)));
  }
  const { values, validity } = numericValues(vector, length, column, type);
  switch (column.type) {
    case 'boolean':
      return { type: 'boolean', length, validity, values: Uint8Array.from(values) };
    case 'number':
      return { type: 'number', length, validity, values, scale: column.scale ?? 1 };
    case 'timestamp':
      return { type: 'timestamp', length, validity, values, unit: 1, zoned: column.zoned ?? false };
    default:
      return { type: column.type, length, validity, values };
  }
}

/** Days for dates, milliseconds for times, scaled whole numbers for decimals, else the number itself. */
function numericValues(
  vector: Vector,
  length: number,
  column: DetectedColumn,
  type: DataType<Type>,
): { values: Float64Array; validity: Uint8Array | undefined } {
  const values = new Float64Array(length);
  if (vector.data.length === 1 && vector.nullCount === 0 && isPlain(type)) {
    // The stored array may be padded behind its rows.
    values.set((vector.data[0].values as Float64Array).subarray(0, length));
    return { values, validity: undefined };
  }
  const missing = new Uint8Array(length);
  for (let row = 0; row < length; row++) {
    const value = vector.get(row) as unknown;
    if (value === null || value === undefined) missing[row] = 1;
    else values[row] = numberOf(value, column, type);
  }
  return { values, validity: validityOf(length, (row) => missing[row] === 0) };
}

/** Whether the stored array holds the very numbers: not bits, halves or 64-bit whole numbers. */
function isPlain(type: DataType): boolean {
  if (DataType.isInt(type)) return type.bitWidth < 64;
  return DataType.isFloat(type) && type.precision !== Precision.HALF;
}

function numberOf(value: unknown, column: DetectedColumn, type: DataType): number {
  if (DataType.isDecimal(type)) return Number(decimalUnits(value as Uint32Array));
  if (column.type === 'date') return Math.floor(Number(value) / 86_400_000);
  if (DataType.isTimestamp(type) && type.unit === TimeUnit.NANOSECOND) return Math.round(Number(value) * 1000) / 1000;
  return Number(value);
}

/** A decimal's units as one whole number: little-endian 32-bit words in two's complement. */
function decimalUnits(words: Uint32Array): bigint {
  let units = 0n;
  for (let i = words.length - 1; i >= 0; i--) units = (units << 32n) | BigInt(words[i]);
  return BigInt.asIntN(words.length * 32, units);
}

function textOf(value: unknown, type: DataType): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (DataType.isDecimal(type)) return decimalText(decimalUnits(value as Uint32Array), type.scale);
  if (value instanceof Uint8Array) return Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (typeof value !== 'object') return String(value);
  return JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? inner.toString() : inner));
}

function decimalText(units: bigint, scale: number): string {
  if (scale <= 0) return (units * 10n ** BigInt(-scale)).toString();
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
