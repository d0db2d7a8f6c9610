import {
  type Analysis,
  AnalysisError,
  type AnalysisResult,
  type CohortColumns,
  type CohortCounts,
  type CohortOptions,
  type Column,
  isTime,
  type Json,
  type Message,
  type Metric,
  message,
  type Note,
  type Period,
  type RoleInput,
  spreadCohortCounts,
  type Threads,
} from '@patron/sdk';
import { breakdownChart, breakdownCurves, breakdownTable } from './cohort-breakdown.ts';
import { cohortCharts } from './cohort-charts.ts';
import { cohortCustomers } from './cohort-customers.ts';
import {
  type Against,
  type CohortCell,
  type CurvePoint,
  cohortCells,
  retentionCurve,
  startsMidPeriod,
} from './cohort-grid.ts';
import { type Brackets, cohortsTable, curveTable, offsetText, testsTable } from './cohort-tables.ts';
import { compareCohorts } from './cohort-tests.ts';
import { rowMask } from './event-filter.ts';

const SMALL_SAMPLE = 30;

interface CohortParameters {
  readonly period: Period;
  readonly kind: 'on' | 'on-or-after' | 'brackets';
  readonly cohort: 'first' | 'recurring';
  readonly windows: 'calendar' | 'rolling';
  readonly brackets: Json;
  readonly against: Against;
  readonly startEvents: Json;
  readonly startFilters: Json;
  readonly returnEvents: Json;
  readonly returnFilters: Json;
  readonly observedTo: string | null;
  readonly breakdown: string | null;
}

/** `retention.cohorts`: of the customers who started in a period, how many came back later. */
export const cohorts: Analysis<CohortParameters> = async (context) => {
  const { parameters, timeZone } = context;
  const input = requireEvents(context.inputs.events);
  if (parameters.cohort === 'recurring' && parameters.windows === 'rolling') {
    throw new AnalysisError(
      "'windows' = 'rolling' counts from a customer's first start, so it needs 'cohort' = 'first'; use 'calendar' for recurring cohorts.",
      { text: message('error.rollingRecurring'), path: 'parameters.windows' },
    );
  }
  const brackets = parameters.kind === 'brackets' ? bracketsOf(parameters.brackets) : undefined;
  context.progress(0, 2, message('progress.count'));
  const starts = rowMask(input, parameters.startEvents, parameters.startFilters, 'start');
  const returns = rowMask(input, parameters.returnEvents, parameters.returnFilters, 'return');
  const { customer, time, amount } = input.fields;
  const options: CohortOptions = { ...parameters, timeZone, brackets, starts, returns };
  const money = parameters.kind === 'on' && parameters.cohort === 'first' ? amount : undefined;
  const counts = await countOrRefuse(context, { customer, time, amount: money }, options);
  await context.checkpoint();
  context.progress(1, 2, message('progress.report'));
  if (counts.sizes.every((size) => size === 0)) {
    throw new AnalysisError('No row is a start, so there are no cohorts; check the start events and filters.', {
      text: message('error.noStarts'),
      path: 'parameters.startEvents',
    });
  }
  const parted = starts !== undefined || returns !== undefined;
  const result = report(parameters, counts, brackets, parted, amount !== undefined);
  await context.checkpoint();
  const curves =
    parameters.breakdown === null
      ? undefined
      : breakdownCurves({ customer, time }, propertyOf(input, parameters.breakdown), options, {
          ...parameters,
          brackets,
          observedTo: observedDay(parameters.observedTo),
        });
  return {
    ...result,
    tables: {
      ...result.tables,
      ...(curves && { breakdown: breakdownTable(curves, brackets) }),
      ...(listsCustomers(parameters, parted) && { customers: cohortCustomers(input, parameters.period, timeZone) }),
    },
    charts: curves
      ? [...result.charts, breakdownChart(curves, brackets, message(`unit.${parameters.period}`))]
      : result.charts,
  };
};

async function countOrRefuse(threads: Threads, columns: CohortColumns, options: CohortOptions): Promise<CohortCounts> {
  try {
    return await spreadCohortCounts(threads, columns, options);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new AnalysisError(cause.message, { text: message('error.span'), path: 'parameters.period', cause });
  }
}

/** Whether a customer's first row says the cohort, so that the customers can be listed behind it. */
function listsCustomers({ cohort }: CohortParameters, parted: boolean): boolean {
  return cohort === 'first' && !parted;
}

function propertyOf(input: RoleInput, name: string): Column {
  const column = input.properties[name];
  if (column) return column;
  throw new AnalysisError(`The table has no column '${name}' to break down by; choose one of its columns.`, {
    text: message('error.noProperty', { property: name }),
    path: 'parameters.breakdown',
  });
}

/** The events, where there are any. */
export function requireEvents(input: RoleInput): RoleInput {
  if (input.rows === 0) {
    throw new AnalysisError("No row is left in 'events'; check the filters.", {
      text: message('error.noRows'),
      path: 'inputs.events',
    });
  }
  if (!isTime(input.fields.time)) {
    throw new AnalysisError(`'time' holds ${input.fields.time.type} values; map a column of days or times to it.`, {
      text: message('error.notTime'),
      path: 'inputs.events.time',
    });
  }
  return input;
}

const DEFAULT_BRACKETS: readonly (readonly [number, number])[] = [
  [0, 0],
  [1, 1],
  [2, 3],
  [4, 6],
  [7, 12],
];

