import { existsSync, readFileSync } from 'node:fs';
import { type PluginManifest, stringColumn, timestampColumn } from '@patron/sdk';
import { recordsOf, runAnalysis } from '@patron/sdk/testing';
import { describe, expect, test } from 'vitest';
import { plugin } from './index.ts';
import manifest from './plugin.json' with { type: 'json' };

/**
 * A funnel told the slow and obvious way: every choice of events is tried. It shares no code with the product.
 * Times are whole hours.
 */
interface OracleEvent {
  readonly user: string;
  readonly event: string;
  readonly time: number;
}

interface OracleFunnel {
  /** Names that fill each step; null for any. */
  readonly steps: readonly (readonly string[] | null)[];
  readonly order: 'ordered' | 'strict' | 'unordered';
  readonly window: number;
  readonly stepWindows?: readonly number[];
  readonly exclusions: readonly { readonly event: string; readonly from: number; readonly to: number }[];
  readonly entry: 'best' | 'first';
}

interface Found {
  readonly times: readonly number[];
  /** The last time at which an exclusion still spoils the try. */
  readonly until: number;
}

const fills = (funnel: OracleFunnel, step: number, event: string): boolean =>
  funnel.steps[step] === null || (funnel.steps[step]?.includes(event) ?? false);

/** Every sequence of distinct events, each no earlier than the one before, that fills the steps in turn from `start` on. */
function orderedTries(funnel: OracleFunnel, events: readonly OracleEvent[], start: number): Found[] {
  const found: Found[] = [];
  const extend = (used: readonly OracleEvent[]): void => {
    found.push({ times: used.map(({ time }) => time), until: start + funnel.window });
    const step = used.length;
    if (step === funnel.steps.length) return;
    const last = used[step - 1].time;
    for (const next of events) {
      if (used.includes(next) || next.time < last || next.time - start > funnel.window) continue;
      if (next.time - last > (funnel.stepWindows?.[step] ?? Number.POSITIVE_INFINITY)) continue;
      if (fills(funnel, step, next.event)) extend([...used, next]);
    }
  };
  for (const first of events) if (first.time === start && fills(funnel, 0, first.event)) extend([first]);
  return found;
}

/** The same with nothing between: the next event is one at the same time, or, once all of that time are used, one of the next. */
function strictTries(funnel: OracleFunnel, events: readonly OracleEvent[], start: number): Found[] {
  const found: Found[] = [];
  const moments = [...new Set(events.map(({ time }) => time))].sort((a, b) => a - b);
  const extend = (used: readonly OracleEvent[]): void => {
    const step = used.length;
    const now = used[step - 1].time;
    const later = moments.filter((time) => time > now)[0] ?? Number.POSITIVE_INFINITY;
    // What is left of the first moment may come before the try; what is left of a later one breaks it.
    const allUsed = now === start || events.every((event) => event.time !== now || used.includes(event));
    found.push({ times: used.map(({ time }) => time), until: Math.min(start + funnel.window, allUsed ? later : now) });
    if (step === funnel.steps.length) return;
    for (const next of events) {
      if (used.includes(next) || next.time - start > funnel.window) continue;
      if (next.time !== now && !(allUsed && next.time === later)) continue;
      if (next.time - now > (funnel.stepWindows?.[step] ?? Number.POSITIVE_INFINITY)) continue;
      if (fills(funnel, step, next.event)) extend([...used, next]);
    }
  };
  for (const first of events) if (first.time === start && fills(funnel, 0, first.event)) extend([first]);
  return found;
}

/** Every assignment of distinct events in the window to steps. */
function freeTries(funnel: OracleFunnel, events: readonly OracleEvent[], start: number): Found[] {
  const inside = events.filter(({ time }) => time >= start && time - start <= funnel.window);
  const found: Found[] = [];
  const assign = (step: number, used: readonly OracleEvent[]): void => {
    if (step === funnel.steps.length) {
      if (used.length > 0)
        found.push({ times: used.map(({ time }) => time).sort((a, b) => a - b), until: start + funnel.window });
      return;
    }
    assign(step + 1, used);
    for (const event of inside)
      if (!used.includes(event) && fills(funnel, step, event.event)) assign(step + 1, [...used, event]);
  };
  if (events.some(({ time, event }) => time === start && funnel.steps.some((_, step) => fills(funnel, step, event))))
    assign(0, []);
  return found;
}

const bySize = (a: Found, b: Found): number => {
  if (a.times.length !== b.times.length) return b.times.length - a.times.length;
  const differs = a.times.findIndex((time, index) => time !== b.times[index]);
  return differs < 0 ? b.until - a.until : a.times[differs] - b.times[differs];
};

