import { formatValue, type ValueFormat } from '@patron/sdk';
import type { ColumnStatistics } from '../../tables/index.ts';
import type { TableColumn } from '../../workbook/index.ts';
import { valueWords, type Words } from './view-words.ts';

export interface StatisticsLine {
  readonly label: string;
  readonly value: string;
}

/** The figures of a column, each with its name, in the order in which one asks for them. */
export function statisticsLines(statistics: ColumnStatistics, column: TableColumn, words: Words): StatisticsLine[] {
  const { t, locale } = words;
  const { rows, missing, distinct, minimum, maximum, mean, deviation, sum, quantiles } = statistics;
  const counted = (value: number): string => formatValue(value, 'integer', locale);
  const share = (value: number): string =>
    rows === 0 || value === 0 ? counted(value) : `${counted(value)} (${formatValue(value / rows, 'percent', locale)})`;
  const lines: StatisticsLine[] = [
    { label: t('statistics.count'), value: counted(rows - missing) },
    { label: t('statistics.missing'), value: share(missing) },
    { label: t('statistics.distinct'), value: counted(distinct) },
  ];
  if (missing === rows || column.type === 'boolean') return lines;
  lines.push(
    { label: t('statistics.minimum'), value: valueWords(minimum, column, words) },
    { label: t('statistics.maximum'), value: valueWords(maximum, column, words) },
  );
  const figure = (value: number): string => figureWords(value, column, locale);
  if (mean !== undefined) lines.push({ label: t('statistics.mean'), value: figure(mean) });
  if (deviation !== undefined) lines.push({ label: t('statistics.deviation'), value: figure(deviation) });
  if (sum !== undefined) lines.push({ label: t('statistics.sum'), value: figure(sum) });
  for (const { share: at, value } of quantiles ?? []) {
    if (at === 0 || at === 1) continue;
    const label = at === 0.5 ? t('statistics.median') : t('statistics.quantile', at * 100);
    lines.push({ label, value: figure(value) });
  }
  return lines;
}

/** The format in which figures of a column are read, such as its mean or the edges of its histogram. */
export function figureFormat(column: TableColumn): ValueFormat {
  if (column.type === 'date' || column.type === 'timestamp') return column.type;
  return column.format === 'percent' ? 'percent' : 'decimal';
}

/** A figure with as many digits as tell it from its neighbours. */
function figureWords(value: number, column: TableColumn, locale: string): string {
  const format = figureFormat(column);
  if (format !== 'decimal') return formatValue(value, format, locale);
  const digits = Math.abs(value) >= 100 ? 2 : 4;
  return new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);
}
