import { type JsonObject, type PluginManifest, stringColumn, timestampColumn } from '@patron/sdk';
import { recordsOf, runAnalysis } from '@patron/sdk/testing';
import { describe, expect, test } from 'vitest';
import { plugin } from './index.ts';
import manifest from './plugin.json' with { type: 'json' };

/**
 * What is counted, and under which value, told the slow and obvious way for ordered funnels A → B → C. It shares no code with
 * the product. Times are whole hours; a value may be missing or empty, which is the same.
 */
interface OracleEvent {
  readonly user: string;
  readonly event: string;
  readonly time: number;
  readonly value: string | null;
}

const STEPS = ['A', 'B', 'C'];
const valueIn = ({ value }: OracleEvent): string => value ?? '';

/** From each A in turn the earliest event for each further step, events at one time in the order of the steps. */
function deepest(events: readonly OracleEvent[], window: number): number {
  return Math.max(0, ...events.map((first) => (first.event === 'A' ? tryFrom(events, first, window).length : 0)));
}

function tryFrom(events: readonly OracleEvent[], first: OracleEvent, window: number): OracleEvent[] {
  const used = [first];
  const sorted = [...events].sort((a, b) => a.time - b.time);
  for (const name of STEPS.slice(1)) {
    const last = used[used.length - 1];
    const next = sorted.find(
      (event) => event.event === name && event.time >= last.time && event.time - first.time <= window,
    );
    if (next === undefined) break;
    used.push(next);
  }
  return used;
}

const reached = (depths: readonly number[]): number[] =>
  STEPS.map((_, k) => depths.filter((depth) => depth > k).length);

function usersOf(events: readonly OracleEvent[]): OracleEvent[][] {
  return [...new Set(events.map(({ user }) => user))].map((user) => events.filter((event) => event.user === user));
}

function sessionsOf(events: readonly OracleEvent[], gap: number): OracleEvent[][] {
  const sessions: OracleEvent[][] = [];
  const sorted = [...events].sort((a, b) => a.time - b.time);
  sorted.forEach((event, i) => {
    if (i === 0 || event.time - sorted[i - 1].time > gap) sessions.push([]);
    sessions[sessions.length - 1].push(event);
  });
  return sessions;
}

/** Tries that overlap no earlier one: each is over when it is complete, or with its window. */
function occurrences(events: readonly OracleEvent[], window: number): number[] {
  const order = (event: OracleEvent): number => STEPS.indexOf(event.event);
  let left = [...events].filter((event) => order(event) >= 0).sort((a, b) => a.time - b.time || order(a) - order(b));
  const depths: number[] = [];
  while (true) {
    const first = left.find(({ event }) => event === 'A');
    if (first === undefined) return depths;
    const used = tryFrom(left.slice(left.indexOf(first)), first, window);
    depths.push(used.length);
    const end = used[used.length - 1];
    left =
      used.length === STEPS.length
        ? left.slice(left.indexOf(end) + 1)
        : left.filter(({ time }) => time - first.time > window);
  }
}

function byValue(users: readonly OracleEvent[][], window: number, attribution: string): Record<string, number[]> {
  const depths = new Map<string, number[]>();
  const count = (value: string, depth: number): void => {
    if (depth > 0) depths.set(value, [...(depths.get(value) ?? []), depth]);
  };
  for (const events of users) {
    const sorted = [...events].filter(({ event }) => STEPS.includes(event)).sort((a, b) => a.time - b.time);
    const named = sorted.filter((event) => valueIn(event) !== '');
    const values = new Set(sorted.map(valueIn));
    if (attribution === 'first-touch') count(named.length > 0 ? valueIn(named[0]) : '', deepest(events, window));
    else if (attribution === 'last-touch')
      count(named.length > 0 ? valueIn(named[named.length - 1]) : '', deepest(events, window));
    else if (attribution === 'all-events')
      for (const value of values)
        count(
          value,
          deepest(
            events.filter((event) => valueIn(event) === value),
            window,
          ),
        );
    else {
      const step = Number(attribution.slice(5)) - 1;
      for (const value of values) {
        const own = events.filter((event) => event.event !== STEPS[step] || valueIn(event) === value);
        const depth = deepest(own, window);
        if (depth > step && own.some((event) => event.event === STEPS[step])) count(value, depth);
      }
    }
  }
  return Object.fromEntries([...depths].map(([value, own]) => [value, reached(own)]));
}

