import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { dateColumn, integerColumn } from '../make-column.ts';
import { seededRandom } from '../numeric/random.ts';
import { threadsOf } from '../testing.ts';
import { type CohortOptions, cohortCounts } from './cohorts.ts';
import { cohortKernels, spreadCohortCounts } from './cohorts-spread.ts';
import { journeys } from './journeys.ts';
import type { JourneyEvents } from './journeys-events.ts';
import { readUnits } from './journeys-read.ts';
import type { JourneyRules, Journeys } from './journeys-rules.ts';
import { journeyKernels, spreadJourneys } from './journeys-spread.ts';

const rows = 240_000;
const customers = 30_000;
const random = seededRandom(3);
const customer = Uint32Array.from({ length: rows }, () => 5 + random.integer(customers));
const day = Int32Array.from({ length: rows }, () => 18_000 + random.integer(1200));
const code = Uint8Array.from({ length: rows }, () => random.integer(4));
const byCustomer = Uint32Array.from({ length: rows }, (_, row) => row).sort(
  (a, b) => customer[a] - customer[b] || day[a] - day[b],
);
type Take = <A extends Uint8Array | Uint32Array | Int32Array>(values: A) => A;
const asTheyCome: Take = (values) => values;
const inOrder: Take = (values) => values.map((_, i) => values[byCustomer[i]]) as typeof values;

/** Lists of journeys may have room for more. */
const trimmed = ({ count, steps, unit, depth, rows }: Journeys): Journeys => ({
  count,
  steps,
  unit: unit.slice(0, count),
  depth: depth.slice(0, count),
  rows: rows.slice(0, count * steps),
});

/** How many parts the rows are spread in; each must give the same. */
const threadCounts = [2, 3];

describe('what is spread over threads is the same as in one', () => {
  for (const [name, take] of [
    ['in no order', asTheyCome],
    ['by customer', inOrder],
  ] as const) {
    const columns = {
      customer: integerColumn(take(customer)),
      time: dateColumn(take(day)),
    };

    it(`cohorts of rows ${name}`, async () => {
      for (const change of [{}, { kind: 'on-or-after' }, { period: 'quarter' }] as Partial<CohortOptions>[]) {
        const options: CohortOptions = {
          period: 'month',
          timeZone: 'UTC',
          cohort: 'first',
          kind: 'on',
          windows: 'calendar',
          ...change,
        };
        const alone = cohortCounts(columns, options);
        for (const threads of threadCounts) {
          expect(await spreadCohortCounts(threadsOf({ kernels: cohortKernels }, threads), columns, options)).toEqual(
            alone,
          );
        }
      }
    });

    it(`journeys of rows ${name}`, async () => {
      const classes = { steps: [[], [0], [1], [2]], exclusions: [[], [], [], []] };
      const events: JourneyEvents = {
        units: customers,
        unit: take(customer),
        time: take(day),
        timeUnit: 86_400_000,
        code: take(code),
        classOfCode: Uint16Array.of(0, 1, 2, 3),
        keepAll: false,
      };
      const plain: JourneyRules = { steps: 3, order: 'ordered', window: 300 * 86_400_000, entry: 'best' };
      for (const rules of [plain, { ...plain, order: 'unordered' }, { ...plain, repeat: true }] as JourneyRules[]) {
        // Half days do not pack into one number with class and row.
        for (const time of [events.time, Float64Array.from(events.time, (value) => value + 0.5)]) {
          const found = journeys(readUnits({ ...events, time }), classes, rules);
          expect(found.count).toBeGreaterThan(1000);
          for (const threads of threadCounts) {
            const kernels = threadsOf({ kernels: journeyKernels }, threads);
            const together = await spreadJourneys(kernels, { ...events, time }, classes, rules);
            expect(isDeepStrictEqual(trimmed(together), trimmed(found))).toBe(true);
          }
        }
      }
    });
  }
});
