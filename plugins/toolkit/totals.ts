import {
  type AnalysisContext,
  AnalysisError,
  type AnalysisResult,
  type Column,
  message,
  type NamedColumns,
  numberAt,
  tableFromRows,
  textAt,
} from '@patron/sdk';
import { sumsBy } from './kernels.ts';

/** Bars that are shown. */
const shown = 20;

/** Sum, count and mean of an amount for each group: the reduction `sums`, answered by the chosen engine or here. */
export async function totals(context: AnalysisContext): Promise<AnalysisResult> {
  const { group, amount } = context.inputs.rows.fields;
  const columns = { key: group, value: amount };
  const answer = (await context.reduce?.('sums', columns)) ?? (await sumsBy(columns, context));
  const groups = groupsOf(answer).sort((a, b) => b.sum - a.sum || (a.name < b.name ? -1 : 1));
  if (groups.length === 0) throw new AnalysisError('No group has an amount.', { text: message('totals.none') });
  const total = groups.reduce((sum, one) => sum + one.sum, 0);
  const rows = groups.reduce((sum, one) => sum + one.count, 0);
  const [first] = groups;
  return {
    headline: message('totals.headline', {
      group: first.name,
      share: { value: total === 0 ? 0 : first.sum / total, as: 'percent' },
      groups: { value: groups.length, as: 'integer' },
    }),
    metrics: {
      groups: { value: groups.length, title: message('totals.groups'), format: 'integer' },
      total: { value: total, n: rows, title: message('totals.total'), format: 'decimal' },
    },
    tables: {
      groups: tableFromRows(
        [
          { name: 'group', title: message('totals.group'), type: 'string' },
          { name: 'sum', title: message('totals.sum'), type: 'number', format: 'decimal' },
          { name: 'count', title: message('totals.count'), type: 'integer', format: 'integer' },
          { name: 'mean', title: message('totals.mean'), type: 'number', format: 'decimal' },
          { name: 'share', title: message('totals.share'), type: 'number', format: 'percent' },
        ],
        groups.map(({ name, sum, count }) => [name, sum, count, sum / count, total === 0 ? null : sum / total]),
        { title: message('totals.title') },
      ),
    },
    charts: [
      {
        kind: 'bar',
        id: 'groups',
        title: message('totals.title'),
        table: 'groups',
        orientation: 'horizontal',
        categories: groups.slice(0, shown).map(({ name }) => name),
        series: [{ name: message('totals.sum'), values: groups.slice(0, shown).map(({ sum }) => sum) }],
        value: { title: message('totals.sum'), format: 'decimal' },
      },
    ],
    notes: [],
  };
}

/** The groups of an answer that have an amount. @throws Error where a column is missing. */
function groupsOf({ columns }: NamedColumns): { name: string; sum: number; count: number }[] {
  const named = (name: string): Column => {
    const found = columns.find((one) => one.name === name);
    if (!found) throw new Error(`The answer to 'sums' has no column '${name}'.`);
    return found.column;
  };
  const [key, sum, count] = [named('key'), named('sum'), named('count')];
  return Array.from({ length: key.length }, (_, row) => ({
    name: textAt(key, row) ?? '',
    sum: numberAt(sum, row),
    count: numberAt(count, row),
  })).filter((group) => group.count > 0);
}
