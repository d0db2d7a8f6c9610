import type { Series } from '@patron/sdk';
import type { BarSeriesOption, CustomSeriesRenderItemAPI, CustomSeriesRenderItemParams } from 'echarts';
import { type ChartContext, orGap } from './chart-context.ts';

interface Whiskers {
  readonly horizontal: boolean;
  /** The bars that the whiskers stand on; without them they stand at the category's middle. */
  readonly bar?: {
    readonly layout: Pick<BarSeriesOption, 'barCategoryGap' | 'barGap' | 'barMaxWidth'> & { readonly count: number };
    readonly index: number;
  };
  /** What is written beyond the whisker's end. */
  label?(index: number): string;
}

/** A whisker from low to high for each value of a series that has both. */
export function whiskerSeries(series: Series, length: number, context: ChartContext, options: Whiskers) {
  const { horizontal, bar, label } = options;
  const data = Array.from({ length }, (_, i) => [
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
      const [low, high] = [1, 2].map((dimension) => Number(api.value(dimension)));
      if (![low, high].every(Number.isFinite)) return null;
      const offset = (bar && api.barLayout(bar.layout)?.[bar.index]?.offsetCenter) ?? 0;
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
      if (label === undefined) return { type: 'group' as const, children: lines };
      const text = {
        type: 'text' as const,
        style: {
          text: label(at),
          x: horizontal ? b[0] + 6 : b[0] + offset,
          y: horizontal ? b[1] + offset : b[1] - 5,
          textAlign: horizontal ? ('left' as const) : ('center' as const),
          textVerticalAlign: horizontal ? ('middle' as const) : ('bottom' as const),
          fill: context.theme.text,
          fontSize: 11,
        },
      };
      return { type: 'group' as const, children: [...lines, text] };
    },
  };
}
