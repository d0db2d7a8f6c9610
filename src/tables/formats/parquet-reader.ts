import { type Column, type ColumnType, stringColumn, validityOf } from '@patron/sdk';
import { type AsyncBuffer, type FileMetaData, parquetMetadataAsync, parquetScan, type SchemaElement } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { FileSource } from '../file-source.ts';
import type { DetectedColumn, ImportOptions } from '../import-options.ts';
import { TableError } from '../table-error.ts';
import type { ColumnBatch, OpenedTable, ReadContext, TableReader } from '../table-reader.ts';
import { chosenColumns } from './chosen-columns.ts';

const MAGIC = 'PAR1';
const EXACT_DECIMALS = 6;

/** What a Parquet column becomes. */
interface ParquetColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly scale: number;
  readonly zoned: boolean;
}

/** Apache Parquet, any codec, flat columns by their types; a nested column is kept as JSON text. */
export const parquetReader: TableReader = {
  format: 'parquet',
  sniff(_name, head) {
    return String.fromCharCode(...head.subarray(0, 4)) === MAGIC ? 1 : 0;
  },
  open: openParquet,
};

async function openParquet(source: FileSource, options: ImportOptions, context: ReadContext): Promise<OpenedTable> {
  const file = asyncBuffer(source);
  const metadata = await named(source, () => parquetMetadataAsync(file));
  const found = topLevel(metadata).map((element) => parquetColumn(element, metadata));
  const detected = found.map(
    (column): DetectedColumn => ({
      original: column.name,
      name: column.name,
      type: column.type,
      skip: false,
      ...(column.type === 'timestamp' ? { zoned: column.zoned } : {}),
      ...(column.type === 'number' ? { scale: column.scale } : {}),
    }),
  );
  const { columns, kept } = chosenColumns(detected, options);
  const taken = kept.map((index) => found[index]);
  return {
    detection: { format: 'parquet', columns },
    columns: kept.map((index) => ({ name: columns[index].name, type: columns[index].type })),
    batches: readGroups(source, file, metadata, taken, context),
    rows: Number(metadata.num_rows),
  };
}

async function* readGroups(
  source: FileSource,
  file: AsyncBuffer,
  metadata: FileMetaData,
  columns: readonly ParquetColumn[],
  context: ReadContext,
): AsyncGenerator<ColumnBatch> {
  const parsers = {
    timestampFromMilliseconds: (value: bigint) => Number(value),
    timestampFromMicroseconds: (value: bigint) => Number(value) / 1000,
    timestampFromNanoseconds: (value: bigint) => Number(value / 1000n) / 1000,
    dateFromDays: (value: number) => value,
  };
  const names = columns.map(({ name }) => name);
  const scan = await named(source, () => parquetScan({ file, metadata, columns: names, compressors, parsers }));
  const rows = Number(metadata.num_rows);
  for (const { rowStart, rowEnd } of scan.ranges) {
    context.signal.throwIfAborted();
    const batch: Column[] = [];
    for (const column of columns) {
      const data = await named(source, () => scan.readColumn({ column: column.name, rowStart, rowEnd }));
      batch.push(toColumn(column, data, rowStart, context));
    }
    context.onProgress({
      stage: 'reading',
      done: Math.round((source.size * rowEnd) / rows),
      total: source.size,
      rows: rowEnd,
    });
    yield { rows: rowEnd - rowStart, columns: batch };
  }
}

/** Top-level columns of the schema; those with children stand for everything below them. */
function topLevel(metadata: FileMetaData): SchemaElement[] {
  const elements: SchemaElement[] = [];
  const after = (index: number): number => {
    let next = index + 1;
    for (let child = 0; child < (metadata.schema[index].num_children ?? 0); child++) next = after(next);
    return next;
  };
  for (let index = 1; index < metadata.schema.length; index = after(index)) elements.push(metadata.schema[index]);
  return elements;
}

function parquetColumn(element: SchemaElement, metadata: FileMetaData): ParquetColumn {
  const { name, type, converted_type: converted, logical_type: logical } = element;
  const column = (kind: ColumnType, scale = 1, zoned = false): ParquetColumn => ({ name, type: kind, scale, zoned });
  if (element.num_children || element.repetition_type === 'REPEATED') return column('string');
  if (type === 'BOOLEAN') return column('boolean');
  if (converted === 'DATE' || logical?.type === 'DATE') return column('date');
  if (logical?.type === 'TIMESTAMP') return column('timestamp', 1, logical.isAdjustedToUTC);
  if (converted === 'TIMESTAMP_MILLIS' || converted === 'TIMESTAMP_MICROS') return column('timestamp', 1, true);
  if (type === 'INT96') return column('timestamp');
  if (converted === 'DECIMAL')
    return column('number', (element.scale ?? 0) <= EXACT_DECIMALS ? 10 ** (element.scale ?? 0) : 1);
  if (converted?.startsWith('TIME_') || logical?.type === 'TIME') return column('string');
  if (type === 'INT32') return column('integer');
  if (type === 'INT64') return column(beyondExact(name, metadata) ? 'string' : 'integer');
  if (type === 'FLOAT' || type === 'DOUBLE' || logical?.type === 'FLOAT16') return column('number');
  return column('string');
}

/** Whether the statistics show whole numbers that a double cannot hold: such identifiers stay text. */
function beyondExact(name: string, metadata: FileMetaData): boolean {
  return metadata.row_groups.some((group) =>
    group.columns.some(({ meta_data: meta }) => {
      if (meta?.path_in_schema.join('.') !== name) return false;
      const { min_value: low = meta.statistics?.min, max_value: high = meta.statistics?.max } = meta.statistics ?? {};
      return [low, high].some((bound) => typeof bound === 'bigint' && !Number.isSafeInteger(Number(bound)));
    }),
  );
}

function toColumn(column: ParquetColumn, data: ArrayLike<unknown>, rowStart: number, context: ReadContext): Column {
  const { length } = data;
  if (column.type === 'string') return stringColumn(Array.from(data, asText));
  const values = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    const value = data[i];
    if (value === null || value === undefined) values[i] = Number.NaN;
    else if (typeof value === 'bigint' && !Number.isSafeInteger(Number(value))) {
      context.reject(rowStart + i + 1, column.name, String(value), 'not-an-integer');
      values[i] = Number.NaN;
    } else values[i] = column.scale > 1 ? Math.round(Number(value) * column.scale) : Number(value);
  }
  const validity = validityOf(length, (row) => !Number.isNaN(values[row]));
  switch (column.type) {
    case 'boolean':
      return { type: 'boolean', length, validity, values: Uint8Array.from(values) };
    case 'number':
      return { type: 'number', length, validity, values, scale: column.scale };
    case 'timestamp':
      return { type: 'timestamp', length, validity, values, unit: 1, zoned: column.zoned };
    default:
      return { type: column.type, length, validity, values };
  }
}

function asText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (typeof value !== 'object') return String(value);
  return JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? inner.toString() : inner));
}

function asyncBuffer(source: FileSource): AsyncBuffer {
  return {
    byteLength: source.size,
    slice: async (start, end = source.size) => {
      const bytes = await source.read(start, Math.min(end, source.size));
      return bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer;
    },
  };
}

/** A fault of the file is told with the file's name; the parser's own words stay as the cause. */
async function named<V>(source: FileSource, read: () => V | Promise<V>): Promise<V> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof TableError) throw cause;
    throw new TableError(
      'bad-file',
      `'${source.name}' is damaged or no Parquet file: ${(cause as Error).message}. Export it again.`,
      { file: source.name },
      cause,
    );
  }
}
