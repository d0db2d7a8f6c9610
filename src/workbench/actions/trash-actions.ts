import type { Workbench } from '../workbench.ts';

/** Deletes for good what is in the trash. Notices that offered to bring it back no longer do. */
export async function emptyTrash({ trash, tables, runs, session }: Workbench): Promise<void> {
  const { tables: tableIds, workbooks, runs: runIds } = trash.empty();
  const done = await Promise.allSettled([
    ...tableIds.map((id) => tables.client.remove(id)),
    ...runIds.map((id) => runs.service.remove(id)),
    ...workbooks.map(async (id) => {
      for (const run of await runs.service.runs(id)) await runs.service.remove(run.id);
      await tables.client.removeWorkbook(id);
      await session.remove(id);
    }),
  ]);
  // What could not be deleted now is tried again at the next start.
  const ids = [...tableIds, ...runIds, ...workbooks];
  done.forEach((outcome, index) => {
    if (outcome.status === 'fulfilled') return;
    const kind = index < tableIds.length ? 'tables' : index < tableIds.length + runIds.length ? 'runs' : 'workbooks';
    trash.put(kind, ids[index]);
  });
}
