import type { Column } from '@patron/sdk';
import { assembleColumn } from './assemble.ts';
import type { BuiltType } from './column-builder.ts';
import { columnBytes } from './column-bytes.ts';
import type { FileSource } from './file-source.ts';
import type { ImportOptions, ImportProgress, ReadResult } from './import-options.ts';
import { readSource } from './read-source.ts';
import type { ColumnMeta } from './schema.ts';
import { MemorySink } from './table-sink.ts';

export interface ReadRun {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ImportProgress) => void;
}

/**
 * Reads a whole table into memory.
 * @throws TableError naming what is wrong with the file; the signal's reason once it is aborted.
 */
export async function readTable(
  source: FileSource,
  options: ImportOptions = {},
  run: ReadRun = {},
): Promise<ReadResult> {
  const sink = new MemorySink();
  const outcome = await readSource(source, options, { ...run, sink });
  const columns = outcome.built.flatMap((built, column) => {
    if (!built) return [];
    const name = outcome.names[column];
    return [{ name, column: assembleColumn(name, built, sink.chunksOf(column)), built }];
  });
  return {
    table: { rows: outcome.rows, columns: columns.map(({ name, column }) => ({ name, column })) },
    meta: columns.map(({ name, column, built }) => columnMeta(name, column, built)),
    rejects: outcome.rejects.finish(outcome.names),
    detection: outcome.detection,
  };
}

function columnMeta(name: string, column: Column, built: BuiltType): ColumnMeta {
  const common = { name, type: column.type, missing: missingOf(column), bytes: columnBytes(column) };
  if (column.type === 'string') {
    return column.layout === 'plain'
      ? { ...common, layout: 'plain' }
      : { ...common, layout: 'dictionary', distinct: column.dictionary.offsets.length - 1 };
  }
  const unit = 'unit' in built ? built.unit : undefined;
  if (column.type === 'number') return { ...common, layout: 'fixed', scale: column.scale, unit };
  if (column.type === 'timestamp') return { ...common, layout: 'fixed', zoned: column.zoned };
  return { ...common, layout: 'fixed', unit };
}

function missingOf(column: Column): number {
  const { validity, length } = column;
  if (!validity) return 0;
  let missing = 0;
  for (let i = 0; i < length; i++) if ((validity[i >> 3] & (1 << (i & 7))) === 0) missing++;
  return missing;
}
