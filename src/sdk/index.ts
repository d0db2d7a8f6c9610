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
  Threads,
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
  ChartContribution,
  CommandContribution,
  ConfigurationContribution,
  Contributions,
  EngineContribution,
  ExporterContribution,
  FieldContribution,
  FieldKind,
  FunctionContribution,
  FunctionParameter,
  ImporterContribution,
  KeybindingContribution,
  MenuContribution,
  MenuLocation,
  ParameterContribution,
  PermissionRequest,
  PluginManifest,
  RoleContribution,
  SettingContribution,
  TemplateContribution,
} from './manifest.ts';
export { chiSquareQuantile, chiSquareUpperTail } from './numeric/chi-square.ts';
export { hessianOf } from './numeric/hessian.ts';
export { type Interval, meanInterval, normalInterval, wilsonInterval } from './numeric/interval.ts';
export {
  cholesky,
  choleskySolve,
  invertSymmetric,
  solve,
  symmetricEigen,
  symmetricEigenvalues,
} from './numeric/linear-algebra.ts';
export {
  normalCritical,
  normalCumulative,
  normalDensity,
  normalQuantile,
  normalTwoSided,
  normalUpperTail,
} from './numeric/normal.ts';
export {
  type MinimiseOptions,
  type Minimum,
  minimise,
  minimiseFromStarts,
  type Objective,
} from './numeric/optimise.ts';
export { binByEdges, median, orderStatistics, quantile, quantileEdges, quantiles } from './numeric/quantile.ts';
export { jenksEdges } from './numeric/quantile-jenks.ts';
export { type Random, seededRandom } from './numeric/random.ts';
export { ranksAverage, ranksFirst, sortedIndices } from './numeric/ranking.ts';
export { digamma, logAddExp, logBeta, logGamma, trigamma } from './numeric/special-gamma.ts';
export { hypergeometric2F1 } from './numeric/special-hypergeometric.ts';
export { studentQuantile, studentTwoSided, studentUpperTail } from './numeric/student.ts';
export {
  type CallContext,
  type ChartBuilder,
  type Command,
  type CommandContext,
  definePlugin,
  type Engine,
  type Exporter,
  type ExporterInput,
  type FunctionArgument,
  type FunctionValue,
  type Importer,
  type ImporterInput,
  type Kernel,
  type NamedColumns,
  type PluginCode,
  type ReductionRequest,
  type SheetFunction,
} from './plugin.ts';
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
export { type CohortColumns, type CohortCounts, type CohortOptions, cohortCounts } from './reduce/cohorts.ts';
export { type ActivityBits, forEachActivity, type SlotReader, slotsOf } from './reduce/cohorts-activity.ts';
export { type CalendarSlots, calendarSlots, WINDOW_DAYS } from './reduce/cohorts-rows.ts';
export { cohortKernels, spreadCohortCounts } from './reduce/cohorts-spread.ts';
export {
  type CustomerSummary,
  type CustomerSummaryOptions,
  customerSummary,
  type TransactionColumns,
} from './reduce/customer-summary.ts';
export { type ExactAmounts, exactAmounts } from './reduce/customer-summary-amounts.ts';
export { type CustomerKeys, customerKeys } from './reduce/customer-summary-keys.ts';
export { type RowOrder, rowOrder } from './reduce/customer-summary-order.ts';
export { takeKeys, takeRows } from './reduce/customer-summary-rows.ts';
export { type CustomerFeatures, customerFeatures, type FeatureOptions } from './reduce/features.ts';
export { journeys } from './reduce/journeys.ts';
export type { JourneyEvents, UnitEvents } from './reduce/journeys-events.ts';
export { type OpenJourneys, openJourneys } from './reduce/journeys-open.ts';
export { readUnits } from './reduce/journeys-read.ts';
export type { EventClasses, JourneyExclusion, JourneyRules, Journeys } from './reduce/journeys-rules.ts';
export { journeyKernels, spreadJourneys } from './reduce/journeys-spread.ts';
export { type SpellCounts, type SpellsOptions, type SpellsResult, spells } from './reduce/spells.ts';
export { type WindowFunnelMode, windowFunnel } from './reduce/window-funnel.ts';
export { tableFromRows } from './result-table.ts';
export {
  ROW_OPERATORS,
  type RowCondition,
  type RowConditionValue,
  type RowOperator,
  type RowTest,
  rowTest,
} from './row-conditions.ts';
export { canShare, evenRanges, isShared, shared, worthSpreading } from './shared-memory.ts';
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
export {
  type CivilDate,
  civilFromDay,
  dayFromCivil,
  PERIODS,
  type Period,
  periodLabel,
  periodOfDay,
  periodStart,
  periodTable,
} from './time/period.ts';
export { type PeriodIndex, periodIndex } from './time/period-index.ts';
export {
  type DayReader,
  dayReader,
  daysOf,
  isTime,
  type TimeColumn,
  wallClock,
  wallClocks,
} from './time/wall-clock.ts';
export { type ZoneOffsets, zoneOffset, zoneOffsets } from './time/zone-offset.ts';
