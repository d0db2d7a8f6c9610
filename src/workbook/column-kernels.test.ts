import { columnFromValues, decimalColumn, stringColumn, timestampColumn } from '@patron/sdk';
import { describe, expect, it } from 'vitest';
import { aggregate, type SheetColumn } from './column-kernels.ts';
import { findRow, findRowBelow } from './column-lookup.ts';
import { parseCriterion, rowTest } from './criterion.ts';
import { serialOfText } from './serial-date.ts';

const shown = (column: SheetColumn['column'], rows: number[] | null = null): SheetColumn => ({
  column,
  header: 'Amount',
  rows: rows && Uint32Array.from(rows),
});
const all = { start: 0, end: 1_048_575 };

describe('sums and counts over a column', () => {
  it('adds money in its units, so that a tenth and two tenths are three tenths', () => {
    const money = shown(decimalColumn(Int32Array.of(10, 20), 100));
    expect(aggregate(money, all).sum).toBe(0.3);
  });

  it('counts the header as a text and skips missing values', () => {
    const { present, numbers, minimum, maximum } = aggregate(shown(columnFromValues('number', [4, null, 1.5])), all);
    expect([present, numbers, minimum, maximum]).toEqual([3, 2, 1.5, 4]);
  });

  it('leaves truth values out of sums, as a spreadsheet does in ranges', () => {
    expect(aggregate(shown(columnFromValues('boolean', [true, true])), all)).toMatchObject({
      sum: 0,
      numbers: 0,
      present: 3,
    });
  });

  it('takes only the rows of the range: sheet row 1 is the first of the table', () => {
    const column = shown(columnFromValues('integer', [1, 2, 4, 8]));
    expect(aggregate(column, { start: 2, end: 3 }).sum).toBe(6);
  });

  it('takes the shown rows where a view shows some, in its order', () => {
    const column = shown(columnFromValues('integer', [1, 2, 4, 8]), [3, 0]);
    expect(aggregate(column, all).sum).toBe(9);
    expect(aggregate(column, { start: 1, end: 1 }).sum).toBe(8);
  });

  it('reads days and times as serial numbers: 2011-12-10 is 40887', () => {
    expect(aggregate(shown(columnFromValues('date', ['2011-12-10'])), all).maximum).toBe(40_887);
    expect(serialOfText('2011-12-10')).toBe(40_887);
    const noon = shown(timestampColumn([Date.UTC(2011, 11, 10, 12)]));
    expect(aggregate(noon, all).sum).toBe(40_887.5);
    expect(serialOfText('2011-12-10T12:00:00')).toBe(40_887.5);
  });
});

describe('criteria', () => {
  const count = (column: SheetColumn['column'], criterion: string | number | boolean): number => {
    const test = rowTest(column, parseCriterion(criterion));
    return Array.from({ length: column.length }, (_, row) => row).filter(test).length;
  };
  const names = stringColumn(['Anna', 'anna', 'Ann', 'b*', null, '12', '']);
  const numbers = columnFromValues('number', [1, 2, 2.5, null, 12]);

  it('compare texts without regard to case, with wildcards and their escape', () => {
    expect(count(names, 'ANNA')).toBe(2);
    expect(count(names, 'ann*')).toBe(3);
    expect(count(names, 'ann?')).toBe(2);
    expect(count(names, 'b~*')).toBe(1);
  });

  it('compare numbers, and texts that look like the number by = and <> only', () => {
    expect(count(numbers, '>=2')).toBe(3);
    expect(count(numbers, 2)).toBe(1);
    expect(count(numbers, '<>2')).toBe(4);
    expect(count(names, '=12')).toBe(1);
    expect(count(names, '>2')).toBe(0);
  });

  it('find empty cells by "=" and the rest by "<>"', () => {
    expect(count(numbers, '=')).toBe(1);
    expect(count(numbers, '<>')).toBe(4);
  });

  it('read a date as a date', () => {
    expect(count(columnFromValues('date', ['2011-01-01', '2011-06-01', '2012-01-01']), '>=2011-06-01')).toBe(2);
  });

  it('compare truth values', () => {
    expect(count(columnFromValues('boolean', [true, false, true]), true)).toBe(2);
    expect(count(columnFromValues('boolean', [true, false, true]), 'FALSE')).toBe(1);
  });
});

describe('look-ups', () => {
  const names = shown(stringColumn(['b', 'a', 'B', 'c']));

  it('find the first row, the same at the first, second and third time', () => {
    for (let time = 0; time < 3; time++) {
      expect(findRow(names, all, 'B', false)).toBe(1);
      expect(findRow(names, { start: 2, end: 9 }, 'b', false)).toBe(3);
      expect(findRow(names, all, 'd', false)).toBe(-1);
      expect(findRow(names, all, 'amount', false)).toBe(0);
    }
  });

  it('find a pattern only where patterns are asked for', () => {
    expect(findRow(names, { start: 1, end: 9 }, 'c*', true)).toBe(4);
    expect(findRow(names, { start: 1, end: 9 }, 'c*', false)).toBe(-1);
  });

  it('find numbers through a view that shows other rows', () => {
    const column = shown(columnFromValues('integer', [5, 6, 7]), [2, 1, 0]);
    for (let time = 0; time < 3; time++) expect(findRow(column, all, 5, false)).toBe(3);
  });

  it('find the last number not above, and none below all', () => {
    const sorted = shown(columnFromValues('number', [1, 3, 3, 7]));
    expect(findRowBelow(sorted, all, 3)).toBe(3);
    expect(findRowBelow(sorted, all, 100)).toBe(4);
    expect(findRowBelow(sorted, all, 0)).toBe(-1);
  });
});