/** The times of the steps that a user reached; none where the user is not in the funnel. */
function journeyOf(funnel: OracleFunnel, events: readonly OracleEvent[]): readonly number[] {
  const triesFrom = { ordered: orderedTries, strict: strictTries, unordered: freeTries }[funnel.order];
  const starts = [...new Set(events.map(({ time }) => time))].sort((a, b) => a - b);
  const tries: { times: readonly number[]; start: number; spoilt: boolean }[] = [];
  for (const start of starts) {
    // A try takes as many steps as it can, each as early as it can.
    const best = triesFrom(funnel, events, start).sort(bySize)[0];
    if (best === undefined) continue;
    tries.push({ times: best.times, start, spoilt: isSpoilt(funnel, events, best) });
    if (funnel.entry === 'first') break;
  }
  const counted = funnel.order === 'unordered' ? tries.filter(({ spoilt }) => !spoilt) : tries;
  const depth = Math.max(0, ...counted.map(({ times }) => times.length));
  const clean = counted.filter(({ times, spoilt }) => times.length === depth && !spoilt);
  const later = funnel.order === 'unordered' ? 1 : -1;
  clean.sort((a, b) => a.times[depth - 1] - b.times[depth - 1] || later * (a.start - b.start));
  return clean[0]?.times ?? [];
}

function isSpoilt(funnel: OracleFunnel, events: readonly OracleEvent[], { times, until }: Found): boolean {
  return funnel.exclusions.some(({ event, from, to }) => {
    if (from >= times.length) return false;
    return events.some(({ event: name, time }) => {
      if (name !== event || time <= times[from]) return false;
      return to < times.length ? time < times[to] : time <= until;
    });
  });
}

