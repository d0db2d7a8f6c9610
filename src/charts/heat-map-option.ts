import type { HeatMapChart } from '@patron/sdk';
import {
  baseOption,
  type ChartContext,
  categoryAxis,
  finite,
  plotGrid,
  roughWidth,
  titleHeight,
} from './chart-context.ts';
import { inkOn, rampColour } from './chart-theme.ts';

/** A grid of cells on one hue; a cell whose period is not over is hatched; a missing one stays empty. */
export function heatMapOption(spec: HeatMapChart, context: ChartContext, summary: string) {
  const { theme } = context;
  const columns = spec.columns.map(context.text);
  const rows = spec.rows.map(context.text);
  const numbers = finite(spec.cells);
  const low = spec.value.minimum ?? Math.min(...numbers, numbers.length ? Number.POSITIVE_INFINITY : 0);
  const high = spec.value.maximum ?? Math.max(...numbers, numbers.length ? Number.NEGATIVE_INFINITY : 1);
  const share = (value: number): number => (high === low ? 0.5 : (value - low) / (high - low));
  const head = titleHeight(spec, context);
  const nameWidth = Math.min(180, Math.max(0, ...rows.map((row) => roughWidth(row, 11))));
  const cellWidth = (context.width - nameWidth - 60) / Math.max(columns.length, 1);
  const cellHeight = (context.height - head - 100) / Math.max(rows.length, 1);
  const widest = (written: (value: number) => string): number =>
    Math.max(0, ...numbers.map((value) => roughWidth(written(value), 10)));
  const whole = (value: number): string => context.format(value, spec.value.format);
  // In narrow cells a share goes without its decimal and its sign, which the scale below shows, and an amount without cents.
  const scale = spec.value.format === 'percent' ? 100 : 1;
  const short = (value: number): string => context.format(Math.round(value * scale), 'integer');
  const shortens = spec.value.format === 'percent' || (spec.value.format === 'money' && high >= 100);
  const written = cellWidth > widest(whole) + 4 || !shortens ? whole : short;
  const labelled = cellWidth > widest(written) + 4 && cellHeight > 13;
  const data = spec.cells.flatMap((value, index) => {
    if (value === null || !Number.isFinite(value)) return [];
    const colour = rampColour(theme, share(value));
    const hatched = spec.incomplete?.[index] === true;
    return [
      {
        // The cell has its colour from here, so that its ink can follow; the scale below only explains it.
        visualMap: false,
        value: [index % columns.length, Math.floor(index / columns.length), value],
        itemStyle: {
          color: colour,
          borderColor: theme.background,
          borderWidth: 1,
          ...(hatched
            ? {
                decal: {
                  symbol: 'rect',
                  dashArrayX: [1, 0],
                  dashArrayY: [1.5, 4],
                  rotation: Math.PI / 4,
                  color: theme.hatch,
                },
              }
            : {}),
        },
        label: { color: inkOn(colour) },
      },
    ];
  });
  const base = baseOption(spec, context, summary);
  const top = categoryAxis(columns, spec.x, context, cellWidth * columns.length);
  const turned = Math.max(0, ...columns.map((column) => roughWidth(column, 11))) > cellWidth - 2;
  const columnRoom = turned
    ? Math.min(100, 0.6 * Math.max(...columns.map((column) => roughWidth(column, 11))) + 16)
    : 14;
  return {
    ...base,
    aria: { ...base.aria, decal: { show: false } },
    grid: plotGrid(head + 14, 20, 46),
    xAxis: {
      ...top,
      position: 'top',
      nameGap: turned ? columnRoom + 12 : 26,
      axisLine: { show: false },
      axisLabel: {
        ...top.axisLabel,
        rotate: turned ? 35 : 0,
        width: turned ? 140 : cellWidth,
        interval: cellWidth < 14 ? 'auto' : 0,
        hideOverlap: false,
        overflow: 'truncate',
      },
    },
    yAxis: {
      ...categoryAxis(rows, spec.y, context, 4000),
      inverse: true,
      nameGap: nameWidth + 16,
      axisLine: { show: false },
      axisLabel: {
        color: theme.text,
        fontSize: 11,
        width: 180,
        overflow: 'truncate',
        interval: cellHeight < 12 ? 'auto' : 0,
      },
    },
    visualMap: {
      type: 'continuous',
      min: low,
      max: high === low ? low + 1 : high,
      calculable: false,
      orient: 'horizontal',
      left: 'center',
      bottom: 10,
      itemWidth: 10,
      itemHeight: 140,
      inRange: { color: [...theme.ramp] },
      text: [context.format(high, spec.value.format), context.format(low, spec.value.format)],
      textStyle: { color: theme.soft, fontSize: 11 },
    },
    tooltip: {
      ...base.tooltip,
      trigger: 'item',
      formatter: ({ value }: { value: [number, number, number] }) =>
        [
          `${rows[value[1]]} · ${columns[value[0]]}`,
          `${context.text(spec.value.title) || context.text(spec.title)}: ${context.format(value[2], spec.value.format)}`,
        ].join('\n'),
    },
    series: [
      {
        type: 'heatmap',
        progressive: 0,
        data,
        label: {
          show: labelled,
          fontSize: 10,
          formatter: ({ value }: { value: [number, number, number] }) => written(value[2]),
        },
        emphasis: { itemStyle: { borderColor: theme.text } },
      },
    ],
  };
}
