import {
  type AnalysisContext,
  AnalysisError,
  type AnalysisResult,
  median,
  message,
  type Note,
  openJourneys,
  type ResultTable,
  tableFromRows,
  wilsonInterval,
} from '@patron/sdk';
import { groupJourneys } from './attribution.ts';
import { type BreakdownParameters, breakdownBy } from './breakdown.ts';
import { SMALL_SAMPLE } from './comparison.ts';
import { countIntervals, meanOf, reachedCounts, secondsBetween, shareOf } from './counts.ts';
import { windowLength } from './duration.ts';
import { type FunnelParameters, type FunnelRun, runFunnel } from './funnel-run.ts';
import { optionalOutcome } from './optional-steps.ts';
import { optionalChart, optionalTable, withOptional } from './optional-table.ts';
import { amountReader, closedCounts } from './step-counts.ts';
import { type StepNames, stepNames } from './step-names.ts';
import { type StepCount, stepTable } from './step-table.ts';
import { largestDrop, ruleNotes, takeaway } from './takeaway.ts';

export interface ConversionParameters extends FunnelParameters, BreakdownParameters {
  readonly open: boolean;
}

/** How many customers get from step to step, how surely and how fast, in total and by a property. */
export async function conversion(context: AnalysisContext<ConversionParameters>): Promise<AnalysisResult> {
  const { parameters } = context;
  checkOpen(parameters);
  const run = await runFunnel(context, { allowsOptional: !parameters.open });
  const names = stepNames(run.steps, parameters.order);
  const amountAt = amountReader(run);
  const counts = parameters.open ? openCounts(run, names) : closedCounts(run, names, amountAt);
  const entered = counts[0].customers;
  const converted = counts[counts.length - 1].fromStart;
  const share = shareOf(converted, entered);
  const total = secondsBetween(run.journeys, run.time, 0, run.steps.length - 1);
  const drop = largestDrop(counts);
  const optional = optionalOutcome(run);
  const rows = optional ? withOptional(counts, optional.steps) : counts;
  const open = stillOpen(run);
  const grouped =
    parameters.breakdown.length > 0 ? groupJourneys(run, parameters.breakdown, parameters.attribution) : undefined;
  const broken = grouped === undefined ? undefined : breakdownBy(run, grouped, names, parameters, amountAt);

  const notes: Note[] = [
    ...run.notes,
    ...ruleNotes({ ...parameters, window: run.window, exclusions: run.exclusions.length }),
  ];
  if (entered < SMALL_SAMPLE)
    notes.push({ level: 'warning', text: message('note.smallSample', { customers: entered }) });
  if (open > 0)
    notes.push({
      level: 'info',
      text: message('note.stillOpen', { customers: open, window: windowLength(run.window) }),
    });
  if (parameters.open) notes.push({ level: 'info', text: message('note.open') });
  if (optional) notes.push({ level: 'info', text: message('note.optional') });
  if (broken) notes.push(...broken.notes);

  return {
    headline: takeaway(counts, names.text),
    metrics: {
      conversion: {
        value: share,
        title: message('metric.conversion'),
        format: 'percent',
        n: entered,
        ...(entered > 0 ? { interval: wilsonInterval(converted, entered) } : {}),
        ...(entered < SMALL_SAMPLE ? { smallSample: true } : {}),
      },
      ...(optional
        ? {
            conversionWithOptional: {
              value: shareOf(optional.convertedWithAll, entered),
              title: message('metric.conversionWithOptional'),
              format: 'percent' as const,
              n: entered,
              ...(entered > 0 ? { interval: wilsonInterval(optional.convertedWithAll, entered) } : {}),
              ...(entered < SMALL_SAMPLE ? { smallSample: true } : {}),
            },
          }
        : {}),
      entered: { value: entered, title: message('metric.entered'), format: 'integer' },
      converted: { value: converted, title: message('metric.converted'), format: 'integer' },
      largestDropStep: {
        value: drop < 0 ? null : counts[drop].number,
        title: message('metric.largestDropStep'),
        format: 'integer',
      },
      medianSeconds: {
        value: total.length === 0 ? null : median(total),
        title: message('metric.medianSeconds'),
        format: 'duration',
        n: total.length,
      },
      meanSeconds: { value: meanOf(total), title: message('metric.meanSeconds'), format: 'duration', n: total.length },
      stillOpen: { value: open, title: message('metric.stillOpen'), format: 'integer' },
      ...(amountAt
        ? {
            amount: {
              value: counts[counts.length - 1].amount ?? 0,
              title: message('metric.amount'),
              format: 'money' as const,
            },
          }
        : {}),
    },
    tables: {
      steps: parameters.open ? openTable(counts, names) : stepTable(rows, amountAt !== undefined, names.labels),
      ...(optional ? { optional: optionalTable(optional.steps) } : {}),
      ...(broken ? broken.tables : {}),
    },
    charts: [
      {
        kind: 'funnel',
        id: 'funnel',
        title: message('chart.funnel'),
        summary: takeaway(counts, names.text),
        table: 'steps',
        steps: names.names.map((_, index) => names.text(index)),
        series: [
          {
            name: message('column.customers'),
            values: counts.map(({ customers }) => customers),
            ...(parameters.open ? {} : countIntervals(counts.map(({ customers }) => customers))),
          },
        ],
      },
      ...(optional ? [optionalChart(optional.steps)] : []),
      ...(broken ? broken.charts : []),
    ],
    notes,
    settled: { window: run.window },
    leftOut: run.leftOut,
  };
}

