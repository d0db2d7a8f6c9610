export type {
  Analysis,
  AnalysisContext,
  AnalysisResult,
  Json,
  JsonObject,
  Metric,
  Note,
  ResultColumn,
  ResultTable,
  RoleInput,
  Rows,
  RowTableColumn,
} from './analysis.ts';
export { AnalysisError } from './analysis.ts';
export type {
  Axis,
  BarChart,
  BoxChart,
  ChartSpec,
  FunnelChart,
  HeatMapChart,
  HistogramChart,
  LineChart,
  LineSeries,
  ReferenceLine,
  SankeyChart,
  ScatterChart,
  Series,
  TreeMapChart,
} from './chart.ts';
export type {
  BooleanColumn,
  CellValue,
  CodeArray,
  Column,
  ColumnType,
  DateColumn,
  DictionaryColumn,
  IntegerColumn,
  NumberColumn,
  NumericArray,
  NumericColumn,
  StringColumn,
  TextColumn,
  TimestampColumn,
} from './column.ts';
export {
  booleanColumn,
  codeArray,
  columnFromValues,
  dateColumn,
  decimalColumn,
  integerColumn,
  numberColumn,
  stringColumn,
  timestampColumn,
  validityOf,
} from './make-column.ts';
export type {
  AnalysisContribution,
  CommandContribution,
  Contributions,
  FieldContribution,
  FieldKind,
  ParameterContribution,
  PermissionRequest,
  PluginManifest,
  RoleContribution,
} from './manifest.ts';
export { chiSquareQuantile, chiSquareUpperTail } from './numeric/chi-square.ts';
export {
  normalCritical,
  normalCumulative,
  normalDensity,
  normalQuantile,
  normalTwoSided,
  normalUpperTail,
} from './numeric/normal.ts';
export { type Random, seededRandom } from './numeric/random.ts';
export { studentQuantile, studentTwoSided, studentUpperTail } from './numeric/student.ts';
export { type Command, type CommandContext, definePlugin, type PluginCode } from './plugin.ts';
export {
  countPresent,
  type DenseCodes,
  denseCodes,
  isNumeric,
  isPresent,
  numberAt,
  numbersOf,
  textAt,
  valueAt,
} from './read-column.ts';
export { tableFromRows } from './result-table.ts';
export { type StringVector, stringAt, stringCount, stringsOf, stringVector } from './string-vector.ts';
export {
  type Catalogue,
  formatValue,
  type Message,
  type MessageArgument,
  message,
  renderText,
  type Text,
  type ValueFormat,
} from './text.ts';
