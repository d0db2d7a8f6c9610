import type { Threads } from '../analysis.ts';
import { evenRanges, shared, worthSpreading } from '../shared-memory.ts';
import type { TimeColumn } from '../time/wall-clock.ts';
import {
  type CohortColumns,
  type CohortCounts,
  type CohortOptions,
  cohortCounts,
  Tally,
  tallyActive,
  timeFor,
} from './cohorts.ts';
import { activityBits, MOST_WORDS } from './cohorts-activity.ts';
import { calendarSlots, type DaySpan, daySpan } from './cohorts-rows.ts';
import { customerKeys, type KeyCodes } from './customer-summary-keys.ts';

interface DaysPart {
  readonly time: TimeColumn;
  readonly timeZone: string;
}

interface ActivityPart {
  readonly keys: KeyCodes;
  readonly time: TimeColumn;
  readonly span: DaySpan;
  readonly options: CohortOptions;
  /** Shared: where the kernel sets the bits of its rows. */
  readonly bits: Uint32Array;
}

interface TallyPart {
  /** Shared: the bits that each part of the rows has set, of all customers. */
  readonly bits: readonly Uint32Array[];
  readonly codes: readonly [first: number, end: number];
  readonly time: TimeColumn;
  readonly span: DaySpan;
  readonly options: CohortOptions;
}

/** The kernels that `spreadCohortCounts` runs; a plugin that calls it has them among its own. */
export const cohortKernels = {
  cohortDays: ({ time, timeZone }: DaysPart): DaySpan => daySpan(time, timeZone),

  cohortActivity({ keys, time, span, options, bits }: ActivityPart): void {
    const calendar = calendarSlots(time, options.period, options.timeZone, span);
    activityBits(keys, calendar.reader(), wordsFor(calendar.slots), 0, keys.count, bits);
  },

  cohortTally({ bits, codes: [first, end], time, span, options }: TallyPart): Pick<Tally, 'sizes' | 'counts'> {
    const calendar = calendarSlots(time, options.period, options.timeZone, span);
    const words = wordsFor(calendar.slots);
    const [own, ...further] = bits.map((all) => all.subarray(first * words, end * words));
    const all = own.slice();
    for (const part of further) for (let i = 0; i < all.length; i++) all[i] |= part[i];
    const tally = new Tally(calendar, options);
    tallyActive(tally, { firstCode: first, codes: end - first, words, bits: all }, calendar.slots);
    return { sizes: tally.sizes, counts: tally.counts };
  },
};

const wordsFor = (slots: number): number => Math.max(1, Math.ceil(slots / 32));

/**
 * The reduction `cohortCounts` on all threads: each marks the activity of a range of rows, then tallies a range of customers.
 * The same result. Cohorts of the first period by calendar periods are spread; what else is asked for, and tables too small to
 * gain, are counted in this thread.
 */
export async function spreadCohortCounts(
  threads: Threads,
  columns: CohortColumns,
  options: CohortOptions,
): Promise<CohortCounts> {
  const plain = options.cohort === 'first' && options.windows === 'calendar' && !options.starts && !options.returns;
  const rows = columns.time.length;
  if (!plain || columns.amount || !worthSpreading(threads, rows)) return cohortCounts(columns, options);
  const time = timeFor(columns, options);
  const keys = customerKeys(columns.customer);
  const codes = shared(keys.values);
  const times = shared(time.values);
  const parts = evenRanges(rows, threads.threads).map(([start, end]) => ({
    keys: { values: codes.subarray(start, end), offset: keys.offset, count: keys.count },
    time: { ...time, validity: undefined, values: times.subarray(start, end), length: end - start },
  }));
  const { timeZone } = options;
  const spans = await threads.spread<DaySpan>(
    'cohortDays',
    parts.map((part): DaysPart => ({ time: part.time, timeZone })),
  );
  const span = {
    firstDay: Math.min(...spans.map(({ firstDay }) => firstDay)),
    lastDay: Math.max(...spans.map(({ lastDay }) => lastDay)),
  };
  const calendar = calendarSlots(time, options.period, timeZone, span);
  const tally = new Tally(calendar, options);
  const words = keys.count * wordsFor(calendar.slots);
  if (words * parts.length > MOST_WORDS) return cohortCounts(columns, options);
  const bits = parts.map(() => new Uint32Array(new SharedArrayBuffer(words * 4)));
  await threads.spread<void>(
    'cohortActivity',
    parts.map((part, index): ActivityPart => ({ ...part, span, options, bits: bits[index] })),
  );
  const noRows = { ...time, validity: undefined, values: times.subarray(0, 0), length: 0 };
  const tallies = await threads.spread<Pick<Tally, 'sizes' | 'counts'>>(
    'cohortTally',
    evenRanges(keys.count, threads.threads).map(
      (range): TallyPart => ({ bits, codes: range, time: noRows, span, options }),
    ),
  );
  for (const part of tallies) tally.join(part);
  return tally.finish();
}