function bracketsOf(given: Json): readonly (readonly [number, number])[] {
  if (given === null) return DEFAULT_BRACKETS;
  const sound =
    Array.isArray(given) &&
    given.length > 0 &&
    given.every(
      (pair: Json) =>
        Array.isArray(pair) && pair.length === 2 && pair.every(Number.isInteger) && pair[0] >= 0 && pair[0] <= pair[1],
    );
  if (sound) return given as unknown as readonly (readonly [number, number])[];
  throw new AnalysisError("'brackets' must be a list of pairs [from, to] of whole offsets, such as [[1, 1], [2, 3]].", {
    text: message('error.brackets'),
    path: 'parameters.brackets',
  });
}

function report(
  parameters: CohortParameters,
  counts: CohortCounts,
  brackets: Brackets,
  parted: boolean,
  amountMapped: boolean,
): AnalysisResult {
  const observedTo = observedDay(parameters.observedTo) ?? counts.lastDay;
  const cells = cohortCells(counts, { ...parameters, brackets, observedTo });
  const curve = retentionCurve(cells, counts.offsets);
  const customers = counts.sizes.reduce((sum, size) => sum + size, 0);
  const cohortCount = counts.sizes.reduce((sum, size) => sum + Number(size > 0), 0);
  const next = curve.find((point) => (brackets ? brackets[point.column][0] > 0 : point.column > 0));
  const metrics: Record<string, Metric> = {
    customers: {
      value: customers,
      title: message(parameters.cohort === 'first' ? 'metric.customers' : 'metric.customerPeriods'),
      format: 'integer',
    },
    cohorts: { value: cohortCount, title: message('metric.cohorts'), format: 'integer' },
  };
  if (next) {
    metrics.retention = {
      value: next.weighted,
      interval: next.interval,
      n: next.base,
      title: message('metric.retention', {
        offset: offsetText(next.column, brackets),
        unit: message(`unit.${counts.period}`),
      }),
      format: 'percent',
      smallSample: next.base < SMALL_SAMPLE,
    };
    const test = compareCohorts(
      cells
        .filter((cell) => cell.column === next.column && cell.complete)
        .map((cell) => ({ size: counts.sizes[cell.cohort], customers: cell.customers })),
    );
    if (test) {
      metrics.differenceP = { value: test.p, n: test.cohorts, title: message('metric.differenceP'), format: 'pValue' };
      metrics.trendP = { value: test.trendP, n: test.cohorts, title: message('metric.trendP'), format: 'pValue' };
    }
  }
  return {
    headline: headline(counts, curve, next, brackets, customers),
    metrics,
    tables: {
      curve: curveTable(curve, brackets, counts.units !== undefined),
      cohorts: cohortsTable(counts, cells, brackets, listsCustomers(parameters, parted)),
      tests: testsTable(counts, cells, brackets),
    },
    charts: cohortCharts(counts, cells, curve, brackets),
    notes: notes(parameters, counts, cells, parted, amountMapped),
    settled: {
      ...(parameters.observedTo === null && { observedTo: dayText(observedTo) }),
      ...(brackets && parameters.brackets === null && { brackets: brackets.map((pair) => [...pair]) }),
    },
  };
}

const DAY = 86_400_000;

function dayText(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

function observedDay(given: string | null): number | undefined {
  if (given === null) return undefined;
  const day = Date.parse(given.slice(0, 10)) / DAY;
  if (!Number.isNaN(day)) return day;
  throw new AnalysisError(`'observedTo' is '${given}', which is no date; write it as 2011-12-09.`, {
    text: message('error.date', { parameter: 'observedTo', given }),
    path: 'parameters.observedTo',
  });
}

function headline(
  counts: CohortCounts,
  curve: readonly CurvePoint[],
  next: CurvePoint | undefined,
  brackets: Brackets,
  customers: number,
): Message {
  if (!next) return message('headline.tooEarly', { customers });
  const last = curve[curve.length - 1];
  const unit = message(`unit.${counts.period}`);
  const args = {
    unit,
    share: { value: next.weighted, as: 'percent' as const },
    offset: offsetText(next.column, brackets),
    lastShare: { value: last.weighted, as: 'percent' as const },
    lastOffset: offsetText(last.column, brackets),
  };
  return message(last === next ? 'headline.one' : 'headline.two', args);
}

function notes(
  parameters: CohortParameters,
  counts: CohortCounts,
  cells: readonly CohortCell[],
  parted: boolean,
  amountMapped: boolean,
): Note[] {
  const list: Note[] = [{ level: 'info', text: message(`note.kind.${parameters.kind}`) }];
  list.push({ level: 'info', text: message(`note.windows.${parameters.windows}`) });
  if (parameters.cohort === 'recurring') list.push({ level: 'info', text: message('note.recurring') });
  else if (parted) list.push({ level: 'info', text: message('note.parted') });
  list.push({ level: 'info', text: message('note.mean') });
  list.push({ level: 'info', text: message('note.intervals') });
  const incomplete = cells.filter((cell) => !cell.complete).length;
  if (incomplete > 0) list.push({ level: 'info', text: message('note.incomplete', { count: incomplete }) });
  if (parameters.cohort === 'first') {
    list.push({
      level: 'info',
      text: message(startsMidPeriod(counts) ? 'note.midPeriod' : 'note.firstCohort', {
        date: dayText(counts.firstDay),
      }),
    });
  }
  if (amountMapped && !counts.units) list.push({ level: 'warning', text: message('note.noRevenue') });
  const small = counts.sizes.reduce((sum, size) => sum + Number(size > 0 && size < SMALL_SAMPLE), 0);
  if (small > 0)
    list.push({ level: 'warning', text: message('note.smallCohorts', { count: small, limit: SMALL_SAMPLE }) });
  return list;
}
