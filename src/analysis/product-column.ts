import { type Column, isNumeric, isPresent, type NumberColumn, validityOf } from '@patron/sdk';
import { BindingError } from './binding-error.ts';
import { numbersFromText } from './convert-field.ts';

const LARGEST_EXACT = Number.MAX_SAFE_INTEGER;

/**
 * The product of two columns, exact where both hold whole numbers or fixed decimals: units multiply, scales multiply.
 * @throws BindingError where a column holds no numbers.
 */
export function productColumn(left: Column, right: Column, names: readonly [string, string]): NumberColumn {
  const a = asNumbers(left, names[0]);
  const b = asNumbers(right, names[1]);
  const scale = a.scale * b.scale;
  const values = new Float64Array(a.length);
  let exact = true;
  for (let i = 0; i < values.length; i++) {
    values[i] = a.values[i] * b.values[i];
    if (values[i] > LARGEST_EXACT || values[i] < -LARGEST_EXACT) exact = false;
  }
  const validity =
    a.validity || b.validity ? validityOf(a.length, (row) => isPresent(a, row) && isPresent(b, row)) : undefined;
  if (exact) return { type: 'number', length: a.length, values, scale, validity };
  for (let i = 0; i < values.length; i++) values[i] = (a.values[i] / a.scale) * (b.values[i] / b.scale);
  return { type: 'number', length: a.length, values, scale: 1, validity };
}

function asNumbers(column: Column, name: string): NumberColumn {
  if (column.type === 'number') return column;
  if (isNumeric(column) && (column.type === 'integer' || column.type === 'boolean')) {
    return { type: 'number', length: column.length, values: column.values, scale: 1, validity: column.validity };
  }
  if (column.type === 'string') return numbersFromText(column, name);
  throw new BindingError({ code: 'notNumbers', column: name, row: 1, value: column.type }, `fields.${name}`);
}
