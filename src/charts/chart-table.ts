import type { Axis, CellValue, ChartSpec, Series, Text, ValueFormat } from '@patron/sdk';
import { type ChartWord, chartWord } from './chart-words.ts';

/** The numbers of a chart as a table, for reading beside it. */
export interface ChartTable {
  readonly columns: readonly { readonly name: string; readonly format?: ValueFormat }[];
  readonly rows: readonly (readonly CellValue[])[];
}

/** What turns texts into the reader's language. */
export interface ChartReader {
  readonly locale: string;
  render(text: Text): string;
}

type Column = ChartTable['columns'][number] & { readonly at: (index: number) => CellValue };

/** The table behind a chart. Every number that is drawn is in it. */
export function chartTable(spec: ChartSpec, reader: ChartReader): ChartTable {
  const { render } = reader;
  const word = (key: ChartWord, name?: string): string => chartWord(key, reader.locale, name);
  const title = (axis: Axis | undefined, fallback: ChartWord): string =>
    axis?.title === undefined ? word(fallback) : render(axis.title);
  const seriesColumns = (series: readonly Series[], format: ValueFormat | undefined): Column[] =>
    series.flatMap(({ name, values, low, high }) => {
      const heading = render(name);
      return [
        { name: heading, format, at: (i: number) => values[i] ?? null },
        ...(low ? [{ name: word('low', heading), format, at: (i: number) => low[i] ?? null }] : []),
        ...(high ? [{ name: word('high', heading), format, at: (i: number) => high[i] ?? null }] : []),
      ];
    });
  const texts = (name: string, list: readonly Text[]): Column => ({ name, format: 'text', at: (i) => render(list[i]) });

  switch (spec.kind) {
    case 'bar':
      return build(spec.categories.length, [
        texts(title(spec.category, 'category'), spec.categories),
        ...seriesColumns(spec.series, spec.value.format),
      ]);
    case 'line': {
      const x = (i: number): CellValue => {
        const value = spec.xValues[i];
        return typeof value === 'number' ? value : render(value);
      };
      return build(spec.xValues.length, [
        { name: title(spec.x, 'category'), format: spec.x.format, at: x },
        ...seriesColumns(spec.series, spec.y.format),
      ]);
    }
    case 'heatMap': {
      const across = spec.columns.length;
      const cell = (column: number): Column => ({
        name: render(spec.columns[column]),
        format: spec.value.format,
        at: (row) => spec.cells[row * across + column] ?? null,
      });
      return build(spec.rows.length, [
        texts(title(spec.y, 'category'), spec.rows),
        ...spec.columns.map((_, i) => cell(i)),
      ]);
    }
    case 'funnel':
      return build(spec.steps.length, [
        texts(word('step'), spec.steps),
        ...spec.series.flatMap((series) => {
          const [column, ...ends] = seriesColumns([series], 'integer');
          const ofFirst: Column = {
            name: word('ofFirst', column.name),
            format: 'percent',
            at: (i) => {
              const [first, value] = [column.at(0), column.at(i)];
              return typeof first === 'number' && typeof value === 'number' && first !== 0 ? value / first : null;
            },
          };
          return [column, ofFirst, ...ends];
        }),
      ]);
    case 'sankey':
      return build(spec.links.length, [
        { name: word('from'), format: 'text', at: (i) => render(spec.nodes[spec.links[i].source]) },
        { name: word('to'), format: 'text', at: (i) => render(spec.nodes[spec.links[i].target]) },
        { name: title(spec.value, 'value'), format: spec.value?.format, at: (i) => spec.links[i].value },
      ]);
    case 'histogram':
      return build(spec.counts.length, [
        { name: word('from'), format: spec.x.format, at: (i) => spec.edges[i] },
        { name: word('upTo'), format: spec.x.format, at: (i) => spec.edges[i + 1] },
        { name: title(spec.y, 'count'), format: spec.y?.format ?? 'integer', at: (i) => spec.counts[i] },
      ]);
    case 'box': {
      const five: ChartWord[] = ['minimum', 'firstQuartile', 'median', 'thirdQuartile', 'maximum'];
      return build(spec.categories.length, [
        texts(word('category'), spec.categories),
        ...five.map((key, which) => ({
          name: word(key),
          format: spec.value.format,
          at: (i: number) => spec.boxes[i]?.[which] ?? null,
        })),
      ]);
    }
    case 'scatter':
      return build(spec.points.length, [
        ...(spec.points.some(({ label }) => label !== undefined)
          ? [{ name: word('name'), format: 'text' as const, at: (i: number) => render(spec.points[i].label ?? '') }]
          : []),
        { name: title(spec.x, 'value'), format: spec.x.format, at: (i) => spec.points[i].x },
        { name: title(spec.y, 'value'), format: spec.y.format, at: (i) => spec.points[i].y },
        ...(spec.points.some(({ size }) => size !== undefined)
          ? [{ name: word('size'), at: (i: number) => spec.points[i].size ?? null }]
          : []),
      ]);
    case 'treeMap':
      return build(spec.items.length, [
        { name: word('name'), format: 'text', at: (i) => render(spec.items[i].name) },
        { name: title(spec.size, 'size'), format: spec.size.format, at: (i) => spec.items[i].size },
        ...(spec.items.some(({ value }) => value !== undefined)
          ? [
              {
                name: title(spec.value, 'value'),
                format: spec.value?.format,
                at: (i: number) => spec.items[i].value ?? null,
              },
            ]
          : []),
      ]);
  }
}

function build(rows: number, columns: readonly Column[]): ChartTable {
  return {
    columns: columns.map(({ name, format }) => (format === undefined ? { name } : { name, format })),
    rows: Array.from({ length: rows }, (_, index) => columns.map(({ at }) => at(index))),
  };
}
