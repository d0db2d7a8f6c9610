import {
  type Column,
  codeArray,
  message,
  type ResultColumn,
  type ResultTable,
  stringVector,
  takeRows,
} from '@patron/sdk';
import { MADE_FEATURES } from './made-features.ts';
import type { Explained } from './reasons.ts';
import type { RiskModel } from './risk-model.ts';
import type { Money } from './threshold.ts';

const BANDS = ['low', 'medium', 'high'];

/**
 * A row per customer, the most at risk first.
 * @param made the features that were made from transactions, whose values stand beside the reasons
 */
export function customersTable(
  model: RiskModel,
  customer: Column | undefined,
  explained: Explained,
  made: Readonly<Record<string, Column>>,
  order: Uint32Array,
  money: Money,
  split: boolean,
): ResultTable {
  const n = order.length;
  const taken = Uint32Array.from(order, (i) => model.rows[i]);
  const risk = Float64Array.from(order, (i) => model.risk[i]);
  const bands = codeArray(3, n);
  for (let i = 0; i < n; i++) bands[i] = risk[i] < 0.33 ? 0 : risk[i] < 0.66 ? 1 : 2;
  const worth = risk.map((value) => value * money.valueOfSave - money.costOfContact);
  return {
    title: message('table.customers'),
    rowPer: 'customer',
    columns: [
      {
        name: 'customer',
        title: message('column.customer'),
        column: customer ? takeRows(customer, taken) : numbers(taken),
      },
      {
        name: 'risk',
        title: message('column.risk'),
        column: { type: 'number', length: n, values: risk, scale: 1 },
        format: 'percent',
      },
      {
        name: 'band',
        title: message('column.band'),
        column: { type: 'string', layout: 'dictionary', length: n, codes: bands, dictionary: stringVector(BANDS) },
        labels: { low: message('band.low'), medium: message('band.medium'), high: message('band.high') },
      },
      {
        name: 'mainReason',
        title: message('column.mainReason'),
        column: explained.main,
        labels: Object.keys(made).length > 0 ? MADE_FEATURES : {},
      },
      { name: 'why', title: message('column.why'), ...explained.why },
      {
        name: 'churned',
        title: message('column.churned'),
        column: { type: 'boolean', length: n, values: Uint8Array.from(order, (i) => model.outcome[i]) },
      },
      {
        name: 'expectedGain',
        title: message('column.expectedGain'),
        column: { type: 'number', length: n, values: worth, scale: 1 },
        format: 'money',
      },
      ...Object.entries(made).map(
        ([name, column]): ResultColumn => ({
          name,
          title: MADE_FEATURES[name],
          column: takeRows(column, taken),
          format: 'decimal',
        }),
      ),
      ...(split
        ? [
            {
              name: 'heldOut',
              title: message('column.heldOut'),
              column: {
                type: 'boolean' as const,
                length: n,
                values: Uint8Array.from(order, (i) => 1 - model.learnt[i]),
              },
            },
          ]
        : []),
    ],
  };
}

/** Row numbers, from 1. */
function numbers(rows: Uint32Array): Column {
  return { type: 'integer', length: rows.length, values: rows.map((row) => row + 1) };
}
