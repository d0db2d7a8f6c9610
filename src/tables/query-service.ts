import type { ColumnStatistics } from './column-statistics.ts';
import type { FoundCells } from './find-cells.ts';
import type { NamedColumn } from './import-options.ts';
import { type OnShare, seldom } from './seldom.ts';
import { type ColumnQuery, type FindQuery, type RowQuery, TableQueries, type ValuesQuery } from './table-queries.ts';
import type { TableStore } from './table-store.ts';
import type { FrequentValues } from './value-counts.ts';
import type { Transfer } from './worker-service.ts';

/** The questions about rows that the worker answers. Each carries the number by which it can be cancelled. */
export interface QueryService {
  rowIndex(job: number, id: string, query: RowQuery, onShare: OnShare): Promise<Uint32Array>;
  readRowsAt(id: string, names: readonly string[], index: Uint32Array, version?: number): Promise<NamedColumn[]>;
  statistics(job: number, id: string, query: ColumnQuery): Promise<ColumnStatistics>;
  values(job: number, id: string, query: ValuesQuery): Promise<FrequentValues>;
  find(job: number, id: string, query: FindQuery, onShare: OnShare): Promise<FoundCells>;
}

interface ServiceParts {
  readonly store: () => Promise<TableStore>;
  asJob<Result>(job: number, run: (signal: AbortSignal) => Promise<Result>): Promise<Result>;
  readonly transfer: Transfer;
  handOver(columns: NamedColumn[]): NamedColumn[];
}

export function queryService({ store, asJob, transfer, handOver }: ServiceParts): QueryService {
  let queries: TableQueries | undefined;
  const ask = async (): Promise<TableQueries> => {
    queries ??= new TableQueries(await store());
    return queries;
  };
  return {
    rowIndex: (job, id, query, onShare) =>
      asJob(job, async (signal) => {
        const index = await (await ask()).rowIndex(id, query, { signal, onShare: seldom(onShare) });
        const copy = handedOut(index);
        return copy.buffer instanceof ArrayBuffer ? transfer(copy, [copy.buffer]) : copy;
      }),
    readRowsAt: async (id, names, index, version) =>
      handOver(await (await ask()).readRowsAt(id, names, index, version)),
    statistics: (job, id, query) => asJob(job, async (signal) => (await ask()).statistics(id, query, { signal })),
    values: (job, id, query) => asJob(job, async (signal) => (await ask()).values(id, query, { signal })),
    find: (job, id, query, onShare) =>
      asJob(job, async (signal) => {
        const found = await (await ask()).find(id, query, { signal, onShare: seldom(onShare) });
        return transfer(found, [found.places.buffer, found.columns.buffer]);
      }),
  };
}

/** A copy, which every thread may read at once where the page is isolated: an index goes to several. */
function handedOut(index: Uint32Array): Uint32Array {
  const isolated = globalThis.crossOriginIsolated === true && index.length > 0;
  const copy = new Uint32Array(isolated ? new SharedArrayBuffer(index.byteLength) : new ArrayBuffer(index.byteLength));
  copy.set(index);
  return copy;
}
