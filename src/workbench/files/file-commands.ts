import { openWorkbook } from '../actions/workbook-actions.ts';
import type { AppCommand } from '../commands.ts';
import { tableItems } from '../palette/palette-items.ts';
import { importerExtensions } from '../plugins/plugin-importers.ts';
import type { Workbench } from '../workbench.ts';
import { exportSelectionAs } from './export-range.ts';
import { exportSheetXlsx, exportWorkbookXlsx } from './export-sheet.ts';
import { exportTableAs, type TableFileFormat } from './export-table.ts';
import { chooseFiles, openFiles } from './open-files.ts';
import { pasteAsTable } from './paste-table.ts';
import { isRefused } from './read-only.ts';
import { saveWorkbook } from './save-workbook.ts';

/** Files in and out as commands. */
export function fileCommands(workbench: Workbench): readonly AppCommand[] {
  const { files, session } = workbench;
  const category = 'command.category.file';
  const open = 'workbookOpen';
  return [
    {
      id: 'workbook.open',
      title: 'command.openFile',
      category,
      keys: ['mod+o'],
      run: async () => openFiles(workbench, await chooseFiles(importerExtensions(workbench))),
    },
    {
      id: 'workbook.save',
      title: 'command.saveFile',
      category,
      keys: ['mod+s'],
      when: open,
      run: () => saveWorkbook(workbench, { as: false }),
    },
    {
      id: 'workbook.saveAs',
      title: 'command.saveFileAs',
      category,
      keys: ['mod+shift+s'],
      when: open,
      run: () => saveWorkbook(workbench, { as: true }),
    },
    {
      id: 'table.paste',
      title: 'command.pasteTable',
      category,
      run: () => (isRefused(workbench) ? undefined : pasteAsTable(workbench)),
    },
    {
      id: 'file.cancel',
      title: 'command.cancelFile',
      category,
      when: 'fileWork',
      run: () => files.job()?.cancel(),
    },
    {
      id: 'workbook.takeOver',
      title: 'command.takeOver',
      category,
      when: 'canTakeOver',
      run: () => openWorkbook(workbench, session.current()?.id ?? ''),
    },
    exportCommand(workbench, 'table.export', 'command.exportTable', 'csv'),
    exportCommand(workbench, 'table.exportXlsx', 'command.exportTableXlsx', 'xlsx'),
    exportCommand(workbench, 'table.exportParquet', 'command.exportTableParquet', 'parquet'),
    exportCommand(workbench, 'table.exportArrow', 'command.exportTableArrow', 'arrow'),
    exportCommand(workbench, 'table.exportJson', 'command.exportTableJson', 'json-lines'),
    ...selectionFormats.map(
      ({ format, title }): AppCommand => ({
        id: `selection.export.${format}`,
        title,
        category: 'command.category.sheet',
        when: open,
        run: () => exportSelectionAs(workbench, format),
      }),
    ),
    {
      id: 'sheet.exportXlsx',
      title: 'command.exportSheetXlsx',
      category: 'command.category.sheet',
      when: open,
      run: () => exportSheetXlsx(workbench),
    },
    {
      id: 'workbook.exportXlsx',
      title: 'command.exportWorkbookXlsx',
      category,
      when: open,
      run: () => exportWorkbookXlsx(workbench),
    },
  ];
}

const selectionFormats: readonly { readonly format: TableFileFormat; readonly title: AppCommand['title'] }[] = [
  { format: 'csv', title: 'command.exportSelectionCsv' },
  { format: 'xlsx', title: 'command.exportSelectionXlsx' },
  { format: 'parquet', title: 'command.exportSelectionParquet' },
  { format: 'arrow', title: 'command.exportSelectionArrow' },
  { format: 'json-lines', title: 'command.exportSelectionJson' },
];

function exportCommand(
  workbench: Workbench,
  id: string,
  title: AppCommand['title'],
  format: TableFileFormat,
): AppCommand {
  const { palette, language } = workbench;
  return {
    id,
    title,
    category: 'command.category.table',
    when: 'workbookOpen && hasTables',
    run: () =>
      palette.choose(
        language.t(title) as string,
        tableItems(workbench, (table, name) => exportTableAs(workbench, table, name, format)),
      ),
  };
}
