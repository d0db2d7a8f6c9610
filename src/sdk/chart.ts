import type { Text, ValueFormat } from './text.ts';

/**
 * A chart as data: what is drawn, never how. The host draws it with its own palette in light and dark, gives it a table
 * and a spoken summary, and saves it with the report. All numbers are plain; a missing point is null.
 */
export type ChartSpec =
  | BarChart
  | LineChart
  | HeatMapChart
  | FunnelChart
  | SankeyChart
  | HistogramChart
  | BoxChart
  | ScatterChart
  | TreeMapChart;

interface ChartBase {
  /** Unique within the result. */
  readonly id: string;
  readonly title: Text;
  /** One sentence that says what the picture shows; also its text alternative. */
  readonly summary?: Text;
  /** The result table that holds the same numbers. */
  readonly table?: string;
}

/** An axis: its title, its format, and whether it must start at zero (bars always do). */
export interface Axis {
  readonly title?: Text;
  readonly format?: ValueFormat;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly logarithmic?: boolean;
}

/** One named row of values, with an interval where `low` and `high` are given (same length as `values`). */
export interface Series {
  readonly name: Text;
  readonly values: readonly (number | null)[];
  readonly low?: readonly (number | null)[];
  readonly high?: readonly (number | null)[];
}

/**
 * Bars from zero, with whiskers where a series has an interval. With `points`, marks instead of bars, so that the axis need not
 * begin at zero and may be logarithmic: a forest plot.
 */
export interface BarChart extends ChartBase {
  readonly kind: 'bar';
  readonly orientation?: 'vertical' | 'horizontal';
  readonly categories: readonly Text[];
  readonly series: readonly Series[];
  readonly stacked?: boolean;
  readonly points?: boolean;
  readonly value: Axis;
  readonly category?: Axis;
  /** Marks across the chart; `axis` is the side that values run along, `x` where the chart is horizontal. */
  readonly references?: readonly ReferenceLine[];
}

/** A line of a line chart. `step` holds a value until the next x (survival); `dashed` marks a forecast or a reference. */
export interface LineSeries extends Series {
  readonly step?: boolean;
  readonly dashed?: boolean;
  readonly points?: boolean;
}

/** A straight mark across a chart, at x or at y. */
export interface ReferenceLine {
  readonly at: number;
  readonly axis: 'x' | 'y';
  readonly label?: Text;
}

/** Lines over a common x: numbers, categories, or milliseconds where `x.format` is `date` or `timestamp` (days for `date`). */
export interface LineChart extends ChartBase {
  readonly kind: 'line';
  readonly xValues: readonly (number | Text)[];
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly LineSeries[];
  readonly references?: readonly ReferenceLine[];
  /** Draws the line y = x (calibration, ROC). */
  readonly diagonal?: boolean;
}

/** A grid of coloured cells, row by row from the top: `cells[row * columns.length + column]`. */
export interface HeatMapChart extends ChartBase {
  readonly kind: 'heatMap';
  readonly columns: readonly Text[];
  readonly rows: readonly Text[];
  readonly cells: readonly (number | null)[];
  /** True where the cell's period is not over yet: shown hatched. Same length as `cells`. */
  readonly incomplete?: readonly boolean[];
  readonly x?: Axis;
  readonly y?: Axis;
  readonly value: Axis;
}

/** Steps from wide to narrow, each with its count; `series` more than one compares groups. */
export interface FunnelChart extends ChartBase {
  readonly kind: 'funnel';
  readonly steps: readonly Text[];
  readonly series: readonly Series[];
}

/** Flows between named nodes; `source` and `target` are indices into `nodes`. */
export interface SankeyChart extends ChartBase {
  readonly kind: 'sankey';
  readonly nodes: readonly Text[];
  readonly links: readonly { readonly source: number; readonly target: number; readonly value: number }[];
  readonly value?: Axis;
}

/** Counts between edges: `counts[i]` lies in [edges[i], edges[i + 1]). */
export interface HistogramChart extends ChartBase {
  readonly kind: 'histogram';
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  readonly x: Axis;
  readonly y?: Axis;
  readonly references?: readonly ReferenceLine[];
}

/** Five numbers a box: minimum, first quartile, median, third quartile, maximum. */
export interface BoxChart extends ChartBase {
  readonly kind: 'box';
  readonly categories: readonly Text[];
  readonly boxes: readonly (readonly [number, number, number, number, number])[];
  readonly value: Axis;
}

/** Points, sized by `size` and labelled where few; quadrant lines by `references`, corner names by `quadrants`. */
export interface ScatterChart extends ChartBase {
  readonly kind: 'scatter';
  readonly points: readonly { readonly x: number; readonly y: number; readonly label?: Text; readonly size?: number }[];
  readonly x: Axis;
  readonly y: Axis;
  readonly references?: readonly ReferenceLine[];
  /** Names of the quadrants: top left, top right, bottom left, bottom right. */
  readonly quadrants?: readonly [Text, Text, Text, Text];
}

/** Areas in proportion to `size`, coloured by `value` where given. */
export interface TreeMapChart extends ChartBase {
  readonly kind: 'treeMap';
  readonly items: readonly { readonly name: Text; readonly size: number; readonly value?: number }[];
  readonly size: Axis;
  readonly value?: Axis;
}
