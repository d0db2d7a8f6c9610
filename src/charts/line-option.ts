import type { Axis, LineChart, LineSeries, ReferenceLine } from '@patron/sdk';
import type { CustomSeriesRenderItemAPI } from 'echarts';
import {
  baseOption,
  type ChartContext,
  categoryAxis,
  finite,
  fitted,
  legendOption,
  plotGrid,
  roughWidth,
  titleHeight,
  valueAxis,
} from './chart-context.ts';

const DAY = 86_400_000;
/** Up to this many lines, each is named at its end; above, a legend names them. */
const NAMED_LINES = 7;
const LONGEST_NAME = 130;
/** Up to this many points of a line are marked; above, marks would run together. */
const MARKED_POINTS = 40;

type Point = [number, number];

/** What a position on x is on the axis: milliseconds for days and times, an index for names, else the number. */
function positions(spec: LineChart): { kind: 'time' | 'value' | 'category'; at: readonly number[] } {
  const numbers = spec.xValues.map((x) => (typeof x === 'number' ? x : Number.NaN));
  if (numbers.length > 0 && numbers.some(Number.isNaN))
    return { kind: 'category', at: numbers.map((_, index) => index) };
  if (spec.x.format === 'date') return { kind: 'time', at: numbers.map((day) => day * DAY) };
  return { kind: spec.x.format === 'timestamp' ? 'time' : 'value', at: numbers };
}

/** Lines over a common x, with bands for intervals, steps for survival, dashes for forecasts, and marks. */
export function lineOption(spec: LineChart, context: ChartContext, summary: string) {
  const { kind, at } = positions(spec);
  const head = titleHeight(spec, context);
  const named = spec.series.length > 1 && spec.series.length <= NAMED_LINES;
  const legend = spec.series.length > NAMED_LINES;
  const names = spec.series.map(({ name }) => context.text(name));
  const nameWidth = named ? Math.min(LONGEST_NAME, Math.max(...names.map((name) => roughWidth(name, 11)))) : 0;
  const values = finite(spec.series.flatMap(({ values, low = [], high = [] }) => [...values, ...low, ...high]));
  const colour = (index: number): string => context.theme.series[index % context.theme.series.length];
  const lines = spec.series.map((series, index) => ({
    type: 'line',
    name: names[index],
    data: withoutTail(series, at),
    connectNulls: false,
    ...(series.step ? { step: 'end' } : {}),
    showSymbol: (series.points === true && series.values.length <= MARKED_POINTS) || series.values.length === 1,
    showAllSymbol: true,
    symbol: 'circle',
    symbolSize: 6,
    lineStyle: { color: colour(index), width: 2, type: series.dashed ? [6, 5] : 'solid' },
    itemStyle: { color: colour(index) },
    ...(named
      ? {
          endLabel: {
            show: true,
            formatter: fitted(names[index], LONGEST_NAME, 11),
            color: colour(index),
            fontSize: 11,
            fontWeight: 600,
            lineHeight: 15,
            distance: 6,
          },
          labelLayout: { moveOverlap: 'shiftY' },
        }
      : {}),
    z: 3,
    ...(index === 0 && spec.references ? { markLine: referenceLines(spec.references, spec, context) } : {}),
  }));
  const bands = spec.series.flatMap((series, index) =>
    series.low && series.high ? [bandSeries(series, at, colour(index), names[index])] : [],
  );
  const base = baseOption(spec, context, summary);
  return {
    ...base,
    ...(legend ? { legend: legendOption(names, head + 4, context) } : {}),
    grid: plotGrid(head + (legend ? 34 : 14), 22 + nameWidth),
    xAxis: xAxis(spec, kind, context),
    yAxis: {
      ...valueAxis(spec.y, context, values.length ? [Math.min(...values), Math.max(...values)] : []),
      scale: true,
    },
    tooltip: {
      ...base.tooltip,
      trigger: 'axis',
      axisPointer: { type: 'line', lineStyle: { color: context.theme.axis } },
      formatter: (items: { axisValue: number | string; dataIndex: number; value?: unknown }[]) =>
        lineTooltip(spec, at, items, context),
    },
    series: [...bands, ...lines, ...(spec.diagonal ? [diagonalSeries(at, values, context)] : [])],
  };
}

function withoutTail(series: LineSeries, at: readonly number[]): (Point | [number, '-'])[] {
  const points = at.map((x, i): Point | [number, '-'] => {
    const value = series.values[i];
    return typeof value === 'number' && Number.isFinite(value) ? [x, value] : [x, '-'];
  });
  while (points.length > 0 && points[points.length - 1][1] === '-') points.pop();
  return points;
}

