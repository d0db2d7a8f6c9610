import type { BarChart } from '@patron/sdk';
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
  valueAxis,
} from './chart-context.ts';
import { referenceLines } from './line-option.ts';

const LAYOUT = { barCategoryGap: '32%', barGap: '8%' };
/** Pixels that a bar must have across for its label to stand clear of the next. */
const LABEL_PITCH = { horizontal: 13, vertical: 34 };

/** Bars from zero; whiskers where a series has an interval; values at the bars' ends where there is room. */
export function barOption(spec: BarChart, context: ChartContext, summary: string) {
  const horizontal = spec.orientation === 'horizontal';
  const names = spec.categories.map(context.text);
  const several = spec.series.length > 1;
  const head = titleHeight(spec, context);
  const bars = Math.max(names.length * spec.series.length, 1);
  const pitch = horizontal ? (context.height - head - 60) / bars : (context.width - 90) / bars;
  const labelled = !spec.stacked && pitch * 0.75 >= (horizontal ? LABEL_PITCH.horizontal : LABEL_PITCH.vertical) * 0.9;
  const all = finite(spec.series.flatMap(({ values, high = [] }) => [...values, ...high]));
  const format = spec.value.format ?? 'decimal';
  const longest = Math.max(0, ...names.map((name) => roughWidth(name, 11)));
  const category = categoryAxis(names, spec.category, context, context.width - 90);
  const value = {
    ...valueAxis(spec.value, context, [Math.max(0, ...all), Math.min(0, ...all)]),
    ...(spec.value.minimum === undefined &&
    all.every((number) => number >= 0) &&
    !spec.value.logarithmic &&
    !spec.points
      ? { min: 0 }
      : {}),
    ...(spec.points ? pointScale(spec) : {}),
  };
  const upright = {
    ...category,
    inverse: true,
    nameGap: Math.min(longest, 200) + 16,
    axisLabel: { ...category.axisLabel, rotate: 0, width: 200, overflow: 'truncate' },
  };
  const references = spec.references ? { markLine: acrossBars(spec, spec.references, horizontal, context) } : {};
  const drawn = spec.series.map((series, index) => ({
    type: 'bar',
    name: context.text(series.name),
    data: names.map((_, i) => orGap(series.values[i])),
    ...LAYOUT,
    barMaxWidth: 64,
    ...(spec.stacked ? { stack: 'all' } : {}),
    itemStyle: { color: context.theme.series[index % context.theme.series.length], borderRadius: 2 },
    label: {
      show: labelled && !series.high,
      position: horizontal ? 'right' : 'top',
      color: context.theme.text,
      fontSize: 11,
      formatter: ({ value: shown }: { value: number }) => context.format(Number(shown), format),
    },
    ...(index === 0 ? references : {}),
  }));
  const marks = spec.series.map((series, index) => ({
    type: 'scatter',
    name: context.text(series.name),
    data: names.map((_, i) => {
      const shown = orGap(series.values[i]);
      return horizontal ? [shown, i] : [i, shown];
    }),
    symbolSize: 9,
    z: 5,
    itemStyle: { color: context.theme.series[index % context.theme.series.length], opacity: 1 },
    ...(index === 0 ? references : {}),
  }));
  const whiskers = spec.series.flatMap((series, index) =>
    series.low && series.high && !spec.stacked ? [whiskerSeries(spec, index, horizontal, labelled, context)] : [],
  );
  return {
    ...baseOption(spec, context, summary),
    ...(several
      ? {
          legend: legendOption(
            drawn.map(({ name }) => name),
            head + 4,
            context,
          ),
        }
      : {}),
    grid: plotGrid(head + (several ? 32 : 14), horizontal && labelled ? 64 : 20),
    xAxis: horizontal ? { ...value, nameGap: 28 } : category,
    yAxis: horizontal ? upright : value,
    tooltip: {
      ...baseOption(spec, context, summary).tooltip,
      trigger: 'axis',
      axisPointer: { type: 'shadow' },
      formatter: (items: { dataIndex: number }[]) => barTooltip(spec, items[0]?.dataIndex ?? 0, context),
    },
    series: [...(spec.points ? marks : drawn), ...whiskers],
  };
}

