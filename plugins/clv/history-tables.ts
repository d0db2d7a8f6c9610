import {
  dateColumn,
  message,
  numberColumn,
  type ResultColumn,
  type ResultTable,
  tableFromRows,
  takeRows,
} from '@patron/sdk';
import type { History } from './history-outcome.ts';

/** The three ways to value a customer, side by side. */
export function comparisonTable(found: History): ResultTable {
  const { sums, forecast, acquisitionCost } = found;
  const historic = (sums.grossProfit - sums.serviceCost) / sums.customers;
  const equity = forecast?.totals.value;
  const rows: (string | number | null)[][] = [
    ['historic', historic, null, null],
    ['simple', sums.simpleClv, null, null],
  ];
  if (equity) {
    rows.push([
      'model',
      equity.value / sums.customers,
      equity.interval ? equity.interval[0] / sums.customers : null,
      equity.interval ? equity.interval[1] / sums.customers : null,
    ]);
  }
  return tableFromRows(
    [
      {
        name: 'method',
        title: message('column.method'),
        type: 'string',
        labels: {
          historic: message('method.historic'),
          simple: message('method.simple'),
          model: message('method.model'),
        },
      },
      { name: 'clv', title: message('column.clv'), type: 'number', format: 'money' },
      { name: 'low', title: message('column.low'), type: 'number', format: 'money' },
      { name: 'high', title: message('column.high'), type: 'number', format: 'money' },
      { name: 'net', title: message('column.net'), type: 'number', format: 'money' },
    ],
    rows.map((row) => [...row, (row[1] as number) - acquisitionCost]),
    { title: message('table.comparison') },
  );
}

export function historyCustomerTable(
  found: History,
  profit: Float64Array,
  future: Float64Array | undefined,
): ResultTable {
  const { ledger, purchases, customer } = found;
  const column = (name: string, values: Float64Array, format: ResultColumn['format']): ResultColumn => ({
    name,
    title: message(`column.${name}`),
    column: numberColumn(values),
    format,
  });
  const total = future && profit.map((value, i) => value + (Number.isNaN(future[i]) ? 0 : future[i]));
  return {
    title: message('table.historyCustomers'),
    rowPer: 'customer',
    columns: [
      { name: 'customer', title: message('column.customer'), column: takeRows(customer, purchases.rows) },
      { name: 'first', title: message('column.first'), column: dateColumn(ledger.firstDay), format: 'date' },
      { name: 'last', title: message('column.last'), column: dateColumn(ledger.lastDay), format: 'date' },
      column('orders', ledger.orders, 'integer'),
      column('revenue', ledger.revenue, 'money'),
      column('grossProfit', ledger.grossProfit, 'money'),
      column('serviceCost', ledger.serviceCost, 'money'),
      column('profit', profit, 'money'),
      ...(future && total ? [column('futureValue', future, 'money'), column('totalValue', total, 'money')] : []),
    ],
  };
}
