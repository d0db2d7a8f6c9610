import { type ChartSpec, formatValue } from '@patron/sdk';
import { type ChartReader, chartTable } from './chart-table.ts';

/** Rows that are read out where the chart brings no summary of its own. */
const SPOKEN_ROWS = 8;

/** What a chart shows, in words: its own summary, or its title and first figures. */
export function chartSummary(spec: ChartSpec, reader: ChartReader): string {
  const title = reader.render(spec.title);
  if (spec.summary !== undefined) {
    const summary = reader.render(spec.summary);
    return title && !summary.includes(title) ? `${title}: ${summary}` : summary;
  }
  const { columns, rows } = chartTable(spec, reader);
  const spoken = rows.slice(0, SPOKEN_ROWS).map((row) =>
    row
      .map((value, index) => formatValue(value, columns[index].format ?? 'decimal', reader.locale))
      .slice(0, 4)
      .join(' '),
  );
  const rest = rows.length > SPOKEN_ROWS ? '; …' : '';
  return `${title}: ${spoken.join('; ')}${rest}`;
}
