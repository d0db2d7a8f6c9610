import {
  type ICommandService,
  type Injector,
  IUndoRedoService,
  type IWorksheetData,
  mergeWorksheetSnapshotWithDefault,
  type Workbook,
} from '@univerjs/core';
import {
  IDefinedNamesService,
  IFunctionService,
  RemoveDefinedNameMutation,
  SetDefinedNameMutation,
} from '@univerjs/engine-formula';
import { InsertSheetMutation, RemoveSheetMutation } from '@univerjs/sheets';
import { offeredFunctionNames } from './custom-functions.ts';
import type { AddedSheets, WorkbookHost } from './host-contract.ts';

/** What adding the sheets of a file takes of the host. */
interface FileSheetsParts {
  readonly injector: Injector;
  readonly commands: ICommandService;
  opened(): { readonly workbook: Workbook };
  ourselves<Result>(work: () => Result): Result;
  recalculate(sheetId: string): void;
}

/** Functions that fetch something from elsewhere: a file must not make the page do that. */
const FETCHING = new Set(['IMAGE', 'WEBSERVICE', 'IMPORTDATA', 'IMPORTXML', 'IMPORTHTML', 'IMPORTFEED', 'IMPORTRANGE']);
/** A name that stands for a range is kept as it is, one for a formula with `=` before it. */
const REFERENCE = /^(?:'(?:[^']|'')+'|[\p{L}\p{N}_.]+)!\$?[A-Z]*\$?\d*(?::\$?[A-Z]*\$?\d*)?$/u;
/** The scope of a name that holds in all sheets. */
const ALL_SHEETS = 'AllDefaultWorkbook';

type FileSheetCalls = Pick<WorkbookHost, 'addSheets' | 'functionNames' | 'rangeNames'>;

/** Sheets that come from a file: one step of undo takes all of them back. */
export function fileSheets(parts: FileSheetsParts): FileSheetCalls {
  const { injector, commands } = parts;
  return {
    addSheets({ sheets, styles, names }: AddedSheets) {
      const { workbook } = parts.opened();
      const unitId = workbook.getUnitId();
      for (const [id, style] of Object.entries(styles)) workbook.getStyles().addCustomStyle(id, style);
      const inserted = sheets.map((sheet, index) => ({
        unitId,
        index: workbook.getSheetSize() + index,
        sheet: mergeWorksheetSnapshotWithDefault({ ...sheet, id: crypto.randomUUID() }) as IWorksheetData,
      }));
      const named = names.map(({ name, formula }) => ({
        unitId,
        id: crypto.randomUUID(),
        name,
        formulaOrRefString: REFERENCE.test(formula) ? formula : `=${formula}`,
        localSheetId: ALL_SHEETS,
      }));
      const redoMutations = [
        ...inserted.map((params) => ({ id: InsertSheetMutation.id, params })),
        ...named.map((params) => ({ id: SetDefinedNameMutation.id, params })),
      ];
      const undoMutations = [
        ...named.map((params) => ({ id: RemoveDefinedNameMutation.id, params })),
        ...inserted.map(({ sheet }) => ({
          id: RemoveSheetMutation.id,
          params: { unitId, subUnitId: sheet.id, subUnitName: sheet.name },
        })),
      ];
      parts.ourselves(() => {
        for (const { id, params } of redoMutations) commands.syncExecuteCommand(id, params);
      });
      injector.get(IUndoRedoService).pushUndoRedo({ unitID: unitId, undoMutations, redoMutations });
      for (const { sheet } of inserted) parts.recalculate(sheet.id);
      return inserted.map(({ sheet }) => sheet.id);
    },
    functionNames: () => ({
      stock: [...injector.get(IFunctionService).getExecutors().keys()]
        .map(String)
        .filter((name) => !FETCHING.has(name)),
      offered: offeredFunctionNames(),
    }),
    rangeNames() {
      const names = injector.get(IDefinedNamesService).getDefinedNameMap(parts.opened().workbook.getUnitId()) ?? {};
      return Object.values(names).map(({ name }) => name);
    },
  };
}
