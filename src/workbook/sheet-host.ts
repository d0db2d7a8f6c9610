import {
  InsertRowByRangeCommand,
  RemoveSheetCommand,
  SetRangeValuesCommand,
  SetWorksheetHideCommand,
  SetWorksheetNameMutation,
  SetWorksheetShowCommand,
} from '@univerjs/sheets';
import type { FloatingCharts } from './floating-charts.ts';
import type { HostContext } from './host-context.ts';
import type { WorkbookHost } from './host-contract.ts';
import { reportSheet, writeReport } from './report-writer.ts';
import { describeSheet } from './sheet-record.ts';
import { rawValue, sheetValues, shownText } from './sheet-values.ts';

type SheetCalls = Pick<
  WorkbookHost,
  | 'sheets'
  | 'activeSheet'
  | 'activateSheet'
  | 'addSheet'
  | 'renameSheet'
  | 'removeSheet'
  | 'insertRows'
  | 'hideSheet'
  | 'unhideSheet'
  | 'addReportSheet'
  | 'writeReport'
  | 'sheetValues'
  | 'setCell'
  | 'cellValue'
  | 'cellText'
  | 'selection'
>;

/** The sheets of the workbook and their cells. */
export function hostSheets(context: HostContext, charts: FloatingCharts): SheetCalls {
  const { api, must, run } = context;
  const activeSheet: SheetCalls['activeSheet'] = () => {
    const sheet = context.open?.workbook.getActiveSheet();
    return sheet ? describeSheet(sheet) : null;
  };
  const activateSheet = (sheetId: string): void => {
    must(sheetId);
    api.getActiveWorkbook()?.setActiveSheet(sheetId);
  };
  return {
    sheets: () => context.open?.workbook.getSheets().map(describeSheet) ?? [],
    activeSheet,
    activateSheet,
    addSheet: (name) => context.insertSheet(name, { rowCount: 1000, columnCount: 26 }),
    renameSheet(sheetId, name) {
      if (must(sheetId).getName() !== name) run(SetWorksheetNameMutation.id, sheetId, { name: context.freeName(name) });
    },
    removeSheet(sheetId) {
      must(sheetId);
      run(RemoveSheetCommand.id, sheetId, {});
    },
    insertRows(sheetId, row, count) {
      const endColumn = must(sheetId).getColumnCount() - 1;
      const range = { startRow: row, endRow: row + count - 1, startColumn: 0, endColumn };
      run(InsertRowByRangeCommand.id, sheetId, { range, direction: 0 });
    },
    hideSheet(sheetId) {
      if (!must(sheetId).isSheetHidden()) run(SetWorksheetHideCommand.id, sheetId, {});
    },
    unhideSheet(sheetId) {
      if (must(sheetId).isSheetHidden()) run(SetWorksheetShowCommand.id, sheetId, {});
    },
    addReportSheet({ reportId, name, activate = true }) {
      const custom = { patron: { kind: 'report', reportId, charts: [] } };
      const id = context.insertSheet(name, { ...reportSheet, custom });
      if (activate) activateSheet(id);
      return id;
    },
    writeReport: (sheetId, blocks) =>
      context.ourselves(() => writeReport(context.injector, context.opened().workbook, must(sheetId), charts, blocks)),
    sheetValues: (sheetId, part) => sheetValues(must(sheetId), part),
    setCell(sheetId, row, column, value) {
      const range = { startRow: row, endRow: row, startColumn: column, endColumn: column };
      const formula = typeof value === 'string' && value.startsWith('=');
      run(SetRangeValuesCommand.id, sheetId, { range, value: formula ? { f: value } : { v: value, f: null } });
    },
    cellValue: (sheetId, row, column) => rawValue(must(sheetId), row, column),
    cellText: (sheetId, row, column) => shownText(must(sheetId), row, column),
    selection() {
      const sheet = activeSheet();
      return sheet ? { sheetId: sheet.id, ranges: context.selectedRanges() } : null;
    },
  };
}
