import { type CellValue, type Column, formatValue, type Metric, type ValueFormat, valueAt } from '@patron/sdk';
import type { ReportColumn } from '../../workbook/index.ts';
import type { ReportContext } from './report-context.ts';

/** How a column is shown where the result does not say. */
function standardFormat(column: Column): ValueFormat {
  switch (column.type) {
    case 'integer':
      return 'integer';
    case 'number':
      return 'decimal';
    case 'date':
      return 'date';
    case 'timestamp':
      return 'timestamp';
    default:
      return 'text';
  }
}

/** A metric's interval, sample and caution in words: "0.12 to 0.19 · n = 120 · small sample". */
export function metricDetail(metric: Metric, { t, locale }: ReportContext): string | undefined {
  const format = metric.format ?? 'decimal';
  const parts: string[] = [];
  if (metric.interval) {
    const [low, high] = metric.interval.map((value) => formatValue(value, format, locale));
    parts.push(t('report.interval', low, high));
  }
  if (metric.n !== undefined) parts.push(t('report.sample', formatValue(metric.n, 'integer', locale)));
  if (metric.smallSample) parts.push(t('report.smallSample'));
  return parts.length > 0 ? parts.join(' · ') : undefined;
}

/** A result's columns as cells: names of closed sets are worded, everything else stays a value that formulas can use. */
export function reportColumns(
  columns: ReportContext['record']['result']['tables'][string]['columns'],
  { render }: ReportContext,
): ReportColumn[] {
  return columns.map(({ name, title, column, format, labels }) => ({
    header: title === undefined ? name : render(title),
    format: labels ? 'text' : (format ?? standardFormat(column)),
    values: Array.from({ length: column.length }, (_, row): CellValue => {
      const value = valueAt(column, row);
      const label = labels && Object.hasOwn(labels, String(value)) ? labels[String(value)] : undefined;
      return label === undefined ? value : render(label);
    }),
  }));
}
