import type { TreeMapChart } from '@patron/sdk';
import { baseOption, type ChartContext, finite, titleHeight } from './chart-context.ts';
import { inkOn, rampColour } from './chart-theme.ts';

/** Areas in proportion to size; coloured by value on one hue where there is one, else by the palette. */
export function treeMapOption(spec: TreeMapChart, context: ChartContext, summary: string) {
  const { theme } = context;
  const items = spec.items.filter(({ size }) => Number.isFinite(size) && size > 0);
  const values = finite(items.map(({ value }) => value));
  const [low, high] = values.length ? [Math.min(...values), Math.max(...values)] : [0, 1];
  const total = items.reduce((sum, { size }) => sum + size, 0);
  const colourOf = (value: number | undefined, index: number): string => {
    if (value === undefined) return theme.series[index % theme.series.length];
    return rampColour(theme, high === low ? 0.5 : 0.12 + (0.88 * (value - low)) / (high - low));
  };
  const base = baseOption(spec, context, summary);
  const lines = (index: number): string[] => {
    const { size, value } = items[index];
    return [
      `${context.format(size, spec.size.format)} · ${context.format(size / total, 'percent')}`,
      ...(value === undefined
        ? []
        : [`${context.text(spec.value?.title)}: ${context.format(value, spec.value?.format)}`]),
    ];
  };
  // The root, which is not one of the items, is asked for a label too.
  const described = (index: number | undefined): string =>
    index === undefined ? '' : [context.text(items[index].name), ...lines(index)].join('\n');
  return {
    ...base,
    tooltip: {
      ...base.tooltip,
      trigger: 'item',
      formatter: ({ data }: { data: { index?: number } }) => described(data.index),
    },
    series: [
      {
        type: 'treemap',
        left: 12,
        right: 12,
        top: titleHeight(spec, context) + 12,
        bottom: 12,
        roam: false,
        nodeClick: false,
        breadcrumb: { show: false },
        itemStyle: { borderColor: theme.background, borderWidth: 2, gapWidth: 2 },
        label: {
          show: true,
          position: [8, 8],
          fontSize: 12,
          lineHeight: 17,
          overflow: 'truncate',
          formatter: ({ data }: { data: { index?: number } }) => described(data.index),
        },
        data: items.map(({ name, size, value }, index) => {
          const colour = colourOf(value, index);
          return {
            name: context.text(name),
            index,
            value: size,
            itemStyle: { color: colour },
            label: { color: inkOn(colour) },
          };
        }),
      },
    ],
  };
}
