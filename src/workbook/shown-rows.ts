import type { Json } from '@patron/sdk';
import {
  CommandType,
  type IAccessor,
  ICommandService,
  type IMutationInfo,
  IUndoRedoService,
  IUniverInstanceService,
  UniverInstanceType,
  type Workbook,
} from '@univerjs/core';
import { setSheetRecord, sheetRecord } from './sheet-record.ts';

/** What the header of a column says of the rows that are shown. */
export interface HeaderMark {
  readonly column: number;
  readonly sorted?: 'ascending' | 'descending';
  /** The place of the column among several that the rows are sorted by, from 1. */
  readonly place?: number;
  readonly filtered?: boolean;
}

/** Which rows a table sheet shows and in what order, with what the shell keeps of it and what the headers say of it. */
export interface ShownRows {
  /** Table rows in the order shown; null shows all. */
  readonly rows: Uint32Array | null;
  /** Saved with the sheet, for the shell to find the rows again; null where all are shown. */
  readonly kept: Json | null;
  readonly marks: readonly HeaderMark[];
}

interface KeptParams {
  readonly unitId: string;
  readonly subUnitId: string;
  readonly kept: Json | null;
}

/** Keeps with a table sheet what the shell says of its rows; undone and done again like any other change of a sheet. */
export const setShownRowsMutation = {
  id: 'sheet.mutation.set-shown-rows',
  type: CommandType.MUTATION,
  handler(accessor: IAccessor, { unitId, subUnitId, kept }: KeptParams): boolean {
    const sheet = accessor
      .get(IUniverInstanceService)
      .getUnit<Workbook>(unitId, UniverInstanceType.UNIVER_SHEET)
      ?.getSheetBySheetId(subUnitId);
    const record = sheet && sheetRecord(sheet);
    if (!sheet || record?.kind !== 'table') return false;
    const { kept: _, ...rest } = record;
    setSheetRecord(sheet, kept === null ? rest : { ...rest, kept });
    return true;
  },
} as const;

/** The command behind a filter or an order of the user's: one step for Undo. */
export const setShownRowsCommand = {
  id: 'sheet.command.set-shown-rows',
  type: CommandType.COMMAND,
  handler(accessor: IAccessor, { before, ...params }: KeptParams & { readonly before: Json | null }): boolean {
    const mutation = (kept: Json | null): IMutationInfo => ({
      id: setShownRowsMutation.id,
      params: { ...params, kept },
    });
    accessor.get(IUndoRedoService).pushUndoRedo({
      unitID: params.unitId,
      undoMutations: [mutation(before)],
      redoMutations: [mutation(params.kept)],
    });
    return accessor.get(ICommandService).syncExecuteCommand(setShownRowsMutation.id, params);
  },
} as const;
