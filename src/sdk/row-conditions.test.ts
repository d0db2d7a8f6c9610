import { describe, expect, test } from 'vitest';
import type { Column } from './column.ts';
import { booleanColumn, dateColumn, numberColumn, stringColumn, timestampColumn } from './make-column.ts';
import { type RowConditionValue, type RowOperator, rowTest } from './row-conditions.ts';

/** The rows of a column that pass. */
function passing(column: Column, op: RowOperator, value: RowConditionValue = null): number[] {
  const test = rowTest(column, { op, value }, (given) => new RangeError(`not ${String(given)}`));
  return Array.from({ length: column.length }, (_, row) => row).filter(test);
}

describe('a condition on rows', () => {
  const text = stringColumn(['pro', 'Pro plus', '', null, '12']);

  test('compares text as it is written', () => {
    expect(passing(text, '=', 'pro')).toEqual([0]);
    expect(passing(text, '^=', 'Pro')).toEqual([1]);
    expect(passing(text, '*=', 'PRO')).toEqual([0, 1]);
    expect(passing(text, 'in', ['pro', '12'])).toEqual([0, 4]);
  });

  test('lets a row without a value pass only what says "not"', () => {
    expect(passing(text, '!=', 'pro')).toEqual([1, 2, 3, 4]);
    expect(passing(text, 'not in', ['pro', ''])).toEqual([1, 3, 4]);
    expect(passing(text, '!*=', 'pro')).toEqual([2, 3, 4]);
    expect(passing(text, '=', '')).toEqual([2]);
  });

  test('finds missing and empty text alike empty', () => {
    expect(passing(text, 'empty')).toEqual([2, 3]);
    expect(passing(text, 'not empty')).toEqual([0, 1, 4]);
  });

  test('compares what are numbers on both sides as numbers', () => {
    expect(passing(stringColumn(['9', '10', 'x']), '>', '9')).toEqual([1, 2]);
    const numbers = numberColumn([9, 10, Number.NaN, -1]);
    expect(passing(numbers, '>=', '9')).toEqual([0, 1]);
    expect(passing(numbers, '!=', 10)).toEqual([0, 2, 3]);
    expect(passing(numbers, 'in', ['10', -1])).toEqual([1, 3]);
  });

  test('compares days and times as moments, and truth as words too', () => {
    const days = dateColumn([19_723, 19_724]);
    expect(passing(days, '>=', '2024-01-02')).toEqual([1]);
    const times = timestampColumn([Date.UTC(2024, 0, 1, 12), Date.UTC(2024, 0, 2)]);
    expect(passing(times, '<', '2024-01-01 18:00')).toEqual([0]);
    expect(passing(booleanColumn([true, false]), '=', 'true')).toEqual([0]);
  });

  test('refuses what cannot be compared', () => {
    expect(() => passing(numberColumn([1]), '=', 'many')).toThrow('not many');
    expect(() => passing(numberColumn([1]), '>', '')).toThrow(RangeError);
  });
});
