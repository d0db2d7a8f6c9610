export type { ColumnStatistics } from './column-statistics.ts';
export type { ExportFormat } from './export/export-stored.ts';
export { type CsvOptions, exportCsv } from './export-csv.ts';
export { blobSource, bytesSource, type FileSource, textSource } from './file-source.ts';
export type { FoundCells } from './find-cells.ts';
export { gunzipSource, isGzip } from './formats/gzip.ts';
export { readLayout as readXlsxLayout, type XlsxLayout } from './formats/xlsx/xlsx-layout.ts';
export { XlsxPackage } from './formats/xlsx/xlsx-package.ts';
export {
  columnName as xlsxColumnName,
  columnOf as xlsxColumnOf,
  rangeOf as xlsxRangeOf,
  type XlsxRange,
} from './formats/xlsx/xlsx-places.ts';
export { sheetRows as xlsxRows, type XlsxCell, type XlsxRow } from './formats/xlsx/xlsx-rows.ts';
export { readStrings as readXlsxStrings, type XlsxRun } from './formats/xlsx/xlsx-strings.ts';
export {
  readStyles as readXlsxStyles,
  type XlsxColour,
  type XlsxFont,
  type XlsxStyles,
} from './formats/xlsx/xlsx-styles.ts';
export { attribute as xmlAttribute } from './formats/xlsx/xml-scanner.ts';
export type {
  ColumnChoice,
  DateOrder,
  DetectedColumn,
  Detection,
  ImportOptions,
  ImportProgress,
  MemoryTable,
  NamedColumn,
  ReadResult,
  RejectReason,
  Rejects,
  TablePreview,
  TextLayout,
} from './import-options.ts';
export { memoryBudget } from './memory-budget.ts';
export { previewFile } from './preview-file.ts';
export { type Asking, QueryClient } from './query-client.ts';
export { type ReadRun, readTable } from './read-table.ts';
export { type FilterOperator, filterOperators, type RowFilter } from './row-filter.ts';
export type { RowSort } from './row-order.ts';
export {
  type ColumnLayout,
  type ColumnMeta,
  ROW_GROUP,
  type TableFormat,
  type TableMeta,
  type TableSource,
} from './schema.ts';
export { type FormerVersion, withFormerVersions } from './steps/former-versions.ts';
export { formulaFunctions } from './steps/formula-functions.ts';
export type {
  CellFix,
  HistoryEntry,
  MergePreview,
  MergeRule,
  Step,
  StepCounts,
  StepKind,
  StepPreview,
} from './steps/step.ts';
export type { StepTarget } from './steps/table-steps.ts';
export type { ImportedTable, ImportRequest, ImportRun, WriteRequest } from './store-requests.ts';
export type { SweptImport } from './store-sweep.ts';
export { TableError, type TableErrorCode } from './table-error.ts';
export type { ColumnQuery, FindQuery, RowQuery, ValuesQuery } from './table-queries.ts';
export type { ColumnBatch, OpenedTable, ReadContext, TableReader } from './table-reader.ts';
export { TableStore } from './table-store.ts';
export { type LoadedRange, openTableView, type TableView } from './table-view.ts';
export { type CsvExportRun, type TableChange, TablesClient } from './tables-client.ts';
export type { FrequentValues } from './value-counts.ts';
