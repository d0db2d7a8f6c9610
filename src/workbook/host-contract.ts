import type { CellValue, Json, JsonObject, Text } from '@patron/sdk';
import type { IStyleData, IWorksheetData } from '@univerjs/core';
import type { CustomFunction } from './custom-function.ts';
import type { ReportBlock } from './report-blocks.ts';
import type { ShownRows } from './shown-rows.ts';
import type { TableColumn, TableView } from './table-view.ts';
import type { WorkbookInfo, WorkbookStore } from './workbook-store.ts';

export type WorkbookLocale = 'en-US' | 'zh-CN';

export type SaveState = 'saved' | 'saving' | 'unsaved' | 'error';

/** What the workbook has to tell the user; the shell has the words. */
export type NoticeKey =
  | 'tableReadOnly'
  | 'copyTooLarge'
  | 'rowsFixed'
  | 'tableMissing'
  | 'columnUnreadable'
  | 'workbookReadOnly';

export interface WorkbookNotice {
  readonly key: NoticeKey;
  readonly sheetId: string;
  readonly sheetName: string;
  /** The number that was passed, where there is one. */
  readonly limit?: number;
}

export interface SheetInfo {
  readonly id: string;
  readonly name: string;
  readonly kind: 'sheet' | 'table' | 'report';
  /** What `openTable` is given again when the workbook is reopened. */
  readonly source?: Json;
  /** What `showRows` was given to keep; null where all rows are shown. */
  readonly kept?: Json | null;
  readonly reportId?: string;
  /** True for a sheet that is put away, with all that refers to it intact. */
  readonly hidden?: boolean;
}

export interface SelectionStatistics {
  /** Cells selected. */
  readonly cells: number;
  /** Of these, cells that are not empty. */
  readonly count: number;
  readonly numbers: number;
  readonly sum: number;
  readonly average: number;
  readonly minimum: number;
  readonly maximum: number;
}

export interface CellRange {
  readonly startRow: number;
  readonly startColumn: number;
  readonly endRow: number;
  readonly endColumn: number;
}

/** What the user asks of a table sheet by a key, a button or a menu of the sheets. */
export type TableAction = 'find' | 'columnMenu' | 'ascending' | 'descending';

/** A table as its sheet is to show it. */
export interface OpenedTable {
  readonly view: TableView;
  /** Default: all rows. */
  readonly shown?: ShownRows;
}

/** A rectangle of the page, in CSS pixels. */
export interface PageArea {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface HostOptions {
  readonly store: WorkbookStore;
  readonly locale: WorkbookLocale;
  readonly darkMode: boolean;
  /** Name of the one sheet of an empty workbook, in the reader's language. */
  newSheetName(): string;
  /** Finds the table of a table sheet, and the rows kept with it, when a workbook is opened; null where it is gone. */
  openTable(source: Json, sheetId: string, kept: Json | null): Promise<OpenedTable | null>;
  /** A chart's text as it reads in `locale`; `scope` is the one the chart was given with. */
  renderText(text: Text, scope: string, locale: string): string;
  onNotice(notice: WorkbookNotice): void;
  onSaveState(state: SaveState, error?: Error): void;
  onActiveSheet?(sheet: SheetInfo): void;
  /** The list of sheets, their order or names changed. */
  onSheets?(sheets: SheetInfo[]): void;
  /** What the selection holds; null where there is nothing worth showing. */
  onStatistics?(statistics: SelectionStatistics | null): void;
  /** The selection has come to rest. */
  onSelection?(sheetId: string, ranges: readonly CellRange[]): void;
  /** Asked for at `column` of a table sheet, or where the cursor is. */
  onTableAction?(action: TableAction, sheetId: string, column?: number): void;
  /** Undo or redo put back other rows of a table sheet: the shell is to find and show them. */
  onKeptRows?(sheetId: string, kept: Json | null): void;
}

export interface SheetValues {
  readonly rows: number;
  readonly columns: number;
  readonly values: CellValue[][];
  /** As displayed. */
  readonly texts: string[][];
}

/** Sheets of a file with their cells, and the styles and names that they use. */
export interface AddedSheets {
  /** Their names are not taken. */
  readonly sheets: readonly (Partial<IWorksheetData> & { readonly name: string })[];
  readonly styles: Readonly<Record<string, IStyleData>>;
  readonly names: readonly { readonly name: string; readonly formula: string }[];
}

/**
 * The workbook on screen. One workbook is open at a time; what the user changes is saved by itself, half a second after
 * the last change and when the page is hidden.
 */
export interface WorkbookHost {
  /** Opens a stored workbook; the former one is saved and put away first. */
  open(id: string): Promise<void>;
  close(): Promise<void>;
  current(): WorkbookInfo | null;
  rename(name: string): Promise<void>;
  /** Saves now what is not saved. */
  flush(): Promise<void>;
  /** The shell's own data that belongs to the workbook. */
  details(): JsonObject;
  setDetails(details: JsonObject): void;
  setLocale(locale: WorkbookLocale): void;
  setDarkMode(dark: boolean): void;
  /** While it is read-only, the user can change nothing and nothing is saved. What the shell does itself only shows. */
  setReadOnly(readOnly: boolean): void;
  focus(): void;
  /** Runs one of Univer's commands by its id, as its toolbar would; a palette can offer them. */
  execute(command: string, parameters?: object): void;
  undo(): void;
  redo(): void;
  dispose(): Promise<void>;

