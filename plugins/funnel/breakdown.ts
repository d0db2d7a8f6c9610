import {
  type ChartSpec,
  type Journeys,
  message,
  type Note,
  type ResultTable,
  type Text,
  tableFromRows,
  wilsonInterval,
} from '@patron/sdk';
import type { GroupedJourneys } from './attribution.ts';
import { adjustForMany, compareShares } from './comparison.ts';
import { shareOf } from './counts.ts';
import type { FunnelRun } from './funnel-run.ts';
import { closedCounts } from './step-counts.ts';
import type { StepNames } from './step-names.ts';
import { stepColumns, stepRow } from './step-table.ts';
import { verdictLabels, verdictOf } from './verdict.ts';

export interface BreakdownParameters {
  readonly breakdown: readonly string[];
  readonly attribution: string;
  readonly breakdownLimit: number;
}

/** What a breakdown adds to the result. */
export interface Breakdown {
  readonly tables: Record<string, ResultTable>;
  readonly charts: ChartSpec[];
  readonly notes: Note[];
}

/** The funnel of each value, and how each value differs from the rest. */
export function breakdownBy(
  run: FunnelRun,
  grouped: GroupedJourneys,
  names: StepNames,
  parameters: BreakdownParameters,
  amountAt: ((row: number) => number) | undefined,
): Breakdown {
  const { groups, notes } = limitGroups(grouped, parameters.breakdownLimit);
  const labels = { [OTHER]: message('breakdown.other') };
  const counts = groups.map(({ journeys }) => closedCounts(run, names, amountAt, journeys));
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
          { name: 'verdict', title: title('verdict'), type: 'string', labels: verdictLabels },
        ],
        groups.map(({ label }, group) => {
          const [entered, converted] = [counts[group][0].customers, counts[group][last].customers];
          const [low, high] = wilsonInterval(converted, entered);
          const { difference, enough } = tests[group];
          const p = adjusted[group];
          const alone = groups.length < 2;
          const verdict = alone ? 'alone' : verdictOf(difference, p, enough);
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

interface Group {
  readonly label: string;
  readonly journeys: Journeys;
}

/** The largest groups, the rest as one. */
function limitGroups(grouped: GroupedJourneys, limit: number): { groups: Group[]; notes: Note[] } {
  const { labels } = grouped;
  const parts = partition(grouped, Math.min(labels.length, limit + 1));
  const groups = parts.map((journeys, group) => ({ label: group < limit ? labels[group] : OTHER, journeys }));
  if (labels.length <= limit) return { groups, notes: [] };
  return { groups, notes: [{ level: 'info', text: message('note.breakdownLimit', { limit, values: labels.length }) }] };
}

/** The journeys of each group, those of group `count` − 1 and beyond together. */
function partition({ journeys, groupOf }: GroupedJourneys, count: number): Journeys[] {
  const sizes = new Uint32Array(count);
  const place = (journey: number): number => Math.min(groupOf[journey], count - 1);
  for (let journey = 0; journey < journeys.count; journey++) if (groupOf[journey] >= 0) sizes[place(journey)]++;
  const { steps } = journeys;
  const parts = Array.from(sizes, (size) => ({
    count: 0,
    steps,
    unit: new Uint32Array(size),
    depth: new Uint16Array(size),
    rows: new Int32Array(size * steps),
  }));
  for (let journey = 0; journey < journeys.count; journey++) {
    if (groupOf[journey] < 0) continue;
    const part = parts[place(journey)];
    const index = part.count++;
    part.unit[index] = journeys.unit[journey];
    part.depth[index] = journeys.depth[journey];
    for (let step = 0; step < steps; step++) part.rows[index * steps + step] = journeys.rows[journey * steps + step];
  }
  return parts;
}
