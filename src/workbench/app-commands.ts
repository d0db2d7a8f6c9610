import { deleteResult, openResult, rerunResult } from './actions/result-actions.ts';
import { exportActiveSheet } from './actions/sheet-actions.ts';
import { deleteTable, openTable, renameTable, showRejects } from './actions/table-actions.ts';
import { deleteWorkbook, newWorkbook, openSample, renameWorkbook } from './actions/workbook-actions.ts';
import type { AppCommand } from './commands.ts';
import { chooseFiles, openFiles } from './files/open-files.ts';
import { isRefused } from './files/read-only.ts';
import type { View } from './layout.ts';
import { resultItems, tableItems } from './palette/palette-items.ts';
import { importerExtensions } from './plugins/plugin-importers.ts';
import { shapeCommands } from './shape/shape-actions.ts';
import type { Workbench } from './workbench.ts';

const open = 'workbookOpen';
const withTables = 'workbookOpen && hasTables';
const withResults = 'workbookOpen && hasResults';

/** Every action of the app as a command. */
export function appCommands(workbench: Workbench): readonly AppCommand[] {
  return [
    ...viewCommands(workbench),
    ...fileCommands(workbench),
    ...tableCommands(workbench),
    ...shapeCommands(workbench),
    ...sheetCommands(workbench),
    ...analysisCommands(workbench),
    ...settingCommands(workbench),
  ];
}

function viewCommands({ layout, palette, session }: Workbench): AppCommand[] {
  const category = 'command.category.view';
  const show = (view: View, title: AppCommand['title']): AppCommand => ({
    id: `view.${view}`,
    title,
    category,
    when: open,
    run: () => layout.showView(view),
  });
  return [
    {
      id: 'workbench.palette',
      title: 'command.palette',
      category,
      keys: ['mod+shift+p', 'f1'],
      run: () => palette.show(),
    },
    {
      id: 'view.togglePanel',
      title: 'command.togglePanel',
      category,
      keys: ['mod+b'],
      when: open,
      run: () => layout.togglePanel(),
    },
    show('tables', 'command.showTables'),
    show('analyses', 'command.showAnalyses'),
    show('plugins', 'command.showPlugins'),
    show('settings', 'command.showSettings'),
    {
      id: 'view.notifications',
      title: 'command.showNotifications',
      category,
      run: () => layout.showNotifications(true),
    },
    {
      id: 'view.closeForm',
      title: 'command.closeForm',
      category,
      when: 'formOpen',
      run: () => layout.showForm(null),
    },
    { id: 'view.focusSheet', title: 'command.focusSheet', category, when: open, run: () => session.host().focus() },
  ];
}

function fileCommands(workbench: Workbench): AppCommand[] {
  const { importDialog, imports, session } = workbench;
  const category = 'command.category.file';
  return [
    {
      id: 'workbench.import',
      title: 'command.import',
      category,
      async run() {
        if (isRefused(workbench)) return;
        importDialog.show();
        const chosen = await chooseFiles(importerExtensions(workbench));
        if (chosen.length > 0) importDialog.close();
        await openFiles(workbench, chosen);
      },
    },
    {
      id: 'import.cancel',
      title: 'command.cancelImport',
      category,
      when: 'importing',
      run: () => imports.active()?.cancel(),
    },
    { id: 'workbook.new', title: 'command.newWorkbook', category, run: () => newWorkbook(workbench) },
    { id: 'workbook.sample', title: 'command.sampleWorkbook', category, run: () => openSample(workbench) },
    {
      id: 'workbook.home',
      title: 'command.home',
      category,
      when: open,
      async run() {
        workbench.layout.showForm(null);
        await session.goHome();
      },
    },
    {
      id: 'workbook.rename',
      title: 'command.renameWorkbook',
      category,
      when: open,
      run: () => renameWorkbook(workbench, session.current()?.id ?? ''),
    },
    {
      id: 'workbook.delete',
      title: 'command.deleteWorkbook',
      category,
      when: open,
      run: () => deleteWorkbook(workbench, session.current()?.id ?? ''),
    },
  ];
}