/** Doublings on a logarithmic axis, fourfold steps or tens where there are many; the axis reaches just beyond what is drawn. */
function pointScale({ series, value, references = [] }: BarChart) {
  const ends = finite([
    ...series.flatMap(({ values, low = [], high = [] }) => [...values, ...low, ...high]),
    ...references.map(({ at }) => at),
  ]).filter((end) => !value.logarithmic || end > 0);
  if (!value.logarithmic || ends.length === 0) return { scale: true };
  const power = (end: number, base: number): number => Math.log(end) / Math.log(base);
  const scales = [2, 4, 10].map((logBase) => ({
    logBase,
    least: Math.floor(power(Math.min(...ends), logBase)),
    most: Math.ceil(power(Math.max(...ends), logBase)),
  }));
  const { logBase, least, most } = scales.find((scale) => scale.most - scale.least < 10) ?? scales[2];
  return { logBase, min: logBase ** least, max: logBase ** Math.max(most, least + 1) };
}

/** Reference lines named at the top: where bars are horizontal the category axis runs down, and lines with it. */
function acrossBars(
  spec: BarChart,
  references: NonNullable<BarChart['references']>,
  horizontal: boolean,
  context: ChartContext,
) {
  const lines = referenceLines(references, { x: spec.value }, context);
  if (!horizontal) return lines;
  return { ...lines, data: lines.data.map((line) => ({ ...line, label: { ...line.label, position: 'start' } })) };
}

function barTooltip(spec: BarChart, index: number, context: ChartContext): string {
  const format = spec.value.format ?? 'decimal';
  const lines = spec.series.map(({ name, values, low, high }) => {
    const interval =
      low && high ? ` [${context.format(low[index], format)} – ${context.format(high[index], format)}]` : '';
    return `${context.text(name)}: ${context.format(values[index], format)}${interval}`;
  });
  return [context.text(spec.categories[index]), ...lines].join('\n');
}

function whiskerSeries(spec: BarChart, index: number, horizontal: boolean, labelled: boolean, context: ChartContext) {
  const series = spec.series[index];
  const data = spec.categories.map((_, i) => [
    i,
    orGap(series.low?.[i]),
    orGap(series.high?.[i]),
    orGap(series.values[i]),
  ]);
  const line = { stroke: context.theme.text, lineWidth: 1.2, fill: 'none' };
  return {
    type: 'custom',
    name: context.text(series.name),
    data,
    silent: true,
    z: 4,
    encode: horizontal ? { y: 0, x: [1, 2] } : { x: 0, y: [1, 2] },
    renderItem(_: CustomSeriesRenderItemParams, api: CustomSeriesRenderItemAPI) {
      const at = Number(api.value(0));
      const [low, high, value] = [1, 2, 3].map((dimension) => Number(api.value(dimension)));
      if (![low, high].every(Number.isFinite)) return null;
      const layout = spec.points
        ? undefined
        : api.barLayout({ ...LAYOUT, barMaxWidth: 64, count: spec.series.length })?.[index];
      const offset = layout?.offsetCenter ?? 0;
      const [a, b] = horizontal
        ? [api.coord([low, at]), api.coord([high, at])]
        : [api.coord([at, low]), api.coord([at, high])];
      const cap = 5;
      const shape = horizontal
        ? [
            [a[0], a[1] + offset, b[0], b[1] + offset],
            [a[0], a[1] + offset - cap, a[0], a[1] + offset + cap],
            [b[0], b[1] + offset - cap, b[0], b[1] + offset + cap],
          ]
        : [
            [a[0] + offset, a[1], b[0] + offset, b[1]],
            [a[0] + offset - cap, a[1], a[0] + offset + cap, a[1]],
            [b[0] + offset - cap, b[1], b[0] + offset + cap, b[1]],
          ];
      const lines = shape.map(([x1, y1, x2, y2]) => ({
        type: 'line' as const,
        shape: { x1, y1, x2, y2 },
        style: line,
      }));
      const text = {
        type: 'text' as const,
        style: {
          text: context.format(value, spec.value.format),
          x: horizontal ? b[0] + 6 : b[0] + offset,
          y: horizontal ? b[1] + offset : b[1] - 5,
          textAlign: horizontal ? ('left' as const) : ('center' as const),
          textVerticalAlign: horizontal ? ('middle' as const) : ('bottom' as const),
          fill: context.theme.text,
          fontSize: 11,
        },
      };
      return { type: 'group' as const, children: labelled ? [...lines, text] : lines };
    },
  };
}
