import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimalColumn, integerColumn, stringColumn, timestampColumn } from '../make-column.ts';
import { periodOfDay } from '../time/period.ts';
import { type CohortOptions, cohortCounts } from './cohorts.ts';

const DAY = 86_400_000;
const START = Date.parse('2011-01-20');

interface Row {
  customer: number;
  /** Hours after 2011-01-20. */
  hour: number;
  starts: boolean;
  returns: boolean;
  cents: number;
}

/** The same counts made slowly, a customer and a cell at a time. */
function oracle(rows: readonly Row[], options: CohortOptions) {
  const stamp = (row: Row): number => START + row.hour * 3_600_000;
  const periodOf = (row: Row): number => periodOfDay(Math.floor(stamp(row) / DAY), options.period);
  const windowDays = { day: 1, week: 7, month: 30, quarter: 91, year: 365 }[options.period];
  const sizes = new Map<number, number>();
  const cells = new Map<string, number>();
  const cents = new Map<string, number>();
  const up = (map: Map<string, number>, key: string, by = 1): unknown => map.set(key, (map.get(key) ?? 0) + by);
  for (const customer of new Set(rows.map((row) => row.customer))) {
    const own = rows.filter((row) => row.customer === customer).sort((a, b) => a.hour - b.hour);
    const starts = own.filter((row) => row.starts);
    const cohorts = options.cohort === 'first' ? starts.slice(0, 1).map(periodOf) : [...new Set(starts.map(periodOf))];
    for (const cohort of cohorts) {
      sizes.set(cohort, (sizes.get(cohort) ?? 0) + 1);
      const back = own.filter(
        (row) =>
          row.returns && (options.cohort === 'recurring' ? periodOf(row) >= cohort : stamp(row) >= stamp(starts[0])),
      );
      const offsets = new Set<number>();
      for (const row of back) {
        const offset =
          options.windows === 'rolling'
            ? Math.floor((stamp(row) - stamp(starts[0])) / DAY / windowDays)
            : periodOf(row) - cohort;
        offsets.add(offset);
        up(cents, `${cohort} ${offset}`, row.cents);
      }
      if (options.kind === 'on') for (const offset of offsets) up(cells, `${cohort} ${offset}`);
      if (options.kind === 'on-or-after') {
        for (let offset = 0; offset <= Math.max(-1, ...offsets); offset++) up(cells, `${cohort} ${offset}`);
      }
      options.brackets?.forEach(([low, high], bracket) => {
        if ([...offsets].some((offset) => offset >= low && offset <= high)) up(cells, `${cohort} ${bracket}`);
      });
    }
  }
  return { sizes, cells, cents };
}

const someRows = fc.array(
  fc.record({
    customer: fc.integer({ min: 0, max: 5 }),
    hour: fc.integer({ min: 0, max: 24 * 100 }),
    starts: fc.boolean(),
    returns: fc.boolean(),
    cents: fc.integer({ min: 0, max: 900 }),
  }),
  { minLength: 1, maxLength: 50 },
);

describe('cohortCounts', () => {
  test('equals the slow count for every kind, period and window', () => {
    fc.assert(
      fc.property(
        someRows,
        fc.constantFrom<CohortOptions['period']>('day', 'week', 'month', 'quarter', 'year'),
        fc.constantFrom<CohortOptions['kind']>('on', 'on-or-after', 'brackets'),
        fc.constantFrom<[CohortOptions['cohort'], CohortOptions['windows']]>(
          ['first', 'calendar'],
          ['first', 'rolling'],
          ['recurring', 'calendar'],
        ),
        fc.boolean(),
        fc.boolean(),
        (given, period, kind, [cohort, windows], parted, money) => {
          const rows = parted ? given : given.map((row) => ({ ...row, starts: true, returns: true }));
          const options: CohortOptions = {
            period,
            kind,
            cohort,
            windows,
            timeZone: 'UTC',
            brackets: kind === 'brackets' ? [[0, 0], [1, 2], [2, 9]] : undefined, // biome-ignore format: one line
            starts: parted ? Uint8Array.from(rows, (row) => Number(row.starts)) : undefined,
            returns: parted ? Uint8Array.from(rows, (row) => Number(row.returns)) : undefined,
          };
          const expected = oracle(rows, options);
          const counts = cohortCounts(
            {
              customer: integerColumn(rows.map((row) => row.customer)),
              time: timestampColumn(rows.map((row) => START + row.hour * 3_600_000)),
              amount: money
                ? decimalColumn(
                    Int32Array.from(rows, (row) => row.cents),
                    100,
                  )
                : undefined,
            },
            options,
          );
          for (let c = 0; c < counts.cohorts; c++) {
            const index = counts.firstPeriod + c;
            expect(counts.sizes[c]).toBe(expected.sizes.get(index) ?? 0);
            for (let offset = 0; offset < counts.offsets; offset++) {
              const cell = c * counts.offsets + offset;
              expect(counts.counts[cell]).toBe(expected.cells.get(`${index} ${offset}`) ?? 0);
              if (money && kind === 'on' && cohort === 'first') {
                expect(counts.units?.[cell]).toBe(expected.cents.get(`${index} ${offset}`) ?? 0);
              }
            }
          }
          expect(counts.sizes.reduce((sum, size) => sum + size, 0)).toBe(
            [...expected.sizes.values()].reduce((sum, size) => sum + size, 0),
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  test('cuts the months of instants in the time zone', () => {
    const columns = {
      customer: stringColumn(['a', 'a']),
      time: timestampColumn(['2024-01-31T15:59:00Z', '2024-01-31T16:00:00Z'].map(Date.parse), true),
    };
    const options = { period: 'month', cohort: 'first', kind: 'on', windows: 'calendar' } as const;
    expect([...cohortCounts(columns, { ...options, timeZone: 'UTC' }).counts]).toEqual([1]);
    expect([...cohortCounts(columns, { ...options, timeZone: 'Asia/Shanghai' }).counts]).toEqual([1, 1, 0, 0]);
  });

  test('refuses a grid of more cells than anyone can look at', () => {
    const columns = { customer: stringColumn(['a', 'a']), time: timestampColumn([0, 3000 * 86_400_000]) };
    const options = { period: 'day', cohort: 'first', kind: 'on', windows: 'calendar', timeZone: 'UTC' } as const;
    expect(() => cohortCounts(columns, options)).toThrow('choose a longer period');
  });

  test('refuses recurring cohorts with rolling windows', () => {
    const columns = { customer: stringColumn(['a']), time: timestampColumn([0]) };
    const options = { period: 'day', cohort: 'recurring', kind: 'on', windows: 'rolling', timeZone: 'UTC' } as const;
    expect(() => cohortCounts(columns, options)).toThrow('rolling windows need first-time cohorts');
  });
});
