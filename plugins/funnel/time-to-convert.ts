import {
  type AnalysisContext,
  AnalysisError,
  type AnalysisResult,
  message,
  quantiles,
  tableFromRows,
} from '@patron/sdk';
import { SMALL_SAMPLE } from './comparison.ts';
import { meanOf, secondsBetween } from './counts.ts';
import { type FunnelParameters, type FunnelRun, runFunnel } from './funnel-run.ts';
import { stepNames } from './step-names.ts';
import { ruleNotes } from './takeaway.ts';

export interface TimeParameters extends FunnelParameters {
  readonly fromStep: number;
  readonly toStep: number | null;
  readonly bins: number | null;
}

const PERCENTS = [10, 25, 50, 75, 90, 95] as const;

/** How long customers take from one step to another: distribution, percentiles, mean. */
export async function timeToConvert(context: AnalysisContext<TimeParameters>): Promise<AnalysisResult> {
  const { parameters } = context;
  const run = await runFunnel(context);
  const names = stepNames(run.steps, parameters.order);
  const [from, to] = stepPair(run, parameters);
  const seconds = secondsBetween(run.journeys, run.time, from, to);
  const mean = meanOf(seconds);
  const values =
    seconds.length === 0
      ? null
      : quantiles(
          seconds,
          PERCENTS.map((percent) => percent / 100),
        );
  const { edges, counts } = distributionOf(seconds, parameters.bins);
  const pairs = run.steps.flatMap((_, a) => run.steps.flatMap((_, b) => (b > a ? [[a, b] as const] : [])));
  const range = { from: names.text(from), to: names.text(to) };
  const duration = { type: 'number', format: 'duration' } as const;
  return {
    headline:
      values === null
        ? message('headline.noTime', range)
        : message('headline.time', {
            ...range,
            median: { value: values[2], as: 'duration' },
            late: { value: values[4], as: 'duration' },
            customers: seconds.length,
          }),
    metrics: {
      customers: {
        value: seconds.length,
        title: message('metric.timed'),
        format: 'integer',
        ...(seconds.length < SMALL_SAMPLE ? { smallSample: true } : {}),
      },
      meanSeconds: { value: mean, title: message('metric.meanSeconds'), format: 'duration', n: seconds.length },
      medianSeconds: {
        value: values === null ? null : values[2],
        title: message('metric.medianSeconds'),
        format: 'duration',
        n: seconds.length,
      },
      p90Seconds: {
        value: values === null ? null : values[4],
        title: message('metric.p90Seconds'),
        format: 'duration',
        n: seconds.length,
      },
    },
    tables: {
      distribution: tableFromRows(
        [
          { name: 'fromSeconds', title: message('column.fromSeconds'), type: 'number', format: 'duration' },
          { name: 'toSeconds', title: message('column.toSeconds'), type: 'number', format: 'duration' },
          { name: 'customers', title: message('column.customers'), type: 'integer', format: 'integer' },
          { name: 'share', title: message('column.share'), type: 'number', format: 'percent' },
        ],
        counts.map((count, bin) => [edges[bin], edges[bin + 1], count, count / seconds.length]),
        { title: message('table.distribution') },
      ),
      times: tableFromRows(
        [
          { name: 'fromStep', title: message('column.fromStep'), type: 'string', labels: names.labels },
          { name: 'toStep', title: message('column.toStep'), type: 'string', labels: names.labels },
          { name: 'customers', title: message('column.customers'), type: 'integer', format: 'integer' },
          { name: 'minimum', title: message('column.minimum'), ...duration },
          ...PERCENTS.map((percent) => ({ name: `p${percent}`, title: message(`column.p${percent}`), ...duration })),
          { name: 'maximum', title: message('column.maximum'), ...duration },
          { name: 'mean', title: message('column.meanSeconds'), ...duration },
        ],
        pairs.map(([a, b]) => {
          const own = secondsBetween(run.journeys, run.time, a, b);
          const found =
            own.length === 0 ? null : [...quantiles(own, [0, ...PERCENTS.map((percent) => percent / 100), 1])];
          return [
            names.names[a],
            names.names[b],
            own.length,
            ...(found ?? new Array<null>(PERCENTS.length + 2).fill(null)),
            meanOf(own),
          ];
        }),
        { title: message('table.times') },
      ),
    },
    charts:
      counts.length === 0 || values === null
        ? []
        : [
            {
              kind: 'histogram',
              id: 'distribution',
              title: message('chart.time', range),
              summary: message('headline.time', {
                ...range,
                median: { value: values[2], as: 'duration' },
                late: { value: values[4], as: 'duration' },
                customers: seconds.length,
              }),
              table: 'distribution',
              edges,
              counts,
              x: { title: message('column.elapsed'), format: 'duration' },
              y: { title: message('column.customers'), format: 'integer' },
              references: [{ axis: 'x', at: values[2], label: message('series.median') }],
            },
          ],
    notes: [
      ...run.notes,
      ...ruleNotes({ ...parameters, window: run.window, exclusions: run.exclusions.length }),
      { level: 'info', text: message('note.time') },
      ...(seconds.length < SMALL_SAMPLE
        ? [{ level: 'warning' as const, text: message('note.smallSample', { customers: seconds.length }) }]
        : []),
    ],
    settled: { window: run.window, toStep: to + 1, bins: Math.max(1, counts.length - 1) },
    leftOut: run.leftOut,
  };
}

function stepPair({ steps }: FunnelRun, { fromStep, toStep }: TimeParameters): [number, number] {
  const last = toStep ?? steps.length;
  if (!(fromStep >= 1 && fromStep < last && last <= steps.length))
    throw new AnalysisError(
      `At fromStep and toStep: expected two steps of 1 to ${steps.length}, the first before the second, got ${fromStep} and ${last}.`,
      {
        path: 'parameters.fromStep',
        text: message('error.stepPair', { steps: steps.length, from: fromStep, to: last }),
      },
    );
  return [fromStep - 1, last - 1];
}

/**
 * Bins of whole seconds and one width from the least time on; the last one begins no earlier than the greatest time. Without a
 * wish there are as many as the cube root of the number of customers, at most 60.
 */
export function distributionOf(seconds: Float64Array, wished: number | null): { edges: number[]; counts: number[] } {
  if (seconds.length === 0) return { edges: [], counts: [] };
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (const value of seconds) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const bins = Math.max(1, Math.round(wished ?? Math.min(60, Math.ceil(Math.cbrt(seconds.length)))));
  const first = Math.floor(least);
  const width = Math.ceil((Math.ceil(most) - first) / bins) || 60;
  const edges = Array.from({ length: bins + 2 }, (_, bin) => first + bin * width);
  const counts = new Array<number>(bins + 1).fill(0);
  for (const value of seconds) counts[Math.min(bins, Math.floor((value - first) / width))]++;
  return { edges, counts };
}
