import { isRefused } from '../files/read-only.ts';
import { sampleFiles } from '../sample/sample-files.ts';
import { errorDetails } from '../state/explain-error.ts';
import type { Workbench } from '../workbench.ts';
import { openTable, removeSheetsOfDeleted } from './table-actions.ts';

/** Opens a workbook with its tables and results. One that cannot be opened says why and leaves the welcome page. */
export async function openWorkbook(workbench: Workbench, id: string): Promise<void> {
  const { session, tables, runs, notifications, language, storage, layout } = workbench;
  layout.showForm(null);
  try {
    await session.open(id);
    await Promise.all([tables.refresh(), runs.refresh(), storage.refresh()]);
    if (!session.readOnly()) removeSheetsOfDeleted(workbench);
  } catch (error) {
    const name = session.workbooks().find((info) => info.id === id)?.name ?? id;
    await session.goHome();
    notifications.add({
      kind: 'error',
      text: () => language.t('boot.openFailed', name),
      details: errorDetails(error),
    });
  }
}

/** A name that no workbook has yet: "Workbook", "Workbook 2". */
function freeWorkbookName({ session, trash }: Workbench, base: string): string {
  const taken = new Set(
    session
      .workbooks()
      .filter(({ id }) => !trash.workbooks().has(id))
      .map(({ name }) => name),
  );
  if (!taken.has(base)) return base;
  for (let number = 2; ; number += 1) if (!taken.has(`${base} ${number}`)) return `${base} ${number}`;
}

export async function newWorkbook(workbench: Workbench): Promise<void> {
  const name = freeWorkbookName(workbench, workbench.language.t('workbook.untitled'));
  await openWorkbook(workbench, (await workbench.session.create(name)).id);
}

/** Makes the sample workbook: invented customers, orders, visits and answers, imported like any file. */
export async function openSample(workbench: Workbench): Promise<void> {
  const { session, tables, imports, language, storage } = workbench;
  const { t } = language;
  const info = await session.create(freeWorkbookName(workbench, t('workbook.sample')));
  let first: string | undefined;
  for await (const { name, file } of sampleFiles()) {
    const job = imports.start({
      file,
      fileName: file.name,
      workbook: info.id,
      name,
      options: {},
      title: () => t('import.running', name),
    });
    const { meta } = await job.done;
    if (name === 'orders') first = meta.id;
  }
  await openWorkbook(workbench, info.id);
  await tables.refresh();
  void storage.refresh();
  if (first !== undefined) await openTable(workbench, first);
}

export function renameWorkbook(workbench: Workbench, id: string): void {
  const { nameDialog, session, language } = workbench;
  const { t } = language;
  const info = session.workbooks().find((each) => each.id === id);
  if (!info || (session.current()?.id === id && isRefused(workbench))) return;
  nameDialog.ask({
    title: t('workbook.rename', info.name),
    label: t('workbook.name'),
    value: info.name,
    emptyError: t('workbook.nameEmpty'),
    give: (name) => void session.rename(id, name),
  });
}

/** Takes a workbook off the list; Undo brings it back until the app is next started. */
export async function deleteWorkbook(workbench: Workbench, id: string): Promise<void> {
  const { notifications, session, trash, language, layout } = workbench;
  const { t } = language;
  const info = session.workbooks().find((each) => each.id === id);
  if (!info || (session.current()?.id === id && isRefused(workbench))) return;
  if (session.current()?.id === id) {
    layout.showForm(null);
    await session.goHome();
  }
  trash.put('workbooks', id);
  notifications.add({
    kind: 'info',
    text: () => t('workbook.deleted', info.name),
    actions: [
      {
        label: () => t('common.undo'),
        available: () => trash.workbooks().has(id),
        run: () => trash.restore('workbooks', id),
      },
    ],
  });
}
