import type { JsonObject } from '@patron/sdk';
import {
  ICommandService,
  type Injector,
  type IUnitRange,
  type IWorksheetData,
  mergeWorksheetSnapshotWithDefault,
  type Workbook,
  type Worksheet,
} from '@univerjs/core';
import type { FUniver } from '@univerjs/presets';
import { InsertSheetMutation, SheetsSelectionsService } from '@univerjs/sheets';
import type { CellRange, HostOptions, NoticeKey } from './host-contract.ts';
import { startCalculation } from './start-calculation.ts';
import type { WorkbookInfo } from './workbook-store.ts';

export interface OpenWorkbook {
  info: WorkbookInfo;
  details: JsonObject;
  readonly workbook: Workbook;
  readonly stop: () => void;
}

/** Milliseconds in which the same notice is given only once. */
const NOTICE_PAUSE = 4_000;

/** What the parts of the host share: the open workbook, and the ways to change it and to speak of it. */
export interface HostContext {
  readonly api: FUniver;
  readonly injector: Injector;
  readonly commands: ICommandService;
  readonly options: HostOptions;
  open: OpenWorkbook | null;
  readOnly: boolean;
  /** The open workbook. @throws Error where none is. */
  opened(): OpenWorkbook;
  find(sheetId: string): Worksheet | null;
  /** @throws Error naming the sheet where it is not there. */
  must(sheetId: string): Worksheet;
  /** Runs `work` as the shell's own doing, which no guard stops. */
  ourselves<Result>(work: () => Result): Result;
  /** True while `ourselves` runs. */
  isOwn(): boolean;
  /** Runs one of Univer's commands on a sheet as the shell's own doing. */
  run(id: string, sheetId: string, params: object): void;
  notice(key: NoticeKey, sheetId: string, limit?: number): void;
  /** A name for a sheet that no other one has. */
  freeName(wanted: string): string;
  /** Adds a sheet at the end; returns its id. */
  insertSheet(wanted: string, data: Partial<IWorksheetData>): string;
  calculate(ranges: readonly IUnitRange[], all?: boolean): void;
  /** Calculates what refers to a sheet. */
  recalculate(sheetId: string): void;
  selectedRanges(): CellRange[];
}

export function createHostContext(api: FUniver, injector: Injector, options: HostOptions): HostContext {
  const commands = injector.get(ICommandService);
  let own = 0;
  let lastNotice = { key: '', at: 0 };
  const context: HostContext = {
    api,
    injector,
    commands,
    options,
    open: null,
    readOnly: false,
    opened() {
      if (!context.open) throw new Error('No workbook is open. Open one first.');
      return context.open;
    },
    find: (sheetId) => context.open?.workbook.getSheetBySheetId(sheetId) ?? null,
    must(sheetId) {
      const sheet = context.find(sheetId);
      if (!sheet) throw new Error(`Sheet '${sheetId}' is not in the open workbook.`);
      return sheet;
    },
    ourselves(work) {
      own++;
      try {
        return work();
      } finally {
        own--;
      }
    },
    isOwn: () => own > 0,
    run(id, sheetId, params) {
      const unitId = context.opened().workbook.getUnitId();
      context.ourselves(() => commands.syncExecuteCommand(id, { unitId, subUnitId: sheetId, ...params }));
    },
    notice(key, sheetId, limit) {
      const now = Date.now();
      if (lastNotice.key === key && now - lastNotice.at < NOTICE_PAUSE) return;
      lastNotice = { key, at: now };
      options.onNotice({ key, sheetId, sheetName: context.find(sheetId)?.getName() ?? '', limit });
    },
    freeName(wanted) {
      const sheets = context.opened().workbook.getSheets();
      const taken = new Set(sheets.map((sheet) => sheet.getName().toLowerCase()));
      const plain = wanted.replace(/[\\/?*[\]:']/g, ' ').trim();
      const base = plain.slice(0, 60) || options.newSheetName();
      let name = base;
      for (let number = 2; taken.has(name.toLowerCase()); number++) name = `${base} (${number})`;
      return name;
    },
    insertSheet(wanted, data) {
      const id = data.id ?? crypto.randomUUID();
      const sheet = mergeWorksheetSnapshotWithDefault({ ...data, id, name: context.freeName(wanted) });
      context.run(InsertSheetMutation.id, id, { index: context.opened().workbook.getSheetSize(), sheet });
      return id;
    },
    calculate: (ranges, all = false) => startCalculation(commands, ranges, all),
    recalculate(sheetId) {
      const sheet = context.must(sheetId);
      const range = {
        startRow: 0,
        endRow: sheet.getRowCount() - 1,
        startColumn: 0,
        endColumn: sheet.getColumnCount() - 1,
      };
      context.calculate([{ unitId: context.opened().workbook.getUnitId(), sheetId, range }]);
    },
    selectedRanges: () =>
      injector
        .get(SheetsSelectionsService)
        .getCurrentSelections()
        .map(({ range }) => range),
  };
  return context;
}