function tableCommands(workbench: Workbench): AppCommand[] {
  const { palette, language } = workbench;
  const choose = (
    id: string,
    title: AppCommand['title'],
    run: (table: string, name: string) => unknown,
  ): AppCommand => ({
    id,
    title,
    category: 'command.category.table',
    when: withTables,
    run: () => palette.choose(language.t(title) as string, tableItems(workbench, run)),
  });
  return [
    choose('table.open', 'command.openTable', (id) => openTable(workbench, id)),
    choose('table.rename', 'command.renameTable', (id) => renameTable(workbench, id)),
    choose('table.delete', 'command.deleteTable', (id) => deleteTable(workbench, id)),
    choose('table.rejects', 'command.showRejects', (id) => showRejects(workbench, id)),
  ];
}

function sheetCommands(workbench: Workbench): AppCommand[] {
  const { session, language } = workbench;
  const category = 'command.category.sheet';
  return [
    {
      id: 'sheet.exportCsv',
      title: 'command.exportSheet',
      category,
      when: open,
      run: () => exportActiveSheet(workbench),
    },
    {
      id: 'sheet.new',
      title: 'command.newSheet',
      category,
      when: open,
      run() {
        if (isRefused(workbench)) return;
        const host = session.host();
        host.activateSheet(host.addSheet(language.t('sheet.new')));
      },
    },
    { id: 'sheet.undo', title: 'command.undo', category, when: open, run: () => session.host().undo() },
    { id: 'sheet.redo', title: 'command.redo', category, when: open, run: () => session.host().redo() },
  ];
}

function analysisCommands(workbench: Workbench): AppCommand[] {
  const { analyses, layout, palette, runs, language } = workbench;
  const category = 'command.category.analysis';
  const choose = (id: string, title: AppCommand['title'], run: (result: string) => unknown): AppCommand => ({
    id,
    title,
    category,
    when: withResults,
    run: () => palette.choose(language.t(title) as string, resultItems(workbench, run)),
  });
  return [
    {
      id: 'analysis.open',
      title: 'command.openAnalysis',
      category,
      when: open,
      run: () =>
        palette.choose(
          language.t('command.openAnalysis'),
          analyses.list().map(({ id }) => ({
            id: `analysis:${id}`,
            kind: 'analysis' as const,
            titles: analyses.titles(id),
            run: () => layout.showForm({ analysis: id }),
          })),
        ),
    },
    {
      id: 'analysis.cancel',
      title: 'command.cancelRun',
      category,
      when: 'analysing',
      run: () => runs.active()?.cancel(),
    },
    choose('result.open', 'command.openResult', (id) => openResult(workbench, id)),
    choose('result.rerun', 'command.rerunResult', (id) => rerunResult(workbench, id)),
    choose('result.delete', 'command.deleteResult', (id) => deleteResult(workbench, id)),
  ];
}

function settingCommands({ language, theme, layout, storage }: Workbench): AppCommand[] {
  const category = 'command.category.settings';
  return [
    { id: 'settings.english', title: 'command.english', category, run: () => language.choose('en-US') },
    { id: 'settings.chinese', title: 'command.chinese', category, run: () => language.choose('zh-CN') },
    { id: 'settings.light', title: 'command.light', category, run: () => theme.choose('light') },
    { id: 'settings.dark', title: 'command.dark', category, run: () => theme.choose('dark') },
    { id: 'settings.system', title: 'command.system', category, run: () => theme.choose('system') },
    {
      id: 'settings.timeZone',
      title: 'command.timeZone',
      category,
      when: open,
      run: () => layout.showView('settings'),
    },
    { id: 'settings.persist', title: 'command.persist', category, run: () => storage.persist() },
  ];
}