function randomSource(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const NAMES = ['a', 'b', 'c', 'd', 'x'];

function randomCase(seed: number): { funnel: OracleFunnel; events: OracleEvent[] } {
  const below = randomSource(seed * 7919 + 13);
  const order = (['ordered', 'strict', 'unordered'] as const)[below(3)];
  const count = 1 + below(4);
  const steps = Array.from({ length: count }, () => {
    const kind = below(8);
    if (kind === 0) return null;
    return kind < 3 ? [NAMES[below(4)], NAMES[below(4)]] : [NAMES[below(4)]];
  });
  const excluded = count > 1 && below(3) === 0;
  const from = below(Math.max(1, count - 1));
  const whole = order === 'unordered';
  const stepped = !whole && !excluded && below(4) === 0;
  const spread = excluded && order === 'strict' ? 0 : below(2);
  const events: OracleEvent[] = [];
  for (let user = 0; user < 6; user++) {
    let clock = below(4);
    for (let i = below(8); i > 0; i--) {
      events.push({ user: `u${user}`, event: NAMES[below(excluded ? 5 : 4)], time: clock });
      clock += spread === 0 ? 1 + below(2) : below(3);
    }
  }
  for (let i = events.length - 1; i > 0; i--) {
    const j = below(i + 1);
    [events[i], events[j]] = [events[j], events[i]];
  }
  return {
    events,
    funnel: {
      steps,
      order,
      window: below(4) === 0 ? Number.POSITIVE_INFINITY : 1 + below(7),
      ...(stepped ? { stepWindows: steps.map(() => 1 + below(3)) } : {}),
      exclusions: excluded
        ? [{ event: 'x', from: whole ? 0 : from, to: whole ? count - 1 : from + 1 + below(count - 1 - from) }]
        : [],
      entry: below(5) === 0 ? 'first' : 'best',
    },
  };
}

async function productSteps(funnel: OracleFunnel, events: readonly OracleEvent[]) {
  const result = await runAnalysis(
    { manifest: manifest as unknown as PluginManifest, code: plugin },
    'funnel.conversion',
    {
      inputs: {
        events: {
          fields: {
            customer: stringColumn(events.map(({ user }) => user)),
            time: timestampColumn(events.map(({ time }) => time * 3_600_000)),
            event: stringColumn(events.map(({ event }) => event)),
          },
        },
      },
      parameters: {
        steps: funnel.steps.map((event, step) => ({
          event,
          ...(step > 0 && funnel.stepWindows ? { window: `${funnel.stepWindows[step]}h` } : {}),
        })),
        order: funnel.order,
        window: funnel.window === Number.POSITIVE_INFINITY ? 'none' : `${funnel.window}h`,
        exclusions: funnel.exclusions.map(({ event, from, to }) => ({ event, from: from + 1, to: to + 1 })),
        entry: funnel.entry,
        unknownEvents: 'zero',
      },
    },
  );
  return recordsOf(result.tables.steps).map(({ customers, meanSeconds }) => ({ customers, meanSeconds }));
}

function oracleSteps(funnel: OracleFunnel, events: readonly OracleEvent[]) {
  const users = [...new Set(events.map(({ user }) => user))];
  const journeys = users.map((user) =>
    journeyOf(
      funnel,
      events.filter((event) => event.user === user),
    ),
  );
  return funnel.steps.map((_, step) => {
    const reached = journeys.filter((times) => times.length > step);
    const seconds = reached.map((times) => (times[step] - times[step - 1]) * 3600);
    const mean =
      step === 0 || seconds.length === 0 ? null : seconds.reduce((sum, value) => sum + value, 0) / seconds.length;
    return { customers: reached.length, meanSeconds: mean };
  });
}

describe('the funnel against every choice of events', () => {
  test('agrees on 500 random funnels of all orders, windows and exclusions', async () => {
    const deep: Record<string, number> = {};
    for (let seed = 1; seed <= 500; seed++) {
      const { funnel, events } = randomCase(seed);
      const actual = await productSteps(funnel, events);
      const expected = oracleSteps(funnel, events);
      const subject = `seed ${seed}: ${JSON.stringify(funnel)} over ${JSON.stringify(events)}`;
      expect(
        actual.map(({ customers }) => customers),
        subject,
      ).toEqual(expected.map(({ customers }) => customers));
      if (Number(actual[actual.length - 1].customers) > 0 && actual.length > 1)
        deep[funnel.order] = (deep[funnel.order] ?? 0) + 1;
      // Where a step has a window of its own, several paths may be equally good; only the counts are then one answer.
      if (funnel.stepWindows !== undefined) continue;
      actual.forEach(({ meanSeconds }, step) => {
        const wanted = expected[step].meanSeconds;
        if (wanted === null) expect(meanSeconds, subject).toBe(null);
        else expect(meanSeconds, subject).toBeCloseTo(wanted, 6);
      });
    }
    // The draw is worth something only where many funnels of each order are completed by somebody.
    for (const order of ['ordered', 'strict', 'unordered']) expect(deep[order], order).toBeGreaterThan(20);
  });
});

const sepsis = `${process.env.PATRON_SHARED ?? '../shared'}/data/events/sepsis.csv`;
const hasSepsis = existsSync(sepsis);
// biome-ignore lint/suspicious/noConsole: a test that cannot run says so.
if (!hasSepsis) console.warn(`Skipped: the sepsis event log is not at ${sepsis}.`);

/** Case, activity and hour of each row; the fields before the time hold no quoted comma. */
function sepsisEvents(): OracleEvent[] {
  const lines = readFileSync(sepsis, 'utf8').split('\n').slice(1).filter(Boolean);
  return lines.map((line) => {
    const [user, event, , , time] = line.split(',').map((field) => field.replaceAll('"', ''));
    return { user, event, time: Date.parse(`${time.replace(' ', 'T')}Z`) / 3_600_000 };
  });
}

/** For long histories: from each start in turn the earliest event for each step, a step at a time. */
function plainOrdered(steps: readonly string[], events: readonly OracleEvent[], window: number): number {
  const order = (event: OracleEvent): number => steps.indexOf(event.event);
  const sorted = [...events].sort((a, b) => a.time - b.time || order(a) - order(b));
  let best = 0;
  sorted.forEach((first, start) => {
    if (first.event !== steps[0]) return;
    let depth = 1;
    for (const event of sorted.slice(start + 1))
      if (depth < steps.length && event.event === steps[depth] && event.time - first.time <= window) depth++;
    best = Math.max(best, depth);
  });
  return best;
}

function plainUnordered(steps: readonly string[], events: readonly OracleEvent[], window: number): number {
  const wanted = events.filter(({ event }) => steps.includes(event));
  return Math.max(
    0,
    ...wanted.map(
      ({ time }) =>
        new Set(wanted.filter((event) => event.time >= time && event.time - time <= window).map(({ event }) => event))
          .size,
    ),
  );
}

describe.skipIf(!hasSepsis)('the funnel over 1,050 hospital cases', () => {
  const events = hasSepsis ? sepsisEvents() : [];
  const byUser = new Map<string, OracleEvent[]>();
  for (const event of events) byUser.set(event.user, [...(byUser.get(event.user) ?? []), event]);
  const activities = [...new Set(events.map(({ event }) => event))];
  const below = randomSource(2026);
  const funnels = Array.from({ length: 24 }, () => {
    const pool = [...activities];
    return Array.from({ length: 2 + below(4) }, () => pool.splice(below(pool.length), 1)[0]);
  });
  funnels.push(['ER Registration', 'ER Triage', 'ER Sepsis Triage', 'IV Antibiotics', 'Admission NC']);

  for (const order of ['ordered', 'unordered', 'strict'] as const) {
    test(`agrees with plain counting in ${order} funnels over its activities`, async () => {
      for (const [index, names] of funnels.entries()) {
        const steps = order === 'strict' ? names.slice(0, 3) : names;
        const window = [1, 24, 24 * 14, Number.POSITIVE_INFINITY][index % 4];
        const funnel: OracleFunnel = {
          steps: steps.map((name) => [name]),
          order,
          window,
          exclusions: [],
          entry: 'best',
        };
        const depths = [...byUser.values()].map((own) => {
          if (order === 'ordered') return plainOrdered(steps, own, window);
          return order === 'unordered' ? plainUnordered(steps, own, window) : journeyOf(funnel, own).length;
        });
        const expected = steps.map((_, step) => depths.filter((depth) => depth > step).length);
        const actual = await productSteps(funnel, events);
        expect(
          actual.map(({ customers }) => customers),
          steps.join(' → '),
        ).toEqual(expected);
      }
    });
  }
});
