import { type Column, columnFromValues, dateColumn, decimalColumn, stringColumn } from '@patron/sdk';
import { expect, test } from 'vitest';
import { countValues, frequentValues } from './value-counts.ts';

const frequent = (column: Column, text = '', limit = 10) => frequentValues(countValues(column), text, limit);

test('lists the most frequent texts first, and those that hold a text', () => {
  const column = stringColumn(['UK', 'France', 'UK', null, 'Kenya', 'UK', 'France']);
  expect(frequent(column)).toEqual({
    distinct: 3,
    missing: 1,
    matching: 3,
    values: [
      { value: 'UK', count: 3 },
      { value: 'France', count: 2 },
      { value: 'Kenya', count: 1 },
    ],
  });
  expect(frequent(column, 'k')).toMatchObject({ matching: 2, values: [{ value: 'UK' }, { value: 'Kenya' }] });
  expect(frequent(column, '', 1)).toMatchObject({ matching: 3, values: [{ value: 'UK', count: 3 }] });
});

test('counts numbers, days and truth values as their cells have them', () => {
  expect(frequent(decimalColumn(Int32Array.of(150, 150, 25), 100)).values).toEqual([
    { value: 1.5, count: 2 },
    { value: 0.25, count: 1 },
  ]);
  expect(frequent(dateColumn(Int32Array.of(15_309, 15_308)), '12-01').values).toEqual([
    { value: '2011-12-01', count: 1 },
  ]);
  expect(frequent(columnFromValues('boolean', [true, null, false, true]))).toMatchObject({
    missing: 1,
    values: [
      { value: true, count: 2 },
      { value: false, count: 1 },
    ],
  });
});

test('counts texts that are kept end to end', () => {
  const column: Column = {
    type: 'string',
    layout: 'plain',
    length: 3,
    text: { offsets: Uint32Array.of(0, 1, 2, 3), bytes: new TextEncoder().encode('aba') },
  };
  expect(frequent(column).values[0]).toEqual({ value: 'a', count: 2 });
});
