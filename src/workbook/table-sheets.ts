import type { ICellData, Injector, Workbook, Worksheet } from '@univerjs/core';
import { IRenderManagerService } from '@univerjs/engine-render';
import { SheetSkeletonManagerService } from '@univerjs/sheets-ui';
import type { FormulaLink } from './formula-link.ts';
import type { OpenedTable } from './host-contract.ts';
import type { ShownRows } from './shown-rows.ts';
import { ViewCells } from './view-cells.ts';
import { VirtualMatrix } from './virtual-matrix.ts';

interface TableSheet {
  readonly cells: ViewCells;
  readonly matrix: VirtualMatrix;
  readonly letGo: () => void;
}

type Shown = (row: number, column: number) => ICellData | null;
interface DrawnCells {
  getCell: Shown;
  getCellValueOnly: Shown;
  getCellStyleOnly: Shown;
}

/**
 * The table sheets of the open workbook. A sheet is expected first, with the view it will show, and gets its cells when
 * Univer makes it: on opening, on insertion, and again when the undo of a deletion brings it back.
 */
export function createTableSheets(
  injector: Injector,
  link: FormulaLink,
  current: () => Workbook | null,
  openMenu: (sheetId: string, column: number) => void,
) {
  const sheets = new Map<string, TableSheet>();
  let stopWatching = (): void => {};
  let watched: Workbook | null = null;

  let painting = false;
  const repaint = (): void => {
    if (painting) return;
    painting = true;
    requestAnimationFrame(() => {
      painting = false;
      const workbook = current();
      const render = workbook && injector.get(IRenderManagerService).getRenderById(workbook.getUnitId());
      if (!render) return;
      render.with(SheetSkeletonManagerService).reCalculate();
      render.mainComponent?.makeForceDirty();
      for (const component of render.components.values()) component.makeDirty();
    });
  };

  const add = (unitId: string, sheetId: string, { view, shown }: OpenedTable): void => {
    sheets.get(sheetId)?.letGo();
    const cells = new ViewCells(view, (column) => openMenu(sheetId, column));
    if (shown) cells.show(shown);
    const stop = view.onLoaded(() => {
      if (current()?.getActiveSheet()?.getSheetId() === sheetId) repaint();
    });
    const letGo = (): void => {
      stop();
      view.dispose?.();
    };
    sheets.set(sheetId, { cells, matrix: new VirtualMatrix(cells), letGo });
    link.addTable(unitId, sheetId, view);
    if (shown?.rows) link.setRowIndex(unitId, sheetId, shown.rows);
  };

  const put = (worksheet: Worksheet): void => {
    const sheet = sheets.get(worksheet.getSheetId());
    if (!sheet) return;
    const { matrix, cells } = sheet;
    (worksheet as unknown as { _cellData: VirtualMatrix })._cellData = matrix;
    // What is drawn comes straight from the table, past the dozen interceptors that every cell of an ordinary sheet goes
    // through for rules, marks and formats that a table sheet cannot have.
    const shown = (row: number, column: number) => cells.shown(row, column) ?? null;
    worksheet.getCell = shown;
    worksheet.getCellWithFilteredInterceptors = shown;
    const drawn = (worksheet as unknown as { _viewModel: DrawnCells })._viewModel;
    drawn.getCell = shown;
    drawn.getCellValueOnly = shown;
    drawn.getCellStyleOnly = shown;
    // Rows of a table sheet are chosen by its row index; asking a million of them one by one is the dearest part of a layout.
    worksheet.getRowFiltered = () => false;
    worksheet.isRowFiltered = () => false;
    // A search over the whole workbook goes through these two; a table sheet has nothing to say there.
    const nothing = { [Symbol.iterator]: () => [][Symbol.iterator]() };
    const few = (range: { startRow: number; endRow: number }): boolean => range.endRow - range.startRow < 2_000;
    const byRow = worksheet.iterateByRow.bind(worksheet);
    const byColumn = worksheet.iterateByColumn.bind(worksheet);
    worksheet.iterateByRow = (...given) => (few(given[0]) ? byRow(...given) : nothing);
    worksheet.iterateByColumn = (...given) => (few(given[0]) ? byColumn(...given) : nothing);
  };

  return {
    cells: (sheetId: string): ViewCells | undefined => sheets.get(sheetId)?.cells,
    matrix: (sheetId: string): VirtualMatrix | undefined => sheets.get(sheetId)?.matrix,
    repaint,
    expect(unitId: string, opened: ReadonlyMap<string, OpenedTable>): void {
      for (const [sheetId, table] of opened) add(unitId, sheetId, table);
    },
    /** Shows other rows of a sheet's table. @throws Error where the sheet is none of a table. */
    show(unitId: string, sheetId: string, shown: ShownRows): void {
      const sheet = sheets.get(sheetId);
      if (!sheet) throw new Error(`Sheet '${sheetId}' is not a table sheet.`);
      sheet.cells.show(shown);
      link.setRowIndex(unitId, sheetId, shown.rows);
    },
    /** Gives the expected sheets of a workbook their cells, and those that come later. */
    install(workbook: Workbook): void {
      if (watched === workbook) return;
      stopWatching();
      for (const worksheet of workbook.getSheets()) put(worksheet);
      const watching = workbook.sheetCreated$.subscribe(put);
      watched = workbook;
      stopWatching = () => watching.unsubscribe();
    },
    replace(workbook: Workbook, sheetId: string, table: OpenedTable): void {
      add(workbook.getUnitId(), sheetId, table);
      const worksheet = workbook.getSheetBySheetId(sheetId);
      if (worksheet) put(worksheet);
    },
    clear(workbook: Workbook): void {
      stopWatching();
      watched = null;
      for (const [sheetId, { letGo }] of sheets) {
        letGo();
        link.forget(workbook.getUnitId(), sheetId);
      }
      sheets.clear();
    },
  };
}
