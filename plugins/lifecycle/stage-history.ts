import {
  AnalysisError,
  type Column,
  type CustomerKeys,
  customerKeys,
  daysOf,
  denseCodes,
  exactAmounts,
  isPresent,
  message,
  type RowOrder,
  rowOrder,
} from '@patron/sdk';
import type { Source } from './source.ts';
import type { Condition, StageRule } from './stage-rules.ts';

/** Stage of who meets no rule. */
export const NO_STAGE = 255;
/** Day of what never happened. */
export const NEVER = 0x7fff_ffff;

/** Where every customer stands, and the facts it rests on. Arrays have one entry a customer; days count from 1970-01-01. */
export interface StageHistory {
  readonly keys: CustomerKeys;
  readonly customers: number;
  readonly codes: Uint32Array;
  /** Index of the rule, or `NO_STAGE`. */
  readonly stage: Uint8Array;
  /** The last stage ever reached, whether or not its recency still holds. */
  readonly highest: Uint8Array;
  /** Since which day the stage holds. */
  readonly since: Int32Array;
  /** By rule: the day it was first reached, or `NEVER`. */
  readonly reached: readonly Int32Array[];
  readonly firstDay: Int32Array;
  readonly lastDay: Int32Array;
  readonly events: Uint32Array;
  readonly activeDays: Uint32Array;
  readonly purchases: Uint32Array;
  /** Sum of amounts in units of 1/`scale`. */
  readonly units?: Float64Array;
  readonly scale: number;
  readonly rowsAfter: number;
}

/** What one kind of row (all, purchases, some events) adds up to while a customer's rows are gone through. */
interface Tracker {
  readonly mask?: Uint8Array;
  rows: number;
  days: number;
  units: number;
  first: number;
  last: number;
}

/** A condition bound to its tracker; `reachedOn` is the day it first held for the customer at hand. */
interface Watch {
  readonly condition: Condition;
  readonly tracker: Tracker;
  reachedOn: number;
}

interface HistoryOptions {
  readonly rules: readonly StageRule[];
  /** Rows from this day on are left out. */
  readonly asOfDay: number;
  readonly purchaseEvents: readonly string[];
  readonly timeZone: string;
  /** Called now and then with the customers done; may throw to stop. */
  pause(done: number, total: number): Promise<void>;
}

/** Customers between two pauses: about 16 ms of work. */
const PAUSE_EVERY = 8192;

