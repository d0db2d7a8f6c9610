import {
  type Analysis,
  type AnalysisResult,
  type CellValue,
  type ChartSpec,
  customerKeys,
  message,
  type Note,
  type Period,
  periodLabel,
  type ResultTable,
  type RowTableColumn,
  tableFromRows,
  wilsonInterval,
} from '@patron/sdk';
import { activeIn, isComplete, type PeriodFlow, periodFlow } from './period-flow.ts';
import { sourceOf } from './source.ts';

interface FlowParameters {
  readonly period: Period;
}

/** `lifecycle.flow`: new, returning, resurrected and dormant customers of every period. */
export const flow: Analysis<FlowParameters> = (context): AnalysisResult => {
  const { period } = context.parameters;
  const { input, time } = sourceOf(context);
  const found = periodFlow(customerKeys(input.fields.customer), time, period, context.timeZone);
  const latest = latestComplete(found);
  const { counts } = found;
  const dormant = counts.dormant[latest];
  const pulse = pulseOf(found, latest);
  const before = latest > 0 ? activeIn(found, latest - 1) : 0;
  const label = periodLabel(found.firstPeriod + latest, period);
  return {
    headline: message('headline.flow', {
      period: label,
      new: counts.new[latest],
      returning: counts.returning[latest],
      resurrected: counts.resurrected[latest],
      dormant,
    }),
    metrics: {
      customers: { value: found.customers, title: message('metric.customers'), format: 'integer' },
      active: { value: activeIn(found, latest), title: message('metric.active', { period: label }), format: 'integer' },
      pulse: { value: pulse, title: message('metric.pulse', { period: label }), format: 'decimal' },
      returningShare: {
        value: before > 0 ? counts.returning[latest] / before : null,
        interval: before > 0 ? wilsonInterval(counts.returning[latest], before) : undefined,
        n: before,
        title: message('metric.returningShare', { period: label }),
        format: 'percent',
        smallSample: before < 30,
      },
    },
    tables: { flow: flowTable(found), dormant: dormantTable(found) },
    charts: charts(found, latest),
    notes: notes(found, latest),
  };
};

/** The last period that the data covers whole; the last one at all where it covers none. */
function latestComplete(found: PeriodFlow): number {
  for (let index = found.periods - 1; index >= 0; index--) if (isComplete(found, index)) return index;
  return found.periods - 1;
}

/** (new + resurrected) / dormant: above 1 the active base grows. */
function pulseOf({ counts }: PeriodFlow, index: number): number | null {
  const dormant = counts.dormant[index];
  return dormant > 0 ? (counts.new[index] + counts.resurrected[index]) / dormant : null;
}

const column = (name: string, type: RowTableColumn['type'], format?: RowTableColumn['format']): RowTableColumn => ({
  name,
  title: message(`column.${name}`),
  type,
  format,
});

const labelOf = (found: PeriodFlow, index: number): string => periodLabel(found.firstPeriod + index, found.period);

function flowTable(found: PeriodFlow): ResultTable {
  const { counts } = found;
  const rows = Array.from({ length: found.periods }, (_, index): CellValue[] => {
    const active = activeIn(found, index);
    const before = index > 0 ? activeIn(found, index - 1) : 0;
    const returning = counts.returning[index];
    const [low, high] = before > 0 ? wilsonInterval(returning, before) : [null, null];
    return [
      labelOf(found, index),
      counts.new[index],
      returning,
      counts.resurrected[index],
      counts.dormant[index],
      active,
      counts.new[index] + counts.resurrected[index] - counts.dormant[index],
      pulseOf(found, index),
      before > 0 ? returning / before : null,
      low,
      high,
      isComplete(found, index),
    ];
  });
  return tableFromRows(
    [
      column('period', 'string'),
      ...['new', 'returning', 'resurrected', 'dormant', 'active', 'net'].map((name) =>
        column(name, 'integer', 'integer'),
      ),
      column('pulse', 'number', 'decimal'),
      column('returningShare', 'number', 'percent'),
      column('returningLow', 'number', 'percent'),
      column('returningHigh', 'number', 'percent'),
      column('complete', 'boolean'),
    ],
    rows,
    { title: message('table.flow') },
  );
}

