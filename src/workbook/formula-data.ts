import { type IUniverInstanceService, UniverInstanceType, type Workbook } from '@univerjs/core';
import { FormulaDataModel } from '@univerjs/engine-formula';
import type { VirtualMatrix } from './virtual-matrix.ts';

/** The cells of a table sheet, or undefined for an ordinary sheet. */
export type FindMatrix = (unitId: string, sheetId: string) => VirtualMatrix | undefined;

let find: FindMatrix = () => undefined;
let patched = false;

/**
 * Lets formulas read table sheets, in the thread that calls this. The engine copies every sheet's cells from its snapshot
 * before it calculates; a table sheet has none there, so its matrix is put in. Hidden rows are not looked for on table
 * sheets, row by row. The model's class is changed, since the model itself only comes into being with the first workbook.
 */
export function readTableSheets(findMatrix: FindMatrix): void {
  find = findMatrix;
  if (patched) return;
  patched = true;
  const prototype = FormulaDataModel.prototype;
  const calculateData = prototype.getCalculateData;
  prototype.getCalculateData = function (this: FormulaDataModel) {
    const data = calculateData.call(this);
    for (const [unitId, sheets] of Object.entries(data.allUnitData)) {
      for (const [sheetId, sheet] of Object.entries(sheets ?? {})) {
        const matrix = find(unitId, sheetId);
        if (matrix && sheet) sheet.cellData = matrix;
      }
    }
    return data;
  };
  prototype.getHiddenRowsFiltered = function (this: FormulaDataModel) {
    const { _univerInstanceService: instances } = this as unknown as { _univerInstanceService: IUniverInstanceService };
    const hidden: ReturnType<FormulaDataModel['getHiddenRowsFiltered']> = {};
    for (const workbook of instances.getAllUnitsForType<Workbook>(UniverInstanceType.UNIVER_SHEET)) {
      const unitId = workbook.getUnitId();
      const sheets: (typeof hidden)[string] = {};
      hidden[unitId] = sheets;
      for (const sheet of workbook.getSheets()) {
        const rows: NonNullable<(typeof sheets)[string]> = {};
        sheets[sheet.getSheetId()] = rows;
        if (find(unitId, sheet.getSheetId())) continue;
        for (let row = 0; row < sheet.getRowCount(); row++) if (!sheet.getRowVisible(row)) rows[row] = { hd: 1 };
      }
    }
    return hidden;
  };
}
