import type { RunRecord } from '../../analysis/index.ts';

type Loose = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** Whether what a file holds is a run that this version can show. A stranger's file may hold anything. */
export function isRunRecord(value: unknown): value is RunRecord {
  if (!isRecord(value)) return false;
  const { id, workbook, name, request, plugin, parameters, seed, timeZone, startedAt, milliseconds } = value;
  return (
    [id, workbook, timeZone].every(isText) &&
    (name === undefined || isText(name)) &&
    [seed, startedAt, milliseconds].every(isNumber) &&
    isRequest(request) &&
    isRecord(plugin) &&
    [plugin.id, plugin.version].every(isText) &&
    isRecord(parameters) &&
    isRead(value.tables) &&
    isCounted(value.rows) &&
    isResult(value.result) &&
    isRecord(value.resultTables) &&
    Object.values(value.resultTables).every(isText) &&
    isRecord(value.headings) &&
    Object.values(value.headings).every((list) => Array.isArray(list) && list.every((item) => isRecord(item))) &&
    (value.titles === undefined || isRecord(value.titles)) &&
    (value.reportSheet === undefined || isText(value.reportSheet))
  );
}

function isRequest(value: unknown): boolean {
  if (!isRecord(value) || !isText(value.analysis) || !isRecord(value.roles) || !isRecord(value.parameters))
    return false;
  return Object.values(value.roles).every(
    (role) => isRecord(role) && isText(role.table) && isRecord(role.fields) && Array.isArray(role.filters),
  );
}

function isRead(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every(
      (table) => isRecord(table) && [table.role, table.id, table.name].every(isText) && isNumber(table.version),
    )
  );
}

function isCounted(value: unknown): boolean {
  return isRecord(value) && isNumber(value.read) && isNumber(value.used) && Array.isArray(value.leftOut);
}

/** The parts that the report draws, by their kinds. */
function isResult(value: unknown): boolean {
  return (
    isRecord(value) &&
    isRecord(value.metrics) &&
    isRecord(value.tables) &&
    Array.isArray(value.charts) &&
    value.charts.every(isRecord) &&
    Array.isArray(value.notes) &&
    value.notes.every(isRecord)
  );
}
