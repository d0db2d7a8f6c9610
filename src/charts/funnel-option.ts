import type { FunnelChart } from '@patron/sdk';
import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemParams } from 'echarts';
import {
  baseOption,
  type ChartContext,
  categoryAxis,
  finite,
  legendOption,
  orGap,
  plotGrid,
  roughWidth,
  titleHeight,
} from './chart-context.ts';
import { whiskerSeries } from './whisker-series.ts';

const LAYOUT = { barMaxWidth: 54 };

/**
 * Steps as bars from zero, one below the other: lengths compare, and what is lost between two steps is written there. Whiskers
 * where a series has an interval.
 */
export function funnelOption(spec: FunnelChart, context: ChartContext, summary: string) {
  const { theme } = context;
  const steps = spec.steps.map((step, index) => `${index + 1}  ${context.text(step)}`);
  const several = spec.series.length > 1;
  const head = titleHeight(spec, context);
  const band = (context.height - head - 30) / Math.max(steps.length, 1);
  const losses = !several && band >= 38;
  const most = Math.max(1, ...finite(spec.series.flatMap(({ values, high = [] }) => [...values, ...high])));
  const gap = losses ? '46%' : '24%';
  const hasWhisker = ({ low, high }: FunnelChart['series'][number], index: number): boolean =>
    finite([low?.[index] ?? null, high?.[index] ?? null]).length === 2;
  const longest = Math.min(220, Math.max(0, ...steps.map((step) => roughWidth(step, 12))));
  const names = spec.series.map(({ name }) => context.text(name));
  const ofFirst = (series: FunnelChart['series'][number], index: number): number => {
    const [first, value] = [series.values[0], series.values[index]];
    return first && value !== null && value !== undefined ? value / first : Number.NaN;
  };
  const end = (series: FunnelChart['series'][number], index: number): string =>
    `${context.format(series.values[index], 'integer')}   ${context.format(ofFirst(series, index), 'percent')}`;
  const room = Math.max(
    0,
    ...spec.series.flatMap((series) => steps.map((_, index) => roughWidth(end(series, index), 12))),
  );
  const base = baseOption(spec, context, summary);
  const axis = categoryAxis(steps, undefined, context, 4000);
  return {
    ...base,
    ...(several ? { legend: legendOption(names, head + 4, context) } : {}),
    grid: plotGrid(head + (several ? 32 : 8), room + 22, 6),
    xAxis: { type: 'value', min: 0, max: most, show: false },
    yAxis: {
      ...axis,
      inverse: true,
      axisLine: { show: false },
      axisLabel: { ...axis.axisLabel, fontSize: 12, width: longest + 4, overflow: 'truncate', interval: 0 },
    },
    tooltip: {
      ...base.tooltip,
      trigger: 'axis',
      axisPointer: { type: 'shadow' },
      formatter: (items: { dataIndex: number }[]) => {
        const index = items[0]?.dataIndex ?? 0;
        const told = spec.series.map((series, s) => {
          const { low, high } = series;
          const interval = hasWhisker(series, index)
            ? ` [${context.format(low?.[index] ?? null, 'integer')} – ${context.format(high?.[index] ?? null, 'integer')}]`
            : '';
          return `${names[s]}: ${end(series, index)}${interval}`;
        });
        return [steps[index], ...told].join('\n');
      },
    },
    series: [
      ...spec.series.map((series, s) => ({
        type: 'bar',
        name: names[s],
        data: steps.map((_, index) => orGap(series.values[index])),
        barCategoryGap: gap,
        ...LAYOUT,
        barMinHeight: 1,
        itemStyle: { color: theme.series[s % theme.series.length], borderRadius: [0, 3, 3, 0] },
        label: {
          show: true,
          position: 'right',
          color: theme.text,
          fontSize: 12,
          // Beside a whisker it is written at the whisker's end.
          formatter: ({ dataIndex }: { dataIndex: number }) =>
            hasWhisker(series, dataIndex) ? '' : end(series, dataIndex),
        },
      })),
      ...spec.series.flatMap((series, index) =>
        series.low && series.high
          ? [
              whiskerSeries(series, steps.length, context, {
                horizontal: true,
                bar: { layout: { ...LAYOUT, barCategoryGap: gap, count: spec.series.length }, index },
                label: (at) => end(series, at),
              }),
            ]
          : [],
      ),
      ...(losses ? [lossSeries(spec, context)] : []),
    ],
  };
}

/** Between two bars: how many were lost, and which share of the former step. */
function lossSeries(spec: FunnelChart, context: ChartContext) {
  const values = spec.series[0]?.values ?? [];
  return {
    type: 'custom',
    silent: true,
    name: '',
    data: values.slice(1).map((_, index) => [0, index]),
    renderItem(_: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI) {
      const index = Number(api.value(1));
      const [before, after] = [values[index], values[index + 1]];
      if (before === null || after === null || before === 0) return null;
      const [x, above] = api.coord([0, index]);
      const [, below] = api.coord([0, index + 1]);
      const lost = before - after;
      const share = context.format(Math.abs(lost) / before, 'percent');
      const text = `${lost >= 0 ? '↓ −' : '↑ +'}${context.format(Math.abs(lost), 'integer')}   ${lost >= 0 ? '−' : '+'}${share}`;
      return {
        type: 'text' as const,
        style: {
          text,
          x: x + 4,
          y: (above + below) / 2,
          textVerticalAlign: 'middle' as const,
          fill: context.theme.soft,
          fontSize: 11,
        },
      };
    },
  };
}
