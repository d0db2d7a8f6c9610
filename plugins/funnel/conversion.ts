import {
  type AnalysisContext,
  AnalysisError,
  type AnalysisResult,
  type ChartSpec,
  median,
  message,
  type Note,
  numberAt,
  openJourneys,
  type ResultTable,
  type Text,
  tableFromRows,
  wilsonInterval,
} from '@patron/sdk';
import { type GroupedJourneys, groupJourneys } from './attribution.ts';
import { adjustForMany, compareShares, SMALL_SAMPLE } from './comparison.ts';
import { meanOf, reachedCounts, secondsBetween, shareOf } from './counts.ts';
import { type FunnelParameters, type FunnelRun, runFunnel } from './funnel-run.ts';
import { type StepNames, stepNames } from './step-names.ts';
import { type StepCount, stepColumns, stepRow, stepTable } from './step-table.ts';
import { largestDrop, ruleNotes, takeaway } from './takeaway.ts';

export interface ConversionParameters extends FunnelParameters {
  readonly open: boolean;
  readonly breakdown: readonly string[];
  readonly attribution: string;
  readonly breakdownLimit: number;
}

/** How many customers get from step to step, how surely and how fast, in total and by a property. */
export async function conversion(context: AnalysisContext<ConversionParameters>): Promise<AnalysisResult> {
  const { parameters } = context;
  checkOpen(parameters);
  const run = await runFunnel(context);
  const names = stepNames(run.steps, parameters.order);
  const amountAt = amounts(run);
  const counts = parameters.open ? openCounts(run, names) : closedCounts(run, names, amountAt);
  const entered = counts[0].customers;
  const converted = counts[counts.length - 1].fromStart;
  const share = shareOf(converted, entered);
  const total = secondsBetween(run.journeys, run.time, 0, run.steps.length - 1);
  const drop = largestDrop(counts);
  const open = stillOpen(run);
  const grouped =
    parameters.breakdown.length > 0 ? groupJourneys(run, parameters.breakdown, parameters.attribution) : undefined;
  const broken = grouped === undefined ? undefined : breakdown(run, grouped, names, parameters, amountAt);

  const notes: Note[] = [
    ...run.notes,
    ...ruleNotes({ ...parameters, window: run.window, exclusions: run.exclusions.length }),
  ];
  if (entered < SMALL_SAMPLE)
    notes.push({ level: 'warning', text: message('note.smallSample', { customers: entered }) });
  if (open > 0) notes.push({ level: 'info', text: message('note.stillOpen', { customers: open, window: run.window }) });
  if (parameters.open) notes.push({ level: 'info', text: message('note.open') });
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
      entered: { value: entered, title: message('metric.entered'), format: 'integer' },
      converted: { value: converted, title: message('metric.converted'), format: 'integer' },
      largestDropStep: {
        value: drop < 0 ? null : drop + 1,
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
      steps: parameters.open ? openTable(counts, names) : stepTable(counts, amountAt !== undefined, names.labels),
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
        series: [{ name: message('column.customers'), values: counts.map(({ customers }) => customers) }],
      },
      ...(broken ? broken.charts : []),
    ],
    notes,
    settled: { window: run.window },
    leftOut: run.leftOut,
  };
}

function checkOpen({ open, order }: ConversionParameters): void {
  if (!open || order === 'ordered') return;
  throw new AnalysisError(`At open: an open funnel needs the order 'ordered', got '${order}'.`, {
    path: 'parameters.open',
    text: message('error.openOrder'),
  });
}

/** Reads the amount of a row; undefined where no amount is mapped. */
function amounts({ input }: FunnelRun): ((row: number) => number) | undefined {
  const column = input.fields.amount;
  if (column === undefined) return undefined;
  return (row) => {
    const amount = numberAt(column, row);
    return Number.isNaN(amount) ? 0 : amount;
  };
}

function closedCounts(
  run: FunnelRun,
  names: StepNames,
  amountAt: ((row: number) => number) | undefined,
  found = run.journeys,
  member?: (journey: number) => boolean,
): StepCount[] {
  const reached = reachedCounts(found, member);
  return reached.map((customers, step) => ({
    event: names.names[step],
    customers,
    fromBefore: customers,
    fromStart: customers,
    seconds: step === 0 ? null : secondsBetween(found, run.time, step - 1, step, member),
    ...(amountAt ? { amount: amountAtStep(found, step, amountAt, member) } : {}),
  }));
}

function amountAtStep(
  found: FunnelRun['journeys'],
  step: number,
  amountAt: (row: number) => number,
  member?: (journey: number) => boolean,
): number {
  let sum = 0;
  for (let journey = 0; journey < found.count; journey++)
    if (found.depth[journey] > step && (member === undefined || member(journey)))
      sum += amountAt(found.rows[journey * found.steps + step]);
  return sum;
}