/** Goes through every customer's rows in order of day and finds when each stage was reached and which one holds now. */
export async function stageHistory({ input, time, role }: Source, options: HistoryOptions): Promise<StageHistory> {
  const { rules, asOfDay } = options;
  const keys = customerKeys(input.fields.customer);
  const days = daysOf(time, options.timeZone);
  const { rows, starts } = rowsByCustomer(keys, days, rowOrder(keys, time.values));
  const amounts = input.fields.amount ? exactAmounts(input.fields.amount) : undefined;
  const eventMask = maskMaker(input.fields.event, input.rows, role);
  const purchaseMask = purchaseRows(input.fields.amount, input.rows, eventMask, options.purchaseEvents);
  const trackers = new Map<string, Tracker>();
  const trackerFor = (key: string, mask: Uint8Array | undefined): Tracker => {
    const found = trackers.get(key) ?? { mask, rows: 0, days: 0, units: 0, first: NEVER, last: -NEVER };
    trackers.set(key, found);
    return found;
  };
  const all = trackerFor('all', undefined);
  const bought = purchaseMask ? trackerFor('purchases', purchaseMask) : all;
  const watches = rules.map((rule) =>
    rule.when.map((condition): Watch => {
      const purchases = condition.measure === 'purchases';
      if (!condition.events) return { condition, tracker: purchases ? bought : all, reachedOn: NEVER };
      const named = eventMask(condition.events);
      const mask = purchases && purchaseMask ? named.map((one, row) => one & purchaseMask[row]) : named;
      const key = `${purchases ? 'purchases' : 'events'} ${condition.events.join('\n')}`;
      return { condition, tracker: trackerFor(key, mask), reachedOn: NEVER };
    }),
  );
  const flat = watches.flat();
  const list = [...trackers.values()];
  const size = keys.count;
  const found = {
    codes: new Uint32Array(size),
    stage: new Uint8Array(size),
    highest: new Uint8Array(size),
    since: new Int32Array(size),
    reached: rules.map(() => new Int32Array(size)),
    firstDay: new Int32Array(size),
    lastDay: new Int32Array(size),
    events: new Uint32Array(size),
    activeDays: new Uint32Array(size),
    purchases: new Uint32Array(size),
    units: new Float64Array(size),
  };
  let customers = 0;
  let rowsAfter = 0;
  for (let code = 0; code < size; code++) {
    if (code % PAUSE_EVERY === 0) await options.pause(code, size);
    for (const tracker of list) reset(tracker);
    for (const watch of flat) watch.reachedOn = NEVER;
    for (let at = starts[code]; at < starts[code + 1]; at++) {
      const row = rows[at];
      const day = days[row];
      if (day >= asOfDay) {
        rowsAfter++;
        continue;
      }
      for (const tracker of list) if (!tracker.mask || tracker.mask[row] === 1) add(tracker, day, amounts?.units[row]);
      for (const watch of flat) if (watch.reachedOn === NEVER && counted(watch)) watch.reachedOn = day;
    }
    if (all.rows === 0) continue;
    const i = customers++;
    found.codes[i] = code;
    found.firstDay[i] = all.first;
    found.lastDay[i] = all.last;
    found.events[i] = all.rows;
    found.activeDays[i] = all.days;
    found.purchases[i] = bought.days;
    found.units[i] = all.units;
    settle(found, i, watches, all.first, asOfDay, amounts?.scale ?? 1);
  }
  const cut = <Values extends Uint8Array | Int32Array | Uint32Array | Float64Array>(values: Values): Values =>
    values.slice(0, customers) as Values;
  return {
    keys,
    customers,
    codes: cut(found.codes),
    stage: cut(found.stage),
    highest: cut(found.highest),
    since: cut(found.since),
    reached: found.reached.map(cut),
    firstDay: cut(found.firstDay),
    lastDay: cut(found.lastDay),
    events: cut(found.events),
    activeDays: cut(found.activeDays),
    purchases: cut(found.purchases),
    units: amounts && cut(found.units),
    scale: amounts?.scale ?? 1,
    rowsAfter,
  };

  /** Whether a condition that only counting can meet is met; the others are looked at when all rows are in. */
  function counted({ condition, tracker }: Watch): boolean {
    if (tracker.rows === 0) return false;
    if (condition.atLeast === undefined || condition.measure.startsWith('daysSince')) return true;
    return quantity(condition, tracker, asOfDay, amounts?.scale ?? 1) >= condition.atLeast;
  }
}

function reset(tracker: Tracker): void {
  tracker.rows = 0;
  tracker.days = 0;
  tracker.units = 0;
  tracker.first = NEVER;
  tracker.last = -NEVER;
}

function add(tracker: Tracker, day: number, units: number | undefined): void {
  tracker.rows++;
  if (tracker.last !== day) tracker.days++;
  if (tracker.first === NEVER) tracker.first = day;
  tracker.last = day;
  if (units !== undefined) tracker.units += units;
}

function quantity({ measure }: Condition, tracker: Tracker, asOfDay: number, scale: number): number {
  switch (measure) {
    case 'events':
      return tracker.rows;
    case 'activeDays':
    case 'purchases':
      return tracker.days;
    case 'amount':
      return tracker.units / scale;
    case 'daysSinceFirst':
      return tracker.rows === 0 ? Number.NaN : asOfDay - tracker.first;
    default:
      return tracker.rows === 0 ? Number.NaN : asOfDay - tracker.last;
  }
}

function holds({ condition, tracker }: Watch, asOfDay: number, scale: number): boolean {
  const value = quantity(condition, tracker, asOfDay, scale);
  return condition.atLeast === undefined ? value <= (condition.atMost as number) : value >= condition.atLeast;
}

/** The day a condition was met first; days that pass without rows count too. */
function reachedOn({ condition, tracker, reachedOn }: Watch, asOfDay: number): number {
  const { measure, atLeast } = condition;
  if (reachedOn === NEVER || atLeast === undefined || !measure.startsWith('daysSince')) return reachedOn;
  const day = (measure === 'daysSinceFirst' ? tracker.first : tracker.last) + atLeast;
  return day <= asOfDay ? day : NEVER;
}

/** The day a condition that held ceased to hold. */
function lapsedOn({ condition, tracker }: Watch): number {
  if (condition.atMost === undefined || !condition.measure.startsWith('daysSince')) return tracker.last;
  return (condition.measure === 'daysSinceLast' ? tracker.last : tracker.first) + condition.atMost + 1;
}

