import type { RunRecord, RunRequest } from '../../analysis/index.ts';
import { catalogues, type Locale, locales } from '../../i18n/index.ts';
import { isRefused } from '../files/read-only.ts';
import { provenanceLines } from '../report/provenance.ts';
import { reportBlocks } from '../report/report-blocks.ts';
import type { ReportContext } from '../report/report-context.ts';
import { errorDetails, explainRunError, isCancelled } from '../state/explain-error.ts';
import type { RunJob } from '../state/results.ts';
import { openSource, type TableSheetSource } from '../state/table-sheets.ts';
import type { Workbench } from '../workbench.ts';
import { putSheetsAway, sourceServices } from './table-actions.ts';

/** What a result is called: by the user, or by its analysis in the language in use. */
export function resultName({ analyses }: Workbench, record: RunRecord): string {
  return record.name ?? analyses.find(record.request.analysis)?.title ?? record.request.analysis;
}

/** Starts a run. When it is done its result lands in the workbook, and that is said once. */
export function startRun(workbench: Workbench, request: RunRequest, replaces?: string): RunJob {
  const { analyses, notifications, runs, language, session } = workbench;
  const { t } = language;
  const title = (): string => analyses.find(request.analysis)?.title ?? request.analysis;
  const workbook = session.current()?.id;
  const job = runs.start(request, title, replaces);
  job.done
    .then(async (record) => {
      performance.mark('patron.run.done');
      // The user may have gone to another workbook meanwhile; the result then waits in its own.
      if (session.current()?.id === workbook) await landResult(workbench, record, true);
      notifications.add({ kind: 'success', text: () => t('run.done', resultName(workbench, record)) });
    })
    .catch((error: unknown) => {
      if (isCancelled(error)) {
        notifications.add({ kind: 'info', text: () => t('run.cancelled', title()) });
        return;
      }
      notifications.add({
        kind: 'error',
        text: () => t('run.failed', title()),
        remedy() {
          const analysis = analyses.find(request.analysis);
          return analysis ? explainRunError(error, analysis, t, language.locale()) : String(error);
        },
        details: errorDetails(error),
      });
    });
  return job;
}

/** Writes a run's report and shows its large tables; a run again writes into the same sheets. */
async function landResult(workbench: Workbench, record: RunRecord, activate: boolean): Promise<void> {
  const { session, runs, language } = workbench;
  const host = session.host();
  const name = resultName(workbench, record);
  const standing = host.sheets().find(({ reportId }) => reportId === record.id);
  const sheetId = standing?.id ?? host.addReportSheet({ reportId: record.id, name, activate: false });
  const tableSheets: Record<string, string> = {};
  for (const [part, table] of Object.entries(record.resultTables)) {
    const source: TableSheetSource = { table, run: record.id, part };
    const shown = host.sheets().find((sheet) => {
      const known = sheet.source as { run?: string; part?: string } | undefined;
      return known?.run === record.id && known.part === part;
    });
    let partSheet = shown?.id;
    if (shown) await workbench.tableViews.reopen(shown.id, source);
    else {
      const view = await openSource(source, sourceServices(workbench));
      const name = partSheetName(workbench, record, part, language.locale());
      if (view) partSheet = host.addTableSheet({ name, view, source: { ...source }, activate: false });
    }
    if (partSheet === undefined) continue;
    tableSheets[part] = host.sheets().find(({ id }) => id === partSheet)?.name ?? part;
  }
  if (activate) host.activateSheet(sheetId);
  // Univer places floating charts by the sheet on screen, and shows a new one some frames after it is told to.
  await frames(4);
  host.writeReport(sheetId, reportBlocks(reportContext(workbench, record, tableSheets)));
  if (record.reportSheet !== sheetId) await runs.service.update({ ...record, reportSheet: sheetId });
}

async function frames(count: number): Promise<void> {
  for (let frame = 0; frame < count; frame += 1) await new Promise((resolve) => setTimeout(resolve, 16));
}

/** What the sheet of a large result table is called in a language, before the user calls it otherwise. */
function partSheetName({ analyses }: Workbench, record: RunRecord, part: string, locale: Locale): string {
  const name = record.name ?? analyses.titles(record.request.analysis)[locale] ?? record.request.analysis;
  const title = record.titles?.[part];
  const table = title === undefined ? part : analyses.render(record.plugin.id, title, locale);
  return catalogues[locale]['results.tableName'](name, table);
}

