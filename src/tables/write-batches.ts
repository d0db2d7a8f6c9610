import { BooleanBuilder } from './boolean-builder.ts';
import type { BuildContext, BuiltType, ColumnBuilder } from './column-builder.ts';
import { NullTokens } from './null-tokens.ts';
import { NumberBuilder } from './number-builder.ts';
import type { SinkRun } from './read-text.ts';
import { groupRowsFor } from './schema.ts';
import { TableError } from './table-error.ts';
import type { ColumnBatch, OpenedTable } from './table-reader.ts';
import { type BegunText, TextBuilder } from './text-builder.ts';
import { TimeBuilder } from './time-builder.ts';

/** A column that is to be built; `begun` where its first row groups are there already. */
type BatchColumn = OpenedTable['columns'][number] & { readonly begun?: BegunText };

/** Builds finished columns anew, batch by batch, in row groups, with one dictionary for each text column. */
export async function writeBatches(
  { columns, batches }: { readonly columns: readonly BatchColumn[]; readonly batches: OpenedTable['batches'] },
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
  const builders = columns.map((column) => builderOf(column, context));
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

function builderOf({ type, begun }: BatchColumn, context: BuildContext): ColumnBuilder {
  switch (type) {
    case 'string':
      return new TextBuilder(context, begun);
    case 'boolean':
      return new BooleanBuilder(context, true);
    case 'date':
    case 'timestamp':
      return new TimeBuilder(context, { forced: type, order: 'day-month', orderChosen: true });
    default:
      return new NumberBuilder(context, { forced: type });
  }
}

/** A type with the unit of its column. */
export function withUnit(built: BuiltType, unit: string | undefined): BuiltType {
  return unit !== undefined && (built.type === 'number' || built.type === 'integer') ? { ...built, unit } : built;
}

/** A table that is in memory as the one batch it is. */
export async function* oneBatch(batch: ColumnBatch): AsyncGenerator<ColumnBatch> {
  yield batch;
}