  sheets(): SheetInfo[];
  activeSheet(): SheetInfo | null;
  activateSheet(sheetId: string): void;
  /** Adds an empty sheet; a name that is taken gets a number. Returns the sheet's id. */
  addSheet(name: string): string;
  /** Adds sheets with all that is in them, as one step of undo. Returns their ids. */
  addSheets(added: AddedSheets): string[];
  /** Functions that formulas can call: those that every workbook has, and those that plugins offer. */
  functionNames(): { readonly stock: readonly string[]; readonly offered: readonly string[] };
  /** Names that stand for ranges or formulas. */
  rangeNames(): string[];
  renameSheet(sheetId: string, name: string): void;
  removeSheet(sheetId: string): void;
  /** Puts empty rows before `row`; formulas, charts and reports move along. */
  insertRows(sheetId: string, row: number, count: number): void;
  /** Puts a sheet away without removing it: formulas that refer to it keep working. One sheet must stay visible. */
  hideSheet(sheetId: string): void;
  unhideSheet(sheetId: string): void;

  addTableSheet(table: {
    sheetId?: string;
    name: string;
    view: TableView;
    source: Json;
    shown?: ShownRows;
    activate?: boolean;
  }): string;
  /** Shows another version of the table; formulas that refer to it calculate again. */
  replaceTableView(sheetId: string, table: OpenedTable, source?: Json): void;
  /**
   * Shows some rows of the table, in the order given; formulas see what is shown. With `undoable` the user can undo it, and
   * is then answered through `onKeptRows`.
   */
  showRows(sheetId: string, shown: ShownRows, undoable?: boolean): void;
  rowIndex(sheetId: string): Uint32Array | null;
  /** The columns of a table sheet; none of any other. */
  tableColumns(sheetId: string): readonly TableColumn[];
  /** Begins to read what the rows of a table sheet will need in another order. */
  readAhead(sheetId: string): void;
  /** Resolves when the first of these rows can be painted, or after a moment where they are slow to come. */
  rowsReady(sheetId: string, rows: Uint32Array | null): Promise<void>;
  /** Where a cell of the active sheet is on the page; beside the sheets where it is scrolled out of sight. */
  cellArea(row: number, column: number): PageArea | null;
  /** Selects one cell and brings it into sight. */
  reveal(sheetId: string, row: number, column: number): void;

  addReportSheet(report: { reportId: string; name: string; activate?: boolean }): string;
  /** Writes a report, or writes it again; cells that the user has typed over are left alone and counted in `kept`. */
  writeReport(sheetId: string, blocks: readonly ReportBlock[]): { kept: number };
  /** The used range of an ordinary sheet or a report, or `rows` rows of it from `from`. */
  sheetValues(sheetId: string, part?: { from?: number; rows?: number }): SheetValues;

  /** A text that starts with '=' is a formula. Rows and columns count from 0. */
  setCell(sheetId: string, row: number, column: number, value: CellValue): void;
  cellValue(sheetId: string, row: number, column: number): CellValue;
  cellText(sheetId: string, row: number, column: number): string;
  selection(): { sheetId: string; ranges: CellRange[] } | null;
  select(sheetId: string, range: CellRange): void;
  /**
   * Lets formulas call `functions`, and calculates all formulas again. Returns the way to take them back. A name that is
   * taken is refused.
   * @throws Error naming the function whose name is taken or cannot stand in a formula.
   */
  registerFunctions(functions: readonly CustomFunction[]): () => void;
  /** Resolves when no calculation is under way or about to start. */
  calculated(): Promise<void>;
}
