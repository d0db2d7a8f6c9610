import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { civilFromDay, dayFromCivil, PERIODS, periodLabel, periodOfDay, periodStart, periodTable } from './period.ts';

const dayOf = (text: string): number => Date.parse(text) / 86_400_000;

describe('calendar periods', () => {
  test('agree with the platform calendar on every day that a date can be', () => {
    fc.assert(
      fc.property(fc.integer({ min: -700_000, max: 2_000_000 }), (day) => {
        const date = new Date(day * 86_400_000);
        const civil = civilFromDay(day);
        expect(civil).toEqual({ year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() });
        expect(dayFromCivil(civil.year, civil.month, civil.day)).toBe(day);
      }),
    );
  });

  test('weeks start on Monday, quarters in January, April, July and October', () => {
    expect(new Date(periodStart(periodOfDay(dayOf('2011-12-11'), 'week'), 'week') * 86_400_000).getUTCDay()).toBe(1);
    expect(periodLabel(periodOfDay(dayOf('2011-12-11'), 'week'), 'week')).toBe('2011-12-05');
    expect(periodLabel(periodOfDay(dayOf('2011-12-12'), 'week'), 'week')).toBe('2011-12-12');
    expect(periodLabel(periodOfDay(dayOf('2011-09-30'), 'quarter'), 'quarter')).toBe('2011-Q3');
    expect(periodLabel(periodOfDay(dayOf('2011-10-01'), 'quarter'), 'quarter')).toBe('2011-Q4');
    expect(periodLabel(periodOfDay(dayOf('1969-12-31'), 'month'), 'month')).toBe('1969-12');
    expect(periodLabel(periodOfDay(dayOf('2000-02-29'), 'year'), 'year')).toBe('2000');
  });

  test('a period holds exactly the days from its start to the next start', () => {
    fc.assert(
      fc.property(fc.constantFrom(...PERIODS), fc.integer({ min: -30_000, max: 60_000 }), (period, day) => {
        const index = periodOfDay(day, period);
        expect(periodStart(index, period)).toBeLessThanOrEqual(day);
        expect(periodStart(index + 1, period)).toBeGreaterThan(day);
        const table = periodTable(day - 40, day + 400, period);
        table.forEach((value, i) => {
          expect(value).toBe(periodOfDay(day - 40 + i, period));
        });
      }),
      { numRuns: 40 },
    );
  });
});
