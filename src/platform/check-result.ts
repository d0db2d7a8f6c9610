import type { AnalysisResult, ChartSpec, FunctionValue, NamedColumns } from '@patron/sdk';
import { expectChart } from './check-chart.ts';
import { checkColumn } from './check-column.ts';
import { expectFormat } from './expect-format.ts';
import {
  type Expect,
  expectBoolean,
  expectFinite,
  expectList,
  expectName,
  expectNumber,
  expectObject,
  expectOneOf,
  expectRecord,
  expectShape,
  expectText,
  MisfitError,
  optionally,
} from './expect-value.ts';
import { expected } from './problem.ts';
import type { FunctionOutcome } from './protocol.ts';
import { platformText } from './texts.ts';

const expectMetricValue: Expect = (value, path) => {
  if (typeof value === 'number') expectFinite(value, path);
  else if (value !== null && (typeof value !== 'string' || value.length > 2000))
    throw new MisfitError(path, expected('platform.finite', value));
};

const expectMetric = expectShape({
  value: expectMetricValue,
  // An interval may be open: infinite at an end.
  interval: optionally(expectList(expectNumber, { length: 2 })),
  n: optionally(expectFinite),
  title: optionally(expectText),
  format: optionally(expectFormat),
  smallSample: optionally(expectBoolean),
});

const expectNote = expectShape({ level: expectOneOf(['info', 'warning']), text: expectText });

const expectTable = expectShape({
  title: optionally(expectText),
  columns: expectList(
    expectShape({
      name: expectName(),
      title: optionally(expectText),
      column: expectObject,
      format: optionally(expectFormat),
      labels: optionally(expectRecord(expectText, 10_000)),
    }),
    { most: 5000 },
  ),
  rowPer: optionally(expectOneOf(['customer'])),
  rowsBehind: optionally(expectShape({ table: expectName(), column: expectName(), by: expectName() })),
});

const expectResult = expectShape({
  headline: optionally(expectText),
  metrics: expectRecord(expectMetric, 2000),
  tables: expectRecord(expectTable, 200),
  charts: expectList(expectChart, { most: 60 }),
  notes: expectList(expectNote, { most: 1000 }),
  settled: optionally((value, path) => void expectObject(value, path)),
  leftOut: optionally(
    expectList(expectShape({ role: expectName(), reason: expectText, count: expectFinite }), { most: 1000 }),
  ),
});

/**
 * Checks what an analysis returned as if a stranger had: every figure finite or nothing, every table's columns of equal
 * length and well formed, every chart complete.
 * @throws MisfitError with the path, e.g. `result.metrics.customers.value`.
 */
export async function checkResult(value: unknown): Promise<AnalysisResult> {
  expectResult(value, 'result');
  const result = value as AnalysisResult;
  for (const [name, { columns }] of Object.entries(result.tables)) await checkColumns(columns, `result.tables.${name}`);
  checkCells(result);
  return result;
}

/** The most cells of all small tables together: each becomes a cell of the report. */
const mostCells = 300_000;
/** Tables of more rows become tables of their own. */
const mostRowsOfCells = 1000;

function checkCells({ tables }: AnalysisResult): void {
  let cells = 0;
  for (const { columns } of Object.values(tables)) {
    const rows = columns[0]?.column.length ?? 0;
    if (rows <= mostRowsOfCells) cells += rows * columns.length;
  }
  if (cells > mostCells)
    throw new MisfitError(
      'result.tables',
      expected(platformText('platform.tooMany', { count: String(mostCells) }), cells),
    );
}

/** Checks named columns, as an importer returns them. @throws MisfitError with the path. */
export async function checkNamedColumns(value: unknown): Promise<NamedColumns> {
  expectShape({ columns: expectList(expectShape({ name: expectName(), column: expectObject }), { most: 10_000 }) })(
    value,
    'table',
  );
  const { columns } = value as NamedColumns;
  await checkColumns(columns, 'table');
  return value as NamedColumns;
}

/** Checks a chart that a chart builder returned. @throws MisfitError with the path. */
export function checkChart(value: unknown): ChartSpec {
  expectChart(value, 'chart');
  return value as ChartSpec;
}

/** Checks the bytes that an exporter returned. @throws MisfitError. */
export function checkBytes(value: unknown): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new MisfitError('file', expected('platform.bytes', value));
  return value;
}

const expectCell: Expect = (value, path) => {
  const fits = value === null || typeof value === 'boolean' || Number.isFinite(value) || isShort(value);
  if (!fits) throw new MisfitError(path, expected('platform.finite', value));
};

const isShort = (value: unknown): boolean => typeof value === 'string' && value.length <= 32_767;

const expectFunctionValue: Expect = (value, path) => {
  if (Array.isArray(value)) expectList(expectList(expectCell))(value, path);
  else expectCell(value, path);
};

/**
 * Checks the outcomes of a batch of function calls: one for each call. A value that no cell can hold is that call's error and
 * leaves the others be.
 * @throws MisfitError where there are more or fewer than calls.
 */
export function checkOutcomes(value: unknown, calls: number): FunctionOutcome[] {
  expectList(() => {}, { length: calls, most: calls })(value, 'outcomes');
  return (value as unknown[]).map((outcome) => {
    try {
      const fields = expectObject(outcome, 'outcome');
      if (isShort(fields.error)) return { error: fields.error as string };
      expectFunctionValue(fields.value, 'value');
      return { value: fields.value as FunctionValue };
    } catch (error) {
      return { error: (error as Error).message };
    }
  });
}

async function checkColumns(columns: NamedColumns['columns'], path: string): Promise<void> {
  const names = new Set<string>();
  for (const [i, { name, column }] of columns.entries()) {
    const place = `${path}.columns[${i}]`;
    if (names.has(name)) throw new MisfitError(`${place}.name`, platformText('platform.duplicateWithin', { name }));
    names.add(name);
    const { length } = await checkColumn(column, `${place}.column`);
    const rows = columns[0].column.length;
    if (length !== rows)
      throw new MisfitError(
        `${place}.column`,
        expected(platformText('platform.lengthOf', { count: String(rows) }), length),
      );
  }
}
