import type { BarChart } from '@patron/sdk';
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
import { whiskerSeries } from './whisker-series.ts';

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
    series.low && series.high && !spec.stacked
      ? [
          whiskerSeries(series, spec.categories.length, context, {
            horizontal,
            ...(spec.points
              ? {}
              : { bar: { layout: { ...LAYOUT, barMaxWidth: 64, count: spec.series.length }, index } }),
            ...(labelled ? { label: (at: number) => context.format(series.values[at], format) } : {}),
          }),
        ]
      : [],
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