function randomSource(seed: number): (below: number) => number {
  let state = seed * 7919 + 17;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function randomEvents(below: (n: number) => number): OracleEvent[] {
  const events: OracleEvent[] = [];
  for (let user = 0; user < 8; user++) {
    let time = below(3);
    for (let i = below(10); i > 0; i--) {
      events.push({
        user: `u${user}`,
        event: 'ABCx'[below(4)],
        time,
        value: [null, '', 'p', 'q', 'r'][below(5)],
      });
      // Times are apart, so that which event is first is never a matter of taste.
      time += 1 + below(4);
    }
  }
  return events.sort(() => below(3) - 1);
}

function run(events: readonly OracleEvent[], parameters: JsonObject) {
  return runAnalysis({ manifest: manifest as unknown as PluginManifest, code: plugin }, 'funnel.conversion', {
    inputs: {
      events: {
        fields: {
          customer: stringColumn(events.map(({ user }) => user)),
          time: timestampColumn(events.map(({ time }) => time * 3_600_000)),
          event: stringColumn(events.map(({ event }) => event)),
        },
        properties: { value: stringColumn(events.map(({ value }) => value)) },
      },
    },
    parameters: { steps: STEPS, unknownEvents: 'zero', ...parameters },
  });
}

async function counts(events: readonly OracleEvent[], parameters: JsonObject): Promise<unknown[]> {
  return recordsOf((await run(events, parameters)).tables.steps).map(({ customers }) => customers);
}

const ROUNDS = 150;

function eachRound(check: (events: OracleEvent[], window: number, subject: string) => Promise<void>) {
  return async (): Promise<void> => {
    for (let seed = 1; seed <= ROUNDS; seed++) {
      const below = randomSource(seed);
      const events = randomEvents(below);
      await check(events, 1 + below(12), `seed ${seed}: ${JSON.stringify(events)}`);
    }
  };
}

describe('what a funnel counts, against plain counting', () => {
  test(
    'sessions cut at inactivity',
    eachRound(async (events, window, subject) => {
      const sessions = usersOf(events).flatMap((own) => sessionsOf(own, 2));
      const expected = reached(sessions.map((own) => deepest(own, window)));
      expect(await counts(events, { countBy: 'session', sessionGap: '2h', window: `${window}h` }), subject).toEqual(
        expected,
      );
    }),
  );

  test(
    'tries that overlap no earlier one',
    eachRound(async (events, window, subject) => {
      const expected = reached(usersOf(events).flatMap((own) => occurrences(own, window)));
      expect(await counts(events, { countBy: 'occurrence', window: `${window}h` }), subject).toEqual(expected);
    }),
  );

  test(
    'customers with a property held constant, and the values of a property',
    eachRound(async (events, window, subject) => {
      const named = events.filter((event) => valueIn(event) !== '');
      const byUser = usersOf(named).map((own) =>
        Math.max(
          0,
          ...['p', 'q', 'r'].map((value) =>
            deepest(
              own.filter((event) => event.value === value),
              window,
            ),
          ),
        ),
      );
      expect(await counts(events, { hold: ['value'], window: `${window}h` }), subject).toEqual(reached(byUser));
      const accounts = ['p', 'q', 'r'].map((value) =>
        deepest(
          named.filter((event) => event.value === value),
          window,
        ),
      );
      const counted = { countBy: 'property', countProperty: 'value', window: `${window}h` };
      expect(await counts(events, counted), subject).toEqual(reached(accounts));
    }),
  );

  for (const attribution of ['first-touch', 'last-touch', 'all-events', 'step:1', 'step:2', 'step:3'])
    test(
      `values by ${attribution}`,
      eachRound(async (events, window, subject) => {
        const { tables } = await run(events, { breakdown: ['value'], attribution, window: `${window}h` });
        const actual: Record<string, unknown[]> = {};
        for (const { value, customers } of recordsOf(tables.breakdown)) {
          const name = String(value ?? '');
          actual[name] = [...(actual[name] ?? []), customers];
        }
        expect(actual, subject).toEqual(byValue(usersOf(events), window, attribution));
      }),
    );
});
