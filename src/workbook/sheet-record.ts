import type { Json } from '@patron/sdk';
import type { Worksheet } from '@univerjs/core';

/** What a sheet is, kept with the sheet in the snapshot. */
export type SheetRecord =
  | { readonly kind: 'table'; readonly source: Json }
  | { readonly kind: 'report'; readonly reportId: string; readonly charts: readonly string[] };

export function sheetRecord(worksheet: Worksheet): SheetRecord | null {
  return (worksheet.getConfig().custom?.patron as SheetRecord | undefined) ?? null;
}

export function setSheetRecord(worksheet: Worksheet, record: SheetRecord): void {
  const config = worksheet.getConfig();
  config.custom = { ...config.custom, patron: record };
}
