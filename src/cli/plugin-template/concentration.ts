import {
  type AnalysisContext,
  AnalysisError,
  type AnalysisResult,
  denseCodes,
  message,
  numberAt,
  tableFromRows,
} from '@patron/sdk';

interface Parameters {
  /** The share of customers, the largest first, whose share of revenue is asked for. */
  readonly top: number;
}

/**
 * How concentrated revenue is: the share that the top customers bring, and the Gini coefficient of revenue per customer,
 * G = 2 Σ i·xᵢ / (n Σ xᵢ) − (n + 1) / n with x ascending (Gini 1912; Dixon et al. 1987).
 */
export async function concentration(context: AnalysisContext<Parameters>): Promise<AnalysisResult> {
  const { fields } = context.inputs.transactions;
  const customers = denseCodes(fields.customer);
  const revenue = new Float64Array(customers.count);
  const rows = fields.customer.length;
  for (let row = 0; row < rows; row++) {
    revenue[customers.codes[row]] += numberAt(fields.amount, row);
    if (row % 65_536 === 0) {
      context.progress(row, rows);
      await context.checkpoint();
    }
  }
  const ascending = revenue.filter((value) => value > 0).sort();
  const n = ascending.length;
  if (n === 0) throw new AnalysisError('No customer has revenue.', { text: message('noRevenue') });

  let total = 0;
  let weighted = 0;
  ascending.forEach((value, i) => {
    total += value;
    weighted += (i + 1) * value;
  });
  const topCustomers = Math.max(1, Math.round(context.parameters.top * n));
  const topRevenue = ascending.subarray(n - topCustomers).reduce((sum, value) => sum + value, 0);
  const topShare = topRevenue / total;
  const gini = (2 * weighted) / (n * total) - (n + 1) / n;

  const deciles = Array.from({ length: 10 }, (_, i) => {
    const from = Math.floor((n * (9 - i)) / 10);
    const to = Math.floor((n * (10 - i)) / 10);
    return ascending.subarray(from, to).reduce((sum, value) => sum + value, 0) / total;
  });
  return {
    headline: message('headline', {
      customers: { value: context.parameters.top, as: 'percent' },
      share: { value: topShare, as: 'percent' },
    }),
    metrics: {
      customers: { value: n, title: message('customers'), format: 'integer' },
      revenue: { value: total, title: message('revenue'), format: 'money' },
      topShare: { value: topShare, n, title: message('topShare'), format: 'percent' },
      gini: { value: gini, n, title: message('gini'), format: 'decimal4' },
    },
    tables: {
      deciles: tableFromRows(
        [
          { name: 'decile', title: message('decile'), type: 'integer' },
          { name: 'share', title: message('share'), type: 'number', format: 'percent' },
        ],
        deciles.map((share, i) => [i + 1, share]),
        { title: message('deciles') },
      ),
    },
    charts: [
      {
        kind: 'bar',
        id: 'deciles',
        title: message('deciles'),
        table: 'deciles',
        categories: deciles.map((_, i) => String(i + 1)),
        series: [{ name: message('share'), values: deciles }],
        value: { title: message('share'), format: 'percent' },
        category: { title: message('decile') },
      },
    ],
    notes: [],
  };
}