function reportContext(
  workbench: Workbench,
  record: RunRecord,
  tableSheets: Readonly<Record<string, string>>,
): ReportContext {
  const { analyses, language } = workbench;
  const listed = analyses.find(record.request.analysis);
  return {
    record,
    inputs: listed?.contribution.inputs ?? [],
    parameters: listed?.contribution.parameters ?? [],
    name: resultName(workbench, record),
    pluginName: listed?.plugin.name(language.locale()) ?? record.plugin.id,
    locale: language.locale(),
    t: language.t,
    render: (text) => analyses.render(record.plugin.id, text, language.locale()),
    tableSheets,
  };
}

/** Where a result's numbers come from, line by line. */
export function reportProvenance(workbench: Workbench, record: RunRecord): readonly string[] {
  return provenanceLines(reportContext(workbench, record, {}));
}

/** Writes all reports of the workbook anew, after the language has changed. Sheets that still bear their given name follow. */
export async function rewriteReports(workbench: Workbench): Promise<void> {
  const { language, runs, session } = workbench;
  const host = session.host();
  for (const { record } of runs.list()) {
    const sheet = host.sheets().find(({ reportId }) => reportId === record.id);
    if (!sheet) continue;
    const titles = Object.values(workbench.analyses.titles(record.request.analysis));
    const name = resultName(workbench, record);
    const [, base, number = ''] = /^(.*?)( \(\d+\))?$/.exec(sheet.name) ?? [];
    if (record.name === undefined && titles.includes(base) && base !== name)
      host.renameSheet(sheet.id, `${name}${number}`);
    for (const { id, name: given, source } of host.sheets()) {
      const shown = source as { run?: string; part?: string } | undefined;
      if (shown?.run !== record.id || shown.part === undefined) continue;
      const wanted = partSheetName(workbench, record, shown.part, language.locale());
      const known = locales.map((locale) => partSheetName(workbench, record, shown.part ?? '', locale));
      const [, start, count = ''] = /^(.*?)( \(\d+\))?$/.exec(given) ?? [];
      if (known.includes(start) && start !== wanted) host.renameSheet(id, `${wanted}${count}`);
    }
    // After the renaming, since a report names the sheets of its large tables.
    await landResult(workbench, record, false);
    await new Promise((resolve) => setTimeout(resolve));
  }
}

/** Goes to a result's report; one whose sheet was deleted is written again. */
export async function openResult(workbench: Workbench, id: string): Promise<void> {
  const record = workbench.runs.find(id);
  if (!record) return;
  const host = workbench.session.host();
  const sheet = host.sheets().find(({ reportId }) => reportId === id);
  if (sheet) host.activateSheet(sheet.id);
  else await landResult(workbench, record, true);
}

export function rerunResult(workbench: Workbench, id: string): void {
  const record = workbench.runs.find(id);
  if (record && !isRefused(workbench)) startRun(workbench, record.request, id);
}

/** Takes a result, its report and its large tables away; Undo brings them back until the app is next started. */
export function deleteResult(workbench: Workbench, id: string): void {
  const { language, notifications, runs, session, trash, tables, layout } = workbench;
  const { t } = language;
  const record = runs.find(id);
  if (!record || isRefused(workbench)) return;
  const name = resultName(workbench, record);
  const host = session.host();
  const workbook = session.current()?.id;
  const sheets = host
    .sheets()
    .filter(({ reportId, source }) => reportId === id || (source as { run?: string } | undefined)?.run === id);
  putSheetsAway(workbench, sheets);
  trash.put('runs', id);
  for (const table of Object.values(record.resultTables)) trash.put('tables', table);
  if (layout.form()?.result === id) layout.showForm(null);
  notifications.add({
    kind: 'info',
    text: () => t('results.deleted', name),
    actions: [
      {
        label: () => t('common.undo'),
        available: () => trash.runs().has(id),
        async run() {
          trash.restore('runs', id);
          for (const table of Object.values(record.resultTables)) trash.restore('tables', table);
          await tables.refresh();
          await runs.refresh();
          if (session.current()?.id !== workbook) return;
          for (const sheet of sheets) host.unhideSheet(sheet.id);
        },
      },
    ],
  });
}
