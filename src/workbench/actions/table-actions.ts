import type { SheetInfo } from '../../workbook/index.ts';
import { isRefused } from '../files/read-only.ts';
import { openSource, type SourceServices, type TableSheetSource } from '../state/table-sheets.ts';
import type { Workbench } from '../workbench.ts';

/** What table sheets are opened with. */
export function sourceServices({ tables, language, runs, analyses }: Workbench): SourceServices {
  return {
    client: tables.client,
    t: language.t,
    run: (id) => runs.service.get(id),
    render: (pluginId, text) => analyses.render(pluginId, text),
  };
}

/** Shows a source as a table sheet: goes to its sheet where it has one, else makes one. */
async function showSource(workbench: Workbench, source: TableSheetSource, name: string): Promise<void> {
  const host = workbench.session.host();
  const wanted = JSON.stringify(source);
  const shown = host.sheets().find((sheet) => JSON.stringify(sheet.source) === wanted);
  if (shown) {
    host.activateSheet(shown.id);
    return;
  }
  const view = await openSource(source, sourceServices(workbench));
  if (view) host.addTableSheet({ name, view, source: { ...source }, activate: true });
}

export function openTable(workbench: Workbench, id: string): Promise<void> {
  const table = workbench.tables.list().find((each) => each.id === id);
  return table ? showSource(workbench, { table: id }, table.name) : Promise.resolve();
}

export function showRejects(workbench: Workbench, id: string): Promise<void> {
  const table = workbench.tables.list().find((each) => each.id === id);
  if (!table) return Promise.resolve();
  return showSource(workbench, { rejectsOf: id }, workbench.language.t('tables.rejectsOf', table.name));
}

/** Shows the newest version of a table in the sheets that show the table. */
export async function refreshSheetsOf(workbench: Workbench, tableId: string): Promise<void> {
  if (!workbench.session.current()) return;
  const host = workbench.session.host();
  for (const sheet of host.sheets()) {
    const source = sheet.source as TableSheetSource | undefined;
    if (!source || !('table' in source) || source.table !== tableId) continue;
    await workbench.tableViews.reopen(sheet.id, source);
  }
}

/** Words the headings and names of all table sheets that have any in the language in use. */
export async function retitleTableSheets(workbench: Workbench): Promise<void> {
  const host = workbench.session.host();
  for (const sheet of host.sheets()) {
    const source = sheet.source as TableSheetSource | undefined;
    if (!source || !('run' in source || 'rejectsOf' in source)) continue;
    await workbench.tableViews.reopen(sheet.id, source);
  }
}

export function renameTable(workbench: Workbench, id: string): void {
  const { nameDialog, tables, session, language } = workbench;
  const { t } = language;
  const table = tables.list().find((each) => each.id === id);
  if (!table || isRefused(workbench)) return;
  nameDialog.ask({
    title: t('tables.rename', table.name),
    label: t('tables.name'),
    value: table.name,
    emptyError: t('tables.nameEmpty'),
    give(name) {
      void tables.client.rename(id, name).then(() => {
        const host = session.host();
        for (const sheet of host.sheets()) {
          if ((sheet.source as { table?: string } | undefined)?.table === id && sheet.name === table.name)
            host.renameSheet(sheet.id, name);
        }
        return tables.refresh();
      });
    },
  });
}

/** Hides sheets whose table or result was deleted, so that Undo brings back everything that refers to them. */
export function putSheetsAway({ session, language }: Workbench, sheets: readonly SheetInfo[]): void {
  const host = session.host();
  const away = new Set(sheets.map(({ id }) => id));
  if (host.sheets().every(({ id, hidden }) => hidden || away.has(id)))
    host.activateSheet(host.addSheet(language.t('sheet.first')));
  for (const id of away) host.hideSheet(id);
}

/** Removes the hidden sheets of what was deleted for good. */
export function removeSheetsOfDeleted({ session, tables, runs }: Workbench): void {
  const host = session.host();
  const known = new Set([...tables.list(), ...tables.results()].map(({ id }) => id));
  for (const { id, hidden, source, reportId } of host.sheets()) {
    if (!hidden) continue;
    const shown = source as { table?: string; rejectsOf?: string } | undefined;
    const table = shown?.table ?? shown?.rejectsOf;
    if ((table !== undefined && !known.has(table)) || (reportId !== undefined && !runs.find(reportId)))
      host.removeSheet(id);
  }
}

/** Takes a table and its sheets away; Undo brings them back until the app is next started. */
export function deleteTable(workbench: Workbench, id: string): void {
  const { notifications, trash, tables, session, runs, language } = workbench;
  const { t } = language;
  const table = tables.list().find((each) => each.id === id);
  if (!table || isRefused(workbench)) return;
  const host = session.host();
  const workbook = session.current()?.id;
  const sheets = host.sheets().filter(({ source }) => {
    const shown = source as { table?: string; rejectsOf?: string } | undefined;
    return shown?.table === id || shown?.rejectsOf === id;
  });
  putSheetsAway(workbench, sheets);
  trash.put('tables', id);
  void runs.refresh();
  notifications.add({
    kind: 'info',
    text: () => t('tables.deleted', table.name),
    actions: [
      {
        label: () => t('common.undo'),
        available: () => trash.tables().has(id),
        async run() {
          trash.restore('tables', id);
          await tables.refresh();
          await runs.refresh();
          if (session.current()?.id !== workbook) return;
          for (const sheet of sheets) host.unhideSheet(sheet.id);
        },
      },
    ],
  });
}