function dormantTable(found: PeriodFlow): ResultTable {
  const { counts, dormantFrom } = found;
  return tableFromRows(
    [
      column('period', 'string'),
      column('dormant', 'integer', 'integer'),
      column('fromNew', 'integer', 'integer'),
      column('fromReturning', 'integer', 'integer'),
      column('fromResurrected', 'integer', 'integer'),
      column('newShare', 'number', 'percent'),
    ],
    Array.from({ length: found.periods }, (_, index): CellValue[] => {
      const dormant = counts.dormant[index];
      const fromNew = dormantFrom.new[index];
      return [
        labelOf(found, index),
        dormant,
        fromNew,
        dormantFrom.returning[index],
        dormantFrom.resurrected[index],
        dormant > 0 ? fromNew / dormant : null,
      ];
    }).slice(1),
    { title: message('table.dormant') },
  );
}

/** The pictures show at most so many periods, the latest; the tables have them all. */
const MOST_PERIODS = 60;

function charts(found: PeriodFlow, latest: number): ChartSpec[] {
  const { counts, dormantFrom } = found;
  const shown = Array.from({ length: found.periods }, (_, index) => index).slice(-MOST_PERIODS);
  const categories = shown.map((index) => labelOf(found, index));
  const values = (list: Uint32Array, sign = 1): number[] => shown.map((index) => sign * list[index]);
  const list: ChartSpec[] = [
    {
      kind: 'bar',
      id: 'flow',
      title: message('chart.flow'),
      summary: message('chart.flow.summary'),
      table: 'flow',
      stacked: true,
      categories,
      series: [
        { name: message('column.new'), values: values(counts.new) },
        { name: message('column.returning'), values: values(counts.returning) },
        { name: message('column.resurrected'), values: values(counts.resurrected) },
        { name: message('column.dormant'), values: values(counts.dormant, -1) },
      ],
      value: { title: message('column.customers'), format: 'integer' },
    },
  ];
  if (found.periods > 2) {
    list.push({
      kind: 'line',
      id: 'pulse',
      title: message('chart.pulse'),
      summary: message('chart.pulse.summary'),
      table: 'flow',
      xValues: categories,
      x: { title: message('column.period') },
      y: { title: message('column.pulse'), format: 'decimal', minimum: 0 },
      series: [
        {
          name: message('column.pulse'),
          values: shown.map((index) => (isComplete(found, index) ? pulseOf(found, index) : null)),
          points: true,
        },
      ],
      references: [{ at: 1, axis: 'y', label: message('chart.pulse.even') }],
    });
    list.push({
      kind: 'bar',
      id: 'dormant',
      title: message('chart.dormant'),
      summary: message('chart.dormant.summary'),
      table: 'dormant',
      stacked: true,
      categories,
      series: [
        { name: message('column.fromNew'), values: values(dormantFrom.new) },
        { name: message('column.fromReturning'), values: values(dormantFrom.returning) },
        { name: message('column.fromResurrected'), values: values(dormantFrom.resurrected) },
      ],
      value: { title: message('column.customers'), format: 'integer' },
    });
  }
  if (latest > 0) list.push(latestFlows(found, latest));
  return list;
}

/** Where the customers of the last complete period came from and where those of the one before went. */
function latestFlows(found: PeriodFlow, latest: number): ChartSpec {
  const { counts, dormantFrom } = found;
  const states = ['new', 'returning', 'resurrected'] as const;
  const links = states.flatMap((state, source) => {
    const lost = dormantFrom[state][latest];
    return [
      { source, target: 6, value: counts[state][latest - 1] - lost },
      { source, target: 8, value: lost },
    ];
  });
  links.push({ source: 3, target: 7, value: counts.resurrected[latest] });
  links.push({ source: 4, target: 5, value: counts.new[latest] });
  return {
    kind: 'sankey',
    id: 'latest',
    title: message('chart.latest', { before: labelOf(found, latest - 1), period: labelOf(found, latest) }),
    summary: message('chart.latest.summary'),
    table: 'flow',
    nodes: [
      ...states.map((state) => message(`state.before.${state}`)),
      message('state.before.away'),
      message('state.before.none'),
      ...(['new', 'returning', 'resurrected', 'dormant'] as const).map((state) => message(`column.${state}`)),
    ],
    links: links.filter((link) => link.value > 0),
    value: { title: message('column.customers'), format: 'integer' },
  };
}

function notes(found: PeriodFlow, latest: number): Note[] {
  const list: Note[] = [
    { level: 'info', text: message('note.states') },
    { level: 'info', text: message('note.pulse') },
    { level: 'info', text: message('note.beginning') },
  ];
  if (!isComplete(found, latest)) list.push({ level: 'warning', text: message('note.noneComplete') });
  else if (latest < found.periods - 1) {
    list.push({ level: 'info', text: message('note.incomplete', { period: labelOf(found, found.periods - 1) }) });
  }
  return list;
}
