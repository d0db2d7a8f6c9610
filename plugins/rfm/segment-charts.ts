import { type ChartSpec, message, quantile, type Text } from '@patron/sdk';
import type { CustomerFacts } from './customer-facts.ts';
import { segmentName } from './result-tables.ts';
import type { SegmentGrid } from './rules.ts';
import type { ScoreMatrix, SegmentStatistics } from './segment-statistics.ts';

/** The pictures of a segmentation: shares by segment, the score grid twice, areas, and how long ago customers bought. */
export function segmentCharts(
  facts: CustomerFacts,
  grid: SegmentGrid,
  statistics: readonly SegmentStatistics[],
  matrix: ScoreMatrix,
): ChartSpec[] {
  const shown = grid.segments.map((_, index) => index).filter((index) => statistics[index].customers > 0);
  const names = shown.map((index) => segmentName(grid.segments[index], grid.rules));
  const figures = shown.map((index) => statistics[index]);
  const bar: ChartSpec = {
    kind: 'bar',
    id: 'segments',
    title: message('chart.segments'),
    summary: message('chart.segments.summary', { segments: names.length, customers: facts.customers }),
    table: 'segments',
    orientation: 'horizontal',
    categories: names,
    series: [
      {
        name: message('column.share'),
        values: figures.map(({ share }) => share),
        low: figures.map(({ shareInterval }) => shareInterval[0]),
        high: figures.map(({ shareInterval }) => shareInterval[1]),
      },
      { name: message('column.revenueShare'), values: figures.map(({ revenueShare }) => revenueShare) },
    ],
    value: { format: 'percent' },
  };
  const treeMap: ChartSpec = {
    kind: 'treeMap',
    id: 'segmentAreas',
    title: message('chart.areas'),
    summary: message('chart.areas.summary'),
    table: 'segments',
    items: figures.map((figure, i) => ({
      name: names[i],
      size: figure.customers,
      value: figure.meanMonetary ?? undefined,
    })),
    size: { title: message('column.customers'), format: 'integer' },
    value: { title: message('column.meanMonetary'), format: 'money' },
  };
  return [bar, ...heatMaps(matrix, facts.scale), treeMap, recencyHistogram(facts)];
}

function heatMaps({ bins, customers, units }: ScoreMatrix, scale: number): ChartSpec[] {
  const counts: number[] = [];
  const means: (number | null)[] = [];
  for (let r = bins; r >= 1; r--) {
    for (let f = 1; f <= bins; f++) {
      const from = ((r - 1) * bins + f - 1) * bins;
      let count = 0;
      let money = 0;
      for (let cell = from; cell < from + bins; cell++) {
        count += customers[cell];
        money += units[cell];
      }
      counts.push(count);
      means.push(count > 0 ? money / count / scale : null);
    }
  }
  const scoreNames = (letter: string, descending: boolean): Text[] =>
    Array.from({ length: bins }, (_, i) => `${letter}${descending ? bins - i : i + 1}`);
  const shared = {
    kind: 'heatMap' as const,
    table: 'cells',
    columns: scoreNames('F', false),
    rows: scoreNames('R', true),
    x: { title: message('measure.frequency') },
    y: { title: message('measure.recency') },
  };
  return [
    {
      ...shared,
      id: 'customersByScore',
      title: message('chart.customersByScore'),
      summary: message('chart.customersByScore.summary'),
      cells: counts,
      value: { title: message('column.customers'), format: 'integer' },
    },
    {
      ...shared,
      id: 'monetaryByScore',
      title: message('chart.monetaryByScore'),
      summary: message('chart.monetaryByScore.summary'),
      cells: means,
      value: { title: message('column.meanMonetary'), format: 'money' },
    },
  ];
}

const BARS = 24;

function recencyHistogram({ recency }: CustomerFacts): ChartSpec {
  let minimum = recency[0];
  let maximum = recency[0];
  for (let i = 1; i < recency.length; i++) {
    if (recency[i] < minimum) minimum = recency[i];
    if (recency[i] > maximum) maximum = recency[i];
  }
  // Bars of whole days, so that none of them is one day richer than its neighbours.
  const width = Math.max(1, Math.ceil((Math.floor(maximum) + 1 - Math.floor(minimum)) / BARS));
  const start = Math.floor(minimum);
  const bars = Math.max(1, Math.ceil((Math.floor(maximum) + 1 - start) / width));
  const counts = new Array<number>(bars).fill(0);
  for (let i = 0; i < recency.length; i++) counts[Math.floor((recency[i] - start) / width)]++;
  return {
    kind: 'histogram',
    id: 'recency',
    title: message('chart.recency'),
    summary: message('chart.recency.summary', { days: { value: quantile(recency, 0.5), as: 'decimal' } }),
    table: 'scores',
    edges: Array.from({ length: bars + 1 }, (_, i) => start + i * width),
    counts,
    x: { title: message('column.recency'), format: 'days' },
    y: { title: message('column.customers'), format: 'integer' },
    references: [{ at: quantile(recency, 0.5), axis: 'x', label: message('chart.median') }],
  };
}
