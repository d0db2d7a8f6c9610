export { AnalysisService, type AnalysisServices, type RunControl, type RunProgress } from './analysis-service.ts';
export { type BoundRun, bindRun, countAll, type RoleTable } from './bind-run.ts';
export { BindingError, type BindingFault } from './binding-error.ts';
export { describeReason } from './describe-reason.ts';
export { type ColumnBrief, guessFields, isCalledLike } from './guess-fields.ts';
export {
  describeSource,
  type FieldSource,
  type FilterOperator,
  type LeftOut,
  type LeftOutReason,
  parseFieldSource,
  parseFilter,
  type RoleRequest,
  type RowCounts,
  type RowFilter,
  type RunRequest,
  sourceColumns,
} from './request.ts';
export type { RunRecord } from './run-record.ts';
export { openRunStore, type RunStore } from './run-store.ts';
