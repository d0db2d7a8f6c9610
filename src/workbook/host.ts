import type { Json, JsonObject } from '@patron/sdk';
import {
  CommandType,
  ICommandService,
  type IUnitRange,
  IUniverInstanceService,
  type IWorkbookData,
  type IWorksheetData,
  mergeWorksheetSnapshotWithDefault,
  UniverInstanceType,
  type Workbook,
  type Worksheet,
} from '@univerjs/core';
import {
  InsertRowByRangeCommand,
  InsertSheetMutation,
  RemoveSheetCommand,
  SetRangeValuesCommand,
  SetWorksheetColumnCountMutation,
  SetWorksheetHideCommand,
  SetWorksheetNameMutation,
  SetWorksheetRowCountMutation,
  SetWorksheetShowCommand,
} from '@univerjs/sheets';
import { ILayoutService } from '@univerjs/ui';
import { createAutosave } from './autosave.ts';
import { createCalculationWatch } from './calculation-watch.ts';
import { offerFunctions } from './custom-functions.ts';
import { createFloatingCharts } from './floating-charts.ts';
import { readTableSheets } from './formula-data.ts';
import { linkFormulas } from './formula-link.ts';
import type { CellRange, HostOptions, NoticeKey, WorkbookHost, WorkbookLocale } from './host-contract.ts';
import { guardReadOnly } from './read-only-guard.ts';
import { reportSheet, writeReport } from './report-writer.ts';
import { onSelectionRest, ordinaryStatistics, shownStatistics } from './selection-statistics.ts';
import { describeSheet, setSheetRecord, sheetRecord } from './sheet-record.ts';
import { rawValue, sheetValues, shownText, within } from './sheet-values.ts';
import { startCalculation } from './start-calculation.ts';
import { guardTableSheets } from './table-guards.ts';
import { createTableSheets } from './table-sheets.ts';
import type { TableView } from './table-view.ts';
import { localeType, startUniver } from './univer-app.ts';
import { columnWidths, tableStyle } from './view-cells.ts';
import type { WorkbookInfo } from './workbook-store.ts';

interface OpenWorkbook {
  info: WorkbookInfo;
  details: JsonObject;
  readonly workbook: Workbook;
  readonly stop: () => void;
}

/** Milliseconds in which the same notice is given only once. */
const NOTICE_PAUSE = 4_000;
/** What changes a workbook, among all that runs through the command service. */
const SAVED = /^(sheet\.mutation\.|data-validation\.mutation\.|formula\.mutation\.(set|remove)-defined-name)/;
const SHEET_LIST =
  /^sheet\.mutation\.(insert-sheet|remove-sheet|set-worksheet-name|set-worksheet-order|set-worksheet-hidden)$/;

