import type { Json } from '@patron/sdk';
import type { Worksheet } from '@univerjs/core';
import type { SheetInfo } from './host-contract.ts';

/** What a sheet is, kept with the sheet in the snapshot. */
export type SheetRecord =
  /** `kept`: which of the table's rows are shown, as the shell words it; absent where all are. */
  | { readonly kind: 'table'; readonly source: Json; readonly kept?: Json }
  | { readonly kind: 'report'; readonly reportId: string; readonly charts: readonly string[] };

export function sheetRecord(worksheet: Worksheet): SheetRecord | null {
  return (worksheet.getConfig().custom?.patron as SheetRecord | undefined) ?? null;
}

export function setSheetRecord(worksheet: Worksheet, record: SheetRecord): void {
  const config = worksheet.getConfig();
  config.custom = { ...config.custom, patron: record };
}

/** A sheet as the shell knows it. */
export function describeSheet(sheet: Worksheet): SheetInfo {
  const record = sheetRecord(sheet);
  return {
    id: sheet.getSheetId(),
    name: sheet.getName(),
    kind: record?.kind ?? 'sheet',
    ...(record?.kind === 'table' ? { source: record.source, kept: record.kept ?? null } : {}),
    ...(record?.kind === 'report' ? { reportId: record.reportId } : {}),
    ...(sheet.isSheetHidden() ? { hidden: true } : {}),
  };
}