/** An open funnel counts pairs of neighbouring steps, so rules about whole tries have no meaning in it. */
function checkOpen(parameters: ConversionParameters): void {
  if (!parameters.open) return;
  const refused = (path: string, english: string, key: string): AnalysisError =>
    new AnalysisError(`At ${path}: ${english}`, { path: `parameters.${path}`, text: message(key) });
  if (parameters.order !== 'ordered')
    throw refused('open', `an open funnel needs the order 'ordered', got '${parameters.order}'.`, 'error.openOrder');
  const { exclusions, hold, countBy } = parameters;
  const whole = countBy === 'customer' || countBy === 'property';
  if (whole && hold.length === 0 && Array.isArray(exclusions) && exclusions.length === 0) return;
  throw refused(
    'open',
    'an open funnel goes without exclusions and properties held constant, and counts customers or the values of a column.',
    'error.openWith',
  );
}

function openCounts(run: FunnelRun, names: StepNames): StepCount[] {
  const { reached, continued, durations } = openJourneys(run.reader(), run.classes, run.rules);
  const closed = reachedCounts(run.journeys);
  return names.names.map((event, step) => ({
    number: step + 1,
    event,
    before: reached[Math.max(0, step - 1)],
    customers: reached[step],
    fromBefore: step === 0 ? reached[0] : continued[step],
    fromStart: closed[step],
    seconds: step === 0 ? null : durations[step].map((milliseconds) => milliseconds / 1000),
  }));
}

function openTable(counts: readonly StepCount[], names: StepNames): ResultTable {
  const table = stepTable(counts, false, names.labels);
  const extra = tableFromRows(
    [
      { name: 'continued', title: message('column.continued'), type: 'integer', format: 'integer' },
      { name: 'enteredHere', title: message('column.enteredHere'), type: 'integer', format: 'integer' },
    ],
    counts.map(({ customers, fromBefore }, index) =>
      index === 0 ? [null, customers] : [fromBefore, customers - fromBefore],
    ),
  );
  return { ...table, columns: [...table.columns, ...extra.columns] };
}

/** Customers under way whose window is not over when the data ends: they may still convert. */
function stillOpen(run: FunnelRun): number {
  const limit = run.rules.window;
  if (limit === Number.POSITIVE_INFINITY || run.input.rows === 0) return 0;
  let last = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < run.input.rows; row++) last = Math.max(last, run.time(row));
  const { journeys } = run;
  let open = 0;
  for (let journey = 0; journey < journeys.count; journey++) {
    if (journeys.depth[journey] === journeys.steps) continue;
    if (run.time(journeys.rows[journey * journeys.steps]) + limit > last) open++;
  }
  return open;
}
