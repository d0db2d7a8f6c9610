import type { Column, NumericArray } from '../column.ts';
import { validityOf } from '../make-column.ts';
import { isPresent } from '../read-column.ts';
import { stringAt, stringVector } from '../string-vector.ts';
import type { CustomerKeys } from './customer-summary-keys.ts';

function takeValues<Values extends NumericArray>(values: Values, rows: Uint32Array): Values {
  const taken = values.slice(0, rows.length) as Values;
  for (let i = 0; i < rows.length; i++) taken[i] = values[rows[i]];
  return taken;
}

/** The rows `rows` of a column, in that order, as a column of their own (a dictionary is shared). At most its length. */
export function takeRows(column: Column, rows: Uint32Array): Column {
  const length = rows.length;
  const validity = column.validity && validityOf(length, (i) => isPresent(column, rows[i]));
  if (column.type !== 'string') {
    return { ...column, length, validity, values: takeValues(column.values as NumericArray, rows) } as Column;
  }
  if (column.layout === 'dictionary') return { ...column, length, validity, codes: takeValues(column.codes, rows) };
  return { ...column, length, validity, text: stringVector(Array.from(rows, (row) => stringAt(column.text, row))) };
}

/** The keys of the rows `rows`, with the codes of the whole table. */
export function takeKeys(keys: CustomerKeys, rows: Uint32Array): CustomerKeys {
  return { ...keys, values: takeValues(keys.values, rows) };
}