interface Settling {
  readonly stage: Uint8Array;
  readonly highest: Uint8Array;
  readonly since: Int32Array;
  readonly reached: readonly Int32Array[];
}

function settle(
  found: Settling,
  i: number,
  watches: readonly (readonly Watch[])[],
  firstDay: number,
  asOfDay: number,
  scale: number,
): void {
  let stage = NO_STAGE;
  let highest = NO_STAGE;
  let lapsed = firstDay;
  for (let rule = watches.length - 1; rule >= 0; rule--) {
    let reached = firstDay;
    let now = true;
    let lapse = NEVER;
    for (const watch of watches[rule]) {
      reached = Math.max(reached, reachedOn(watch, asOfDay));
      if (!holds(watch, asOfDay, scale)) {
        now = false;
        lapse = Math.min(lapse, lapsedOn(watch));
      }
    }
    found.reached[rule][i] = reached;
    if (reached !== NEVER && highest === NO_STAGE) highest = rule;
    if (stage !== NO_STAGE) continue;
    if (now) {
      stage = rule;
      found.since[i] = Math.max(reached === NEVER ? firstDay : reached, lapsed);
    } else if (reached !== NEVER) lapsed = Math.max(lapsed, lapse);
  }
  found.stage[i] = stage;
  found.highest[i] = highest;
  if (stage === NO_STAGE) found.since[i] = lapsed;
}

/**
 * Every customer's rows in order of day: those of code c are `rows[starts[c] … starts[c + 1] − 1]`. One stable counting sort,
 * two where the table does not stand in order of time.
 */
function rowsByCustomer(
  { values, offset, count }: CustomerKeys,
  days: Int32Array,
  order: RowOrder,
): { rows: Uint32Array; starts: Uint32Array } {
  const starts = new Uint32Array(count + 1);
  for (let row = 0; row < values.length; row++) starts[values[row] - offset + 1]++;
  for (let code = 0; code < count; code++) starts[code + 1] += starts[code];
  const byDay = order.timeOrdered ? undefined : rowsByDay(days);
  const next = starts.slice();
  const rows = new Uint32Array(values.length);
  for (let i = 0; i < rows.length; i++) {
    const row = byDay ? byDay[i] : i;
    rows[next[values[row] - offset]++] = row;
  }
  return { rows, starts };
}

function rowsByDay(days: Int32Array): Uint32Array {
  let first = days[0];
  let last = days[0];
  for (const day of days) {
    if (day < first) first = day;
    if (day > last) last = day;
  }
  const next = new Uint32Array(last - first + 2);
  for (const day of days) next[day - first + 1]++;
  for (let i = 1; i < next.length; i++) next[i] += next[i - 1];
  const rows = new Uint32Array(days.length);
  for (let row = 0; row < rows.length; row++) rows[next[days[row] - first]++] = row;
  return rows;
}

type MaskMaker = (names: readonly string[]) => Uint8Array;

function maskMaker(event: Column | undefined, length: number, role: string): MaskMaker {
  const dense = event && denseCodes(event);
  return (names) => {
    if (!event || !dense) {
      throw new AnalysisError(`The rules name the event '${names[0]}', but no event column is mapped; map one.`, {
        text: message('error.noEventColumn', { name: names[0] }),
        path: `inputs.${role}.event`,
      });
    }
    const wanted = Uint8Array.from({ length: dense.count }, (_, code) => Number(names.includes(dense.label(code))));
    for (const name of names) {
      if (Array.from(wanted.keys()).some((code) => wanted[code] === 1 && dense.label(code) === name)) continue;
      throw new AnalysisError(`No row has the event '${name}'; check its spelling and the filters.`, {
        text: message('error.noSuchEvent', { name }),
        path: 'parameters',
      });
    }
    const mask = new Uint8Array(length);
    for (let row = 0; row < length; row++) mask[row] = isPresent(event, row) ? wanted[dense.codes[row]] : 0;
    return mask;
  };
}

/** Which rows are purchases; undefined where all are. */
function purchaseRows(
  amount: Column | undefined,
  length: number,
  eventMask: MaskMaker,
  purchaseEvents: readonly string[],
): Uint8Array | undefined {
  if (purchaseEvents.length > 0) return eventMask(purchaseEvents);
  if (!amount || amount.type === 'string') return undefined;
  const mask = new Uint8Array(length);
  for (let row = 0; row < length; row++) mask[row] = isPresent(amount, row) && amount.values[row] > 0 ? 1 : 0;
  return mask;
}
