import {
  type EventClasses,
  type JourneyEvents,
  type JourneyRules,
  journeys,
  readUnits,
  spreadJourneys,
  type Threads,
  worthSpreading,
} from '@patron/sdk';
import { asBound } from './transactions.ts';

/** Events as columns: customer code, seconds since the start, step 0 … 4. */
export interface FunnelEvents {
  readonly customers: number;
  readonly customer: Uint32Array;
  readonly seconds: Uint32Array;
  readonly step: Uint8Array;
}

const DAYS = 30;
const STEP_SHARE = [0.35, 0.6, 0.8, 0.92, 1];

function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** `events` events of a tenth as many customers over 30 days, five steps, in no order. The same on every machine. */
export function makeFunnelEvents(events: number, seed = 11): FunnelEvents {
  const random = mulberry32(seed);
  const customers = Math.round(events / 10);
  const customer = new Uint32Array(events);
  const seconds = new Uint32Array(events);
  const step = new Uint8Array(events);
  for (let i = 0; i < events; i++) {
    customer[i] = Math.floor(random() * customers);
    seconds[i] = Math.floor(random() * DAYS * 86_400);
    const share = random();
    let s = 0;
    while (share >= STEP_SHARE[s]) s++;
    step[i] = s;
  }
  return { customers, customer, seconds, step };
}

/** The same events ordered by customer and time, as the table store keeps them once both are mapped. */
export function clusterFunnelEvents(events: FunnelEvents): FunnelEvents {
  const units = readUnits(journeyEvents(events));
  const rows = new Uint32Array(events.customer.length);
  let at = 0;
  for (let unit = 0; unit < events.customers; unit++) {
    const count = units.read(unit);
    for (let i = 0; i < count; i++) rows[at++] = units.rowAt(i);
  }
  return {
    customers: events.customers,
    customer: rows.map((row) => events.customer[row]),
    seconds: rows.map((row) => events.seconds[row]),
    step: Uint8Array.from(rows, (row) => events.step[row]),
  };
}

function journeyEvents({ customers, customer, seconds, step }: FunnelEvents): JourneyEvents {
  const classOfCode = Uint16Array.of(1, 2, 3, 4, 5);
  return { units: customers, unit: customer, time: seconds, timeUnit: 1000, code: step, classOfCode, keepAll: false };
}

const classes: EventClasses = { steps: [[], [0], [1], [2], [3], [4]], exclusions: [[], [], [], [], [], []] };
const rules: JourneyRules = { steps: 5, order: 'ordered', window: 7 * 86_400_000, entry: 'best' };

/** The five-step ordered funnel with a 7-day window: customers with at least k steps, k = 1 … 5. */
export function funnelRun(given: FunnelEvents, threads: Threads): () => Promise<number[]> {
  const { unit, time, code, ...rest } = journeyEvents(given);
  const events = { ...rest, unit: asBound(unit), time: asBound(time), code: asBound(code) };
  return async () => {
    const found = worthSpreading(threads, unit.length)
      ? await spreadJourneys(threads, events, classes, rules)
      : journeys(readUnits(events), classes, rules);
    const reached = new Array<number>(5).fill(0);
    for (let j = 0; j < found.count; j++) for (let k = 0; k < found.depth[j]; k++) reached[k]++;
    return reached;
  };
}