function openCounts(run: FunnelRun, names: StepNames): StepCount[] {
  const { reached, continued, durations } = openJourneys(run.reader, run.classes, run.steps.length, run.rules.window);
  const closed = reachedCounts(run.journeys);
  return names.names.map((event, step) => ({
    event,
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

interface Broken {
  readonly tables: Record<string, ResultTable>;
  readonly charts: ChartSpec[];
  readonly notes: Note[];
}

function breakdown(
  run: FunnelRun,
  grouped: GroupedJourneys,
  names: StepNames,
  parameters: ConversionParameters,
  amountAt: ((row: number) => number) | undefined,
): Broken {
  const { groups, notes } = limitGroups(grouped, parameters.breakdownLimit);
  const labels = { [OTHER]: message('breakdown.other') };
  const counts = groups.map(({ member }) => closedCounts(run, names, amountAt, grouped.journeys, member));
  const last = run.steps.length - 1;
  const all = {
    entered: counts.reduce((sum, rows) => sum + rows[0].customers, 0),
    converted: counts.reduce((sum, rows) => sum + rows[last].customers, 0),
  };
  const tests = counts.map((rows) => {
    const [entered, converted] = [rows[0].customers, rows[last].customers];
    return compareShares(converted, entered, all.converted - converted, all.entered - entered);
  });
  const adjusted = adjustForMany(tests.map(({ p }) => (groups.length > 1 ? p : Number.NaN)));
  const columns = stepColumns(amountAt !== undefined).map((column) =>
    column.name === 'event' ? { ...column, labels: names.labels } : column,
  );
  const percent = { type: 'number', format: 'percent' } as const;
  const title = (name: string) => message(`column.${name}`);
  const shown = Math.min(groups.length, 12);
  return {
    notes: [
      ...notes,
      {
        level: 'info',
        text: message(`note.attribution.${parameters.attribution.split(':')[0]}`, {
          step: parameters.attribution.split(':')[1] ?? '',
        }),
      },
    ],
    tables: {
      breakdown: tableFromRows(
        [{ name: 'value', title: parameters.breakdown.join(' | '), type: 'string', labels }, ...columns],
        groups.flatMap(({ label }, group) =>
          counts[group].map((_, index) => [cellOf(label), ...stepRow(counts[group], index, amountAt !== undefined)]),
        ),
        { title: message('table.breakdown') },
      ),
      breakdownTests: tableFromRows(
        [
          { name: 'value', title: parameters.breakdown.join(' | '), type: 'string', labels },
          { name: 'entered', title: title('entered'), type: 'integer', format: 'integer' },
          { name: 'converted', title: title('converted'), type: 'integer', format: 'integer' },
          { name: 'conversion', title: title('conversion'), ...percent },
          { name: 'low', title: title('low'), ...percent },
          { name: 'high', title: title('high'), ...percent },
          { name: 'difference', title: title('differenceToRest'), ...percent },
          { name: 'p', title: title('p'), type: 'number', format: 'pValue' },
          { name: 'pAdjusted', title: title('pAdjusted'), type: 'number', format: 'pValue' },
          { name: 'verdict', title: title('verdict'), type: 'string', labels: VERDICTS },
        ],
        groups.map(({ label }, group) => {
          const [entered, converted] = [counts[group][0].customers, counts[group][last].customers];
          const [low, high] = wilsonInterval(converted, entered);
          const { difference, enough } = tests[group];
          const p = adjusted[group];
          const alone = groups.length < 2;
          const verdict = alone
            ? 'alone'
            : !enough
              ? 'small'
              : p < 0.05
                ? difference > 0
                  ? 'higher'
                  : 'lower'
                : 'same';
          return [
            cellOf(label),
            entered,
            converted,
            shareOf(converted, entered),
            low,
            high,
            alone ? null : difference,
            alone ? null : tests[group].p,
            alone ? null : p,
            verdict,
          ];
        }),
        { title: message('table.breakdownTests') },
      ),
    },
    charts: [
      {
        kind: 'bar',
        id: 'breakdown',
        title: message('chart.breakdown', { property: parameters.breakdown.join(' | ') }),
        summary: message('chart.breakdownSummary', { groups: groups.length }),
        table: 'breakdownTests',
        orientation: 'horizontal',
        categories: groups.slice(0, shown).map(({ label }) => textOf(label)),
        value: { title: message('metric.conversion'), format: 'percent', minimum: 0 },
        series: [
          {
            name: message('metric.conversion'),
            values: counts.slice(0, shown).map((rows) => shareOf(rows[last].customers, rows[0].customers)),
            low: counts.slice(0, shown).map((rows) => wilsonInterval(rows[last].customers, rows[0].customers)[0]),
            high: counts.slice(0, shown).map((rows) => wilsonInterval(rows[last].customers, rows[0].customers)[1]),
          },
        ],
      },
    ],
  };
}

const OTHER = '\u2026';

/** A group's value in a table: nothing where customers have none. */
function cellOf(label: string): string | null {
  return label === '' ? null : label;
}

function textOf(label: string): Text {
  if (label === '') return message('breakdown.none');
  return label === OTHER ? message('breakdown.other') : label;
}

const VERDICTS = {
  alone: message('verdict.alone'),
  small: message('verdict.small'),
  higher: message('verdict.higher'),
  lower: message('verdict.lower'),
  same: message('verdict.same'),
};

interface Group {
  readonly label: string;
  member(journey: number): boolean;
}

/** The largest groups, the rest as one. */
function limitGroups({ labels, groupOf }: GroupedJourneys, limit: number): { groups: Group[]; notes: Note[] } {
  const kept = labels.slice(0, limit);
  const groups: Group[] = kept.map((label, group) => ({ label, member: (journey) => groupOf[journey] === group }));
  if (labels.length <= limit) return { groups, notes: [] };
  groups.push({ label: OTHER, member: (journey) => groupOf[journey] >= limit });
  return { groups, notes: [{ level: 'info', text: message('note.breakdownLimit', { limit, values: labels.length }) }] };
}
