import { type Accessor, createMemo, createSignal, onCleanup } from 'solid-js';
import type { TableMeta, TablesClient } from '../../tables/index.ts';
import type { Trash } from '../trash.ts';

/** The tables of the open workbook, in step with the store. */
export interface StoredTables {
  readonly client: TablesClient;
  /** By name; without what is in the trash and without the tables that belong to results. */
  readonly list: Accessor<readonly TableMeta[]>;
  /** Tables that a run made: a row per customer. */
  readonly results: Accessor<readonly TableMeta[]>;
  refresh(): Promise<void>;
}

export function createStoredTables(
  client: TablesClient,
  workbook: Accessor<string | null>,
  trash: Trash,
  onWritten: (tableId: string) => void,
): StoredTables {
  const [all, setAll] = createSignal<readonly TableMeta[]>([]);
  let asked = 0;
  const refresh = async (): Promise<void> => {
    const id = workbook();
    asked += 1;
    const turn = asked;
    const list = id === null ? [] : await client.list(id);
    if (turn === asked) setAll(list);
  };
  onCleanup(
    client.onChange((change) => {
      if (change.workbook !== workbook()) return;
      void refresh();
      if (change.kind === 'written') onWritten(change.tableId);
    }),
  );
  const kept = createMemo(() => all().filter(({ id }) => !trash.tables().has(id)));
  return {
    client,
    list: createMemo(() => kept().filter(({ source }) => source.kind !== 'result')),
    results: createMemo(() => kept().filter(({ source }) => source.kind === 'result')),
    refresh,
  };
}
