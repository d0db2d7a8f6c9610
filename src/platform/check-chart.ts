import type { ChartSpec } from '@patron/sdk';
import { expectFormat } from './expect-format.ts';
import {
  type Expect,
  expectBoolean,
  expectFinite,
  expectFiniteOrNull,
  expectIndex,
  expectList,
  expectName,
  expectObject,
  expectOneOf,
  expectShape,
  expectText,
  optionally,
} from './expect-value.ts';
import { at } from './problem.ts';

const lengthOf = (value: unknown): number => (Array.isArray(value) ? value.length : -1);

const expectAxis = expectShape({
  title: optionally(expectText),
  format: optionally(expectFormat),
  minimum: optionally(expectFinite),
  maximum: optionally(expectFinite),
  logarithmic: optionally(expectBoolean),
});

const expectReferences = expectList(
  expectShape({ at: expectFinite, axis: expectOneOf(['x', 'y']), label: optionally(expectText) }),
  { most: 100 },
);

const base = {
  kind: expectName(),
  id: expectName(),
  title: expectText,
  summary: optionally(expectText),
  table: optionally(expectName()),
};

/** A series of `length` values, with what a line may have besides. */
function expectSeries(length: number, further: Readonly<Record<string, Expect>> = {}): Expect {
  const values = expectList(expectFiniteOrNull, { length });
  return expectList(
    expectShape({ name: expectText, values, low: optionally(values), high: optionally(values), ...further }),
    { most: 500 },
  );
}

const expectXValue: Expect = (value, path) => {
  if (typeof value === 'number') expectFinite(value, path);
  else expectText(value, path);
};

const line = { step: optionally(expectBoolean), dashed: optionally(expectBoolean), points: optionally(expectBoolean) };

/** What a chart may hold: beyond, it says nothing more, and drawing it would keep the page busy. */
const most = { bars: 10_000, cells: 40_000, flows: 3000, nodes: 500, tiles: 3000, points: 100_000 };

/** By kind: the shape of the chart, given the chart itself for the lengths that must agree. */
const kinds: Readonly<Record<ChartSpec['kind'], (chart: Readonly<Record<string, unknown>>) => Record<string, Expect>>> =
  {
    bar: (chart) => ({
      orientation: optionally(expectOneOf(['vertical', 'horizontal'])),
      categories: expectList(expectText, { most: most.bars }),
      series: expectSeries(lengthOf(chart.categories)),
      stacked: optionally(expectBoolean),
      points: optionally(expectBoolean),
      value: expectAxis,
      category: optionally(expectAxis),
      references: optionally(expectReferences),
    }),
    line: (chart) => ({
      xValues: expectList(expectXValue, { most: most.points }),
      x: expectAxis,
      y: expectAxis,
      series: expectSeries(lengthOf(chart.xValues), line),
      references: optionally(expectReferences),
      diagonal: optionally(expectBoolean),
    }),
    heatMap: (chart) => {
      const length = lengthOf(chart.columns) * lengthOf(chart.rows);
      return {
        columns: expectList(expectText, { most: 5000 }),
        rows: expectList(expectText, { most: 5000 }),
        cells: expectList(expectFiniteOrNull, { length, most: most.cells }),
        incomplete: optionally(expectList(expectBoolean, { length })),
        x: optionally(expectAxis),
        y: optionally(expectAxis),
        value: expectAxis,
      };
    },
    funnel: (chart) => ({
      steps: expectList(expectText, { most: 1000 }),
      series: expectSeries(lengthOf(chart.steps)),
    }),
    sankey: (chart) => {
      const node = expectIndex(lengthOf(chart.nodes));
      return {
        nodes: expectList(expectText, { most: most.nodes }),
        links: expectList(expectShape({ source: node, target: node, value: expectFinite }), { most: most.flows }),
        value: optionally(expectAxis),
      };
    },
    histogram: (chart) => ({
      edges: expectList(expectFinite, { length: lengthOf(chart.counts) + 1 }),
      counts: expectList(expectFinite, { most: most.bars }),
      x: expectAxis,
      y: optionally(expectAxis),
      references: optionally(expectReferences),
    }),
    box: (chart) => ({
      categories: expectList(expectText, { most: 5000 }),
      boxes: expectList(expectList(expectFinite, { length: 5 }), { length: lengthOf(chart.categories) }),
      value: expectAxis,
    }),
    scatter: () => ({
      points: expectList(
        expectShape({
          x: expectFinite,
          y: expectFinite,
          label: optionally(expectText),
          size: optionally(expectFinite),
        }),
        { most: most.points },
      ),
      x: expectAxis,
      y: expectAxis,
      references: optionally(expectReferences),
      quadrants: optionally(expectList(expectText, { length: 4 })),
    }),
    treeMap: () => ({
      items: expectList(expectShape({ name: expectText, size: expectFinite, value: optionally(expectFinite) }), {
        most: most.tiles,
      }),
      size: expectAxis,
      value: optionally(expectAxis),
    }),
  };

/** A well-formed chart spec. */
export const expectChart: Expect = (value, path) => {
  const chart = expectObject(value, path);
  expectOneOf(Object.keys(kinds))(chart.kind, at(path, 'kind'));
  expectShape({ ...base, ...kinds[chart.kind as ChartSpec['kind']](chart) })(chart, path);
};
