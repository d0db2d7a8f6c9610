import type { BoxChart } from '@patron/sdk';
import { baseOption, type ChartContext, categoryAxis, plotGrid, titleHeight, valueAxis } from './chart-context.ts';

/** Five numbers a box, with the median written beside it where there is room. */
export function boxOption(spec: BoxChart, context: ChartContext, summary: string) {
  const { theme } = context;
  const names = spec.categories.map(context.text);
  const format = spec.value.format ?? 'decimal';
  const all = spec.boxes.flat().filter(Number.isFinite);
  const base = baseOption(spec, context, summary);
  return {
    ...base,
    grid: plotGrid(titleHeight(spec, context) + 14),
    xAxis: categoryAxis(names, undefined, context, context.width - 90),
    yAxis: { ...valueAxis(spec.value, context, all.length ? [Math.min(...all), Math.max(...all)] : []), scale: true },
    tooltip: {
      ...base.tooltip,
      trigger: 'item',
      formatter: ({ dataIndex }: { dataIndex: number }) =>
        [
          names[dataIndex],
          (spec.boxes[dataIndex] ?? []).map((value) => context.format(value, format)).join(' · '),
        ].join('\n'),
    },
    series: [
      {
        type: 'boxplot',
        data: spec.boxes.map((box) => [...box]),
        boxWidth: [10, 46],
        itemStyle: { color: `${theme.series[0]}33`, borderColor: theme.series[0], borderWidth: 1.5 },
      },
      {
        type: 'scatter',
        silent: true,
        symbolSize: 1,
        itemStyle: { color: 'transparent' },
        data: spec.boxes.map((box, index) => [index, box[2]]),
        label: {
          show: names.length <= 16,
          position: 'top',
          distance: 1,
          color: theme.text,
          fontSize: 10,
          formatter: ({ value }: { value: number[] }) => context.format(value[1], format),
        },
        tooltip: { show: false },
      },
    ],
  };
}
