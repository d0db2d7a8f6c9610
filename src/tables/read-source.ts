import { BooleanBuilder } from './boolean-builder.ts';
import type { BuildContext, BuiltType, ColumnBuilder } from './column-builder.ts';
import { type FileSource, withCachedHead } from './file-source.ts';
import { prepareSource } from './formats/prepare-source.ts';
import type { ImportOptions } from './import-options.ts';
import { NullTokens } from './null-tokens.ts';
import { NumberBuilder } from './number-builder.ts';
import { type ReadOutcome, readText, type SinkRun } from './read-text.ts';
import { readerFor } from './readers.ts';
import { RejectList } from './reject-list.ts';
import { groupRowsFor } from './schema.ts';
import { TableError } from './table-error.ts';
import type { ColumnBatch, OpenedTable } from './table-reader.ts';
import { TextBuilder } from './text-builder.ts';
import { TimeBuilder } from './time-builder.ts';

/** How much of a file is looked at to tell its format. */
export const SNIFFED_BYTES = 64 << 10;

/** Reads a file of any known format into the sink. */
export async function readSource(given: FileSource, asked: ImportOptions, run: SinkRun): Promise<ReadOutcome> {
  const { source, options, detection, lines } = await prepareSource(withCachedHead(given), asked, run.signal);
  const head = await source.read(0, Math.min(source.size, SNIFFED_BYTES));
  const reader = await readerFor(source.name, head, options);
  if (!reader) {
    const outcome = await readText(source, options, run);
    lines?.tell(outcome.rejects);
    return { ...outcome, detection: { ...outcome.detection, ...detection } };
  }
  const rejects = new RejectList();
  const columnNumbers = new Map<string, number>();
  const opened = await reader.open(source, options, {
    signal: run.signal ?? new AbortController().signal,
    onProgress: (progress) => run.onProgress?.(progress),
    reject(line, column, raw, reason) {
      rejects.add(line, columnNumbers.get(column) ?? -1, reason, raw);
    },
  });
  for (const [index, { name }] of opened.columns.entries()) columnNumbers.set(name, index);
  const { rows, built, groupRows } = await writeBatches(opened, run);
  const names = opened.columns.map(({ name }) => name);
  return { rows, groupRows, built, names, rejects, detection: opened.detection };
}

/** Builds finished columns anew, batch by batch, in row groups, with one dictionary for each text column. */
export async function writeBatches(
  { columns, batches }: Pick<OpenedTable, 'columns' | 'batches'>,
  run: SinkRun & { readonly groupRows?: number },
): Promise<{ rows: number; groupRows: number; built: BuiltType[] }> {
  if (columns.length === 0) throw new TableError('no-columns', 'The table has no columns. Keep at least one.');
  const groupRows = run.groupRows ?? groupRowsFor(columns.length);
  const context: BuildContext = {
    nullTokens: new NullTokens([]),
    decimalComma: false,
    groupRows,
    decoded: false,
    reject: () => undefined,
    undecodable: () => undefined,
    readable: () => undefined,
  };
  const builders = columns.map(({ type }) => builderOf(type, context));
  let rows = 0;
  let fill = 0;
  let group = 0;
  const take = (): void => {
    for (const [column, builder] of builders.entries()) run.sink.chunk(column, group, builder.take());
    group++;
    fill = 0;
  };
  for await (const batch of batches) {
    run.signal?.throwIfAborted();
    for (let from = 0; from < batch.rows; ) {
      const to = Math.min(batch.rows, from + groupRows - fill);
      for (const [column, builder] of builders.entries()) builder.append(batch.columns[column], from, to);
      fill += to - from;
      rows += to - from;
      from = to;
      if (fill === groupRows) {
        take();
        await run.sink.ready();
      }
    }
  }
  if (fill > 0) take();
  const built = builders.map((builder, column) => withUnit(builder.finish(), columns[column].unit));
  return { rows, groupRows, built };
}

function builderOf(type: OpenedTable['columns'][number]['type'], context: BuildContext): ColumnBuilder {
  switch (type) {
    case 'string':
      return new TextBuilder(context);
    case 'boolean':
      return new BooleanBuilder(context, true);
    case 'date':
    case 'timestamp':
      return new TimeBuilder(context, { forced: type, order: 'day-month', orderChosen: true });
    default:
      return new NumberBuilder(context, { forced: type });
  }
}

function withUnit(built: BuiltType, unit: string | undefined): BuiltType {
  return unit !== undefined && (built.type === 'number' || built.type === 'integer') ? { ...built, unit } : built;
}

/** A table that is in memory as the one batch it is. */
export async function* oneBatch(batch: ColumnBatch): AsyncGenerator<ColumnBatch> {
  yield batch;
}