function xAxis(spec: LineChart, kind: 'time' | 'value' | 'category', context: ChartContext) {
  if (kind === 'category') {
    const names = spec.xValues.map((x) => (typeof x === 'number' ? context.format(x, spec.x.format) : context.text(x)));
    return { ...categoryAxis(names, spec.x, context, context.width - 90), boundaryGap: false };
  }
  const axis = { ...valueAxis(spec.x, context, []), nameGap: 30, splitLine: { show: false } };
  const line = { axisLine: { show: true, lineStyle: { color: context.theme.axis }, onZero: false } };
  if (kind === 'value') return { ...axis, ...line, scale: true };
  const formatter = { year: '{yyyy}', month: '{yyyy}-{MM}', day: '{MM}-{dd}', hour: '{HH}:{mm}', minute: '{HH}:{mm}' };
  return { ...axis, ...line, type: 'time', axisLabel: { ...axis.axisLabel, formatter } };
}

function xLabel(spec: LineChart, index: number, context: ChartContext): string {
  const x = spec.xValues[index];
  return typeof x === 'number' ? context.format(x, spec.x.format ?? 'decimal') : context.text(x);
}

function lineTooltip(
  spec: LineChart,
  at: readonly number[],
  items: readonly { value?: unknown }[],
  context: ChartContext,
): string {
  const x = items.map(({ value }) => (Array.isArray(value) ? Number(value[0]) : Number.NaN)).find(Number.isFinite);
  const index = x === undefined ? -1 : at.indexOf(x);
  if (index < 0) return '';
  const format = spec.y.format ?? 'decimal';
  const lines = spec.series
    .filter(({ values }) => values[index] !== null && values[index] !== undefined)
    .map(({ name, values, low, high }) => {
      const interval =
        low && high ? ` [${context.format(low[index], format)} – ${context.format(high[index], format)}]` : '';
      return `${context.text(name)}: ${context.format(values[index], format)}${interval}`;
    });
  return [xLabel(spec, index, context), ...lines].join('\n');
}

/** The interval as an area: along the high values and back along the low ones, in one piece for each run without gaps. */
function bandSeries(series: LineSeries, at: readonly number[], colour: string, name: string) {
  const runs: number[][] = [];
  let run: number[] = [];
  at.forEach((_, i) => {
    if (Number.isFinite(series.low?.[i] ?? Number.NaN) && Number.isFinite(series.high?.[i] ?? Number.NaN)) run.push(i);
    else {
      if (run.length > 1) runs.push(run);
      run = [];
    }
  });
  if (run.length > 1) runs.push(run);
  const outline = (indices: readonly number[], side: readonly (number | null)[]): Point[] => {
    const points: Point[] = [];
    indices.forEach((i, order) => {
      const value = Number(side[i]);
      if (series.step && order > 0) points.push([at[i], points[points.length - 1][1]]);
      points.push([at[i], value]);
    });
    return points;
  };
  const low = series.low ?? [];
  const high = series.high ?? [];
  return {
    type: 'custom',
    name,
    silent: true,
    z: 1,
    clip: true,
    // One item carries all x and both ends, so that the axes make room for the band.
    data: at.map((x, i) => [x, finite([low[i]])[0] ?? '-', finite([high[i]])[0] ?? '-']),
    encode: { x: 0, y: [1, 2] },
    renderItem(params: { dataIndexInside: number }, api: CustomSeriesRenderItemAPI) {
      if (params.dataIndexInside !== 0) return null;
      const areas = runs.map((indices) => ({
        type: 'polygon' as const,
        shape: {
          points: [...outline(indices, high), ...outline(indices, low).reverse()].map((point) => api.coord(point)),
        },
        style: { fill: colour, opacity: 0.16 },
      }));
      return { type: 'group' as const, children: areas };
    },
  };
}

function diagonalSeries(at: readonly number[], values: readonly number[], context: ChartContext) {
  const all = [...at, ...values];
  const [low, high] = all.length ? [Math.min(...all), Math.max(...all)] : [0, 1];
  return {
    type: 'line',
    name: '',
    silent: true,
    showSymbol: false,
    data: [
      [low, low],
      [high, high],
    ],
    lineStyle: { color: context.theme.soft, width: 1, type: [4, 4] },
    tooltip: { show: false },
    z: 2,
  };
}

/** Reference marks as ECharts' mark lines; positions on a day axis are days. */
export function referenceLines(
  references: readonly ReferenceLine[],
  spec: { readonly x: Axis },
  context: ChartContext,
) {
  return {
    silent: true,
    symbol: 'none',
    animation: false,
    lineStyle: { color: context.theme.soft, width: 1, type: [4, 4] },
    data: references.map(({ at, axis, label }) => ({
      ...(axis === 'x' ? { xAxis: spec.x.format === 'date' ? at * DAY : at } : { yAxis: at }),
      label: {
        show: label !== undefined,
        formatter: context.text(label),
        position: axis === 'x' ? 'end' : 'insideStartTop',
        ...(axis === 'x' ? { rotate: 0, distance: 4 } : {}),
        color: context.theme.soft,
        fontSize: 11,
      },
    })),
  };
}