/** Univer in the shell: see `WorkbookHost` for what it does, `createWorkbookHost` for how it is reached. */
export function startWorkbook(container: HTMLElement, options: HostOptions): WorkbookHost {
  const look = { locale: options.locale, dark: options.darkMode };
  const worker = new Worker(new URL('../../workers/formula.ts', import.meta.url), { type: 'module' });
  const { univer, api, injector } = startUniver(container, worker, options);
  const commands = injector.get(ICommandService);
  const instances = injector.get(IUniverInstanceService);
  let open: OpenWorkbook | null = null;
  let readOnly = false;
  /** How deep we are in what the shell does itself. */
  let own = 0;

  const link = linkFormulas(worker, {
    columnError() {
      const sheet = host.activeSheet();
      if (sheet) notice('columnUnreadable', sheet.id);
    },
    answered(cells) {
      const dirty = cells
        .filter(({ unitId, sheetId }) => unitId === open?.workbook.getUnitId() && find(sheetId))
        .map(({ unitId, sheetId, row, column }) => ({
          unitId,
          sheetId,
          range: { startRow: row, endRow: row, startColumn: column, endColumn: column },
        }));
      if (dirty.length > 0) calculate(dirty);
    },
  });
  const tables = createTableSheets(injector, link, () => open?.workbook ?? null);
  const charts = createFloatingCharts(api, injector, () => look, options.renderText);
  const calculation = createCalculationWatch(commands);
  const customFunctions = new Set<ReturnType<typeof offerFunctions>>();
  readTableSheets((_unitId, sheetId) => tables.matrix(sheetId));

  const autosave = createAutosave(async () => {
    const saved = open;
    if (!saved || readOnly) return;
    const snapshot = api.getActiveWorkbook()?.save() ?? saved.workbook.getSnapshot();
    const { modifiedAt } = await options.store.write(saved.info, {
      snapshot,
      details: saved.details,
      activeSheet: saved.workbook.getActiveSheet()?.getSheetId(),
    });
    // Only the time: the workbook may have been renamed while it was being written.
    saved.info = { ...saved.info, modifiedAt };
  }, options.onSaveState);

  let lastNotice = { key: '', at: 0 };
  const notice = (key: NoticeKey, sheetId: string, limit?: number): void => {
    const now = Date.now();
    if (lastNotice.key === key && now - lastNotice.at < NOTICE_PAUSE) return;
    lastNotice = { key, at: now };
    options.onNotice({ key, sheetId, sheetName: find(sheetId)?.getName() ?? '', limit });
  };

  const find = (sheetId: string): Worksheet | null => open?.workbook.getSheetBySheetId(sheetId) ?? null;
  const must = (sheetId: string): Worksheet => {
    const sheet = find(sheetId);
    if (!sheet) throw new Error(`Sheet '${sheetId}' is not in the open workbook.`);
    return sheet;
  };
  const opened = (): OpenWorkbook => {
    if (!open) throw new Error('No workbook is open. Open one first.');
    return open;
  };
  const ourselves = <Result>(work: () => Result): Result => {
    own++;
    try {
      return work();
    } finally {
      own--;
    }
  };
  const run = (id: string, sheetId: string, params: object): void => {
    const unitId = opened().workbook.getUnitId();
    ourselves(() => commands.syncExecuteCommand(id, { unitId, subUnitId: sheetId, ...params }));
  };
  const changed = (): void => {
    if (!readOnly) autosave.changed();
  };
  const freeName = (wanted: string): string => {
    const taken = new Set(
      opened()
        .workbook.getSheets()
        .map((sheet) => sheet.getName().toLowerCase()),
    );
    const base =
      wanted
        .replace(/[\\/?*[\]:']/g, ' ')
        .trim()
        .slice(0, 60) || options.newSheetName();
    let name = base;
    for (let number = 2; taken.has(name.toLowerCase()); number++) name = `${base} (${number})`;
    return name;
  };
  const insertSheet = (wanted: string, data: Partial<IWorksheetData>, activate: boolean): string => {
    const { workbook } = opened();
    const id = data.id ?? crypto.randomUUID();
    const sheet = mergeWorksheetSnapshotWithDefault({ ...data, id, name: freeName(wanted) });
    run(InsertSheetMutation.id, id, { index: workbook.getSheetSize(), sheet });
    if (activate) host.activateSheet(id);
    return id;
  };
  const calculate = (ranges: readonly IUnitRange[], all = false): void => startCalculation(commands, ranges, all);
  const recalculate = (sheetId: string): void => {
    const sheet = must(sheetId);
    const range = {
      startRow: 0,
      endRow: sheet.getRowCount() - 1,
      startColumn: 0,
      endColumn: sheet.getColumnCount() - 1,
    };
    calculate([{ unitId: opened().workbook.getUnitId(), sheetId, range }]);
  };
  const selectedRanges = (): CellRange[] =>
    api
      .getActiveWorkbook()
      ?.getActiveSheet()
      ?.getSelection()
      ?.getActiveRangeList()
      .map((range) => range.getRange()) ?? [];

  guardTableSheets(api, {
    activeSheetId: () => open?.workbook.getActiveSheet()?.getSheetId() ?? null,
    cells: (sheetId) => tables.cells(sheetId),
    selection: selectedRanges,
    select: (sheetId, range) => host.select(sheetId, range),
    notice,
    duplicate(sheetId) {
      const cells = tables.cells(sheetId);
      const record = sheetRecord(must(sheetId));
      if (cells && record?.kind === 'table')
        host.addTableSheet({ name: must(sheetId).getName(), view: cells.view, source: record.source, activate: true });
    },
    fitColumns(sheetId, first, last) {
      const cells = tables.cells(sheetId);
      if (!cells) return;
      const widths = columnWidths(cells.view);
      for (let column = first; column <= Math.min(last, widths.length - 1); column++)
        must(sheetId).getColumnManager().setColumnWidth(column, widths[column]);
      tables.repaint();
    },
  });

  guardReadOnly(api, {
    locked: () => readOnly && own === 0 && open !== null,
    refused: () => notice('workbookReadOnly', host.activeSheet()?.id ?? ''),
  });

  let statisticsRun = 0;
  onSelectionRest((ranges) => {
    const sheet = open?.workbook.getActiveSheet();
    if (!sheet || !options.onStatistics) return;
    const current = ++statisticsRun;
    const areas = ranges.map((range) => within(range, sheet));
    const size = areas.reduce(
      (sum, { startRow, endRow, startColumn, endColumn }) =>
        sum + (endRow - startRow + 1) * (endColumn - startColumn + 1),
      0,
    );
    if (size < 2) return options.onStatistics(null);
    const cells = tables.cells(sheet.getSheetId());
    if (!cells) return options.onStatistics(shownStatistics(size, ordinaryStatistics(sheet, areas)));
    void link
      .statistics(
        opened().workbook.getUnitId(),
        sheet.getSheetId(),
        areas.map(({ startRow, endRow, startColumn, endColumn }) => ({
          firstColumn: startColumn,
          lastColumn: Math.min(endColumn, cells.columns - 1),
          rows: { start: startRow, end: endRow },
        })),
      )
      .then((found) => {
        if (current === statisticsRun) options.onStatistics?.(shownStatistics(size, found));
      });
  });

  const listening = commands.onCommandExecuted((command, how) => {
    if (!open || command.type !== CommandType.MUTATION) return;
    const params = command.params as { unitId?: string } | undefined;
    if (params?.unitId !== undefined && params.unitId !== open.workbook.getUnitId()) return;
    if (SHEET_LIST.test(command.id)) options.onSheets?.(host.sheets());
    if ((!how?.onlyLocal || how.fromFormula) && SAVED.test(command.id)) changed();
  });

  const putAway = async (): Promise<void> => {
    if (!open) return;
    await autosave.flush();
    const { workbook, stop } = open;
    stop();
    open = null;
    tables.clear(workbook);
    // Univer keeps the cells of a disposed workbook reachable, so they are let go by hand.
    for (const sheet of workbook.getSheets()) {
      sheet.getSnapshot().cellData = {};
      const matrix = sheet.getCellMatrix() as unknown as { _matrix: object };
      matrix._matrix = {};
    }
    api.disposeUnit(workbook.getUnitId());
  };

  const openStored = async (id: string): Promise<void> => {
    await autosave.flush();
    // Read before the former is put away: where there is nothing to open, that stays.
    const { info, content } = await options.store.read(id);
    await putAway();
    const snapshot = { ...content.snapshot, id: info.id, name: info.name } as IWorkbookData;
    if (!snapshot.sheets || Object.keys(snapshot.sheets).length === 0) {
      const first = crypto.randomUUID();
      snapshot.sheets = { [first]: { id: first, name: options.newSheetName(), rowCount: 1000, columnCount: 26 } };
      snapshot.sheetOrder = [first];
    }
    const missing: string[] = [];
    const views = new Map<string, TableView>();
    await Promise.all(
      Object.values(snapshot.sheets).map(async (sheet) => {
        const record = sheet.custom?.patron as { kind: string; source: Json } | undefined;
        if (!sheet.id || record?.kind !== 'table') return;
        const view = await options.openTable(record.source, sheet.id).catch(() => null);
        if (view) views.set(sheet.id, view);
        else missing.push(sheet.id);
      }),
    );
    tables.expect(info.id, views);
    api.createWorkbook(snapshot);
    const workbook = instances.getUnit<Workbook>(info.id, UniverInstanceType.UNIVER_SHEET);
    if (!workbook) throw new Error(`Workbook '${info.name}' could not be opened.`);
    tables.install(workbook);
    for (const offered of customFunctions) offered.describe();
    const watching = workbook.activeSheet$.subscribe((sheet) => {
      if (sheet && open?.workbook === workbook) options.onActiveSheet?.(describeSheet(sheet));
    });
    open = { info, details: content.details, workbook, stop: () => watching.unsubscribe() };
    if (content.activeSheet && find(content.activeSheet)) host.activateSheet(content.activeSheet);
    options.onSaveState('saved');
    options.onSheets?.(host.sheets());
    const active = host.activeSheet();
    if (active) options.onActiveSheet?.(active);
    for (const sheetId of missing) notice('tableMissing', sheetId);
  };

  let turn: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = turn.then(work);
    turn = done.catch(() => {});
    return done;
  };

  const host: WorkbookHost = {
    open: (id) => inTurn(() => openStored(id)),
    close: () => inTurn(putAway),
    current: () => open?.info ?? null,
    async rename(name) {
      const renamed = opened();
      renamed.info = await options.store.rename(renamed.info.id, name);
      renamed.workbook.setName(name);
      changed();
    },
    flush: () => autosave.flush(),
    details: () => open?.details ?? {},
    setDetails(details) {
      opened().details = details;
      changed();
    },
    setLocale(locale: WorkbookLocale) {
      look.locale = locale;
      api.setLocale(localeType(locale));
      charts.redraw();
    },
    setReadOnly(next) {
      readOnly = next;
    },
    setDarkMode(dark) {
      look.dark = dark;
      api.toggleDarkMode(dark);
      charts.redraw();
    },
    execute(command, parameters) {
      // What a guard refuses ends in a rejection, and the user has been told.
      commands.executeCommand(command, parameters).catch(() => {});
    },
    focus: () => injector.get(ILayoutService).focus(),
    undo: () => void api.undo(),
    redo: () => void api.redo(),
    async dispose() {
      await inTurn(putAway);
      await autosave.dispose();
      listening.dispose();
      calculation.dispose();
      univer.dispose();
      link.dispose();
    },

    sheets: () => open?.workbook.getSheets().map(describeSheet) ?? [],
    activeSheet() {
      const sheet = open?.workbook.getActiveSheet();
      return sheet ? describeSheet(sheet) : null;
    },
    activateSheet(sheetId) {
      must(sheetId);
      api.getActiveWorkbook()?.setActiveSheet(sheetId);
    },
    addSheet: (name) => insertSheet(name, { rowCount: 1000, columnCount: 26 }, false),
    renameSheet(sheetId, name) {
      if (must(sheetId).getName() !== name) run(SetWorksheetNameMutation.id, sheetId, { name: freeName(name) });
    },
    removeSheet(sheetId) {
      must(sheetId);
      run(RemoveSheetCommand.id, sheetId, {});
    },
    hideSheet(sheetId) {
      if (!must(sheetId).isSheetHidden()) run(SetWorksheetHideCommand.id, sheetId, {});
    },
    unhideSheet(sheetId) {
      if (must(sheetId).isSheetHidden()) run(SetWorksheetShowCommand.id, sheetId, {});
    },

    insertRows(sheetId, row, count) {
      const endColumn = must(sheetId).getColumnCount() - 1;
      const range = { startRow: row, endRow: row + count - 1, startColumn: 0, endColumn };
      run(InsertRowByRangeCommand.id, sheetId, { range, direction: 0 });
    },

    addTableSheet({ sheetId = crypto.randomUUID(), name, view, source, activate = true }) {
      tables.expect(opened().workbook.getUnitId(), new Map([[sheetId, view]]));
      const columnData = Object.fromEntries(columnWidths(view).map((w, column) => [column, { w }]));
      const freeze = { xSplit: 0, ySplit: 1, startRow: 1, startColumn: -1 };
      const data: Partial<IWorksheetData> = {
        id: sheetId,
        rowCount: view.rows + 1,
        columnCount: Math.max(view.columns.length, 1),
        columnData,
        freeze,
        defaultStyle: tableStyle,
        custom: { patron: { kind: 'table', source } },
      };
      return insertSheet(name, data, activate);
    },
    replaceTableView(sheetId, view, source) {
      const sheet = must(sheetId);
      const former = tables.cells(sheetId)?.view.columns;
      tables.replace(opened().workbook, sheetId, view);
      // A heading in another language may need more room; what the user has made narrow otherwise stays so.
      columnWidths(view).forEach((width, column) => {
        if (former?.[column]?.title === view.columns[column].title || sheet.getColumnWidth(column) >= width) return;
        sheet.getColumnManager().setColumnWidth(column, width);
      });
      if (source !== undefined) setSheetRecord(sheet, { kind: 'table', source });
      run(SetWorksheetRowCountMutation.id, sheetId, { rowCount: view.rows + 1 });
      run(SetWorksheetColumnCountMutation.id, sheetId, { columnCount: Math.max(view.columns.length, 1) });
      tables.repaint();
      recalculate(sheetId);
    },
    setRowIndex(sheetId, rows) {
      const cells = tables.cells(sheetId);
      if (!cells) throw new Error(`Sheet '${sheetId}' is not a table sheet.`);
      cells.setRowIndex(rows);
      link.setRowIndex(opened().workbook.getUnitId(), sheetId, rows);
      run(SetWorksheetRowCountMutation.id, sheetId, { rowCount: cells.rows });
      tables.repaint();
      recalculate(sheetId);
    },
    rowIndex: (sheetId) => tables.cells(sheetId)?.rowIndex ?? null,

    addReportSheet({ reportId, name, activate = true }) {
      const custom = { patron: { kind: 'report', reportId, charts: [] } };
      return insertSheet(name, { ...reportSheet, custom }, activate);
    },
    writeReport: (sheetId, blocks) =>
      ourselves(() => writeReport(injector, opened().workbook, must(sheetId), charts, blocks)),
    sheetValues: (sheetId, part) => sheetValues(must(sheetId), part),

    setCell(sheetId, row, column, value) {
      const range = { startRow: row, endRow: row, startColumn: column, endColumn: column };
      const formula = typeof value === 'string' && value.startsWith('=');
      run(SetRangeValuesCommand.id, sheetId, { range, value: formula ? { f: value } : { v: value, f: null } });
    },
    cellValue: (sheetId, row, column) => rawValue(must(sheetId), row, column),
    cellText: (sheetId, row, column) => shownText(must(sheetId), row, column),
    selection() {
      const sheet = host.activeSheet();
      return sheet ? { sheetId: sheet.id, ranges: selectedRanges() } : null;
    },
    select(sheetId, { startRow, startColumn, endRow, endColumn }) {
      if (host.activeSheet()?.id !== sheetId) host.activateSheet(sheetId);
      const sheet = api.getActiveWorkbook()?.getActiveSheet();
      const range = sheet?.getRange(startRow, startColumn, endRow - startRow + 1, endColumn - startColumn + 1);
      if (range) sheet?.setActiveSelection(range);
    },
    registerFunctions(functions) {
      const offered = offerFunctions(injector, link, functions, open !== null);
      customFunctions.add(offered);
      if (open) calculate([], true);
      return () => {
        if (!customFunctions.delete(offered)) return;
        offered.withdraw();
        if (open) calculate([], true);
      };
    },
    calculated: () => calculation.settled(),
  };
  return host;
}
