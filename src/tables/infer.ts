import { namesIdentifier } from './column-names.ts';
import { type FieldBlock, fieldText } from './fields.ts';
import type { ColumnChoice, DateOrder, DetectedColumn } from './import-options.ts';
import { isBlank, isDash, type NullTokens } from './null-tokens.ts';
import { type NumberText, readNumber } from './number-text.ts';
import type { TimePlan } from './time-builder.ts';
import { readTime, type TimeText } from './time-text.ts';

/** As what a column is read. The whole file has the last word: a builder that is contradicted asks for another plan. */
export type ColumnPlan =
  | { readonly kind: 'skip' }
  /** `unproven`: the rows looked at had no value, so the texts are looked at again in the end. */
  | { readonly kind: 'text'; readonly because?: DetectedColumn['keptAsText']; readonly unproven?: boolean }
  | { readonly kind: 'number'; readonly forced?: 'number' | 'integer' }
  | ({ readonly kind: 'time' } & TimePlan)
  | { readonly kind: 'boolean'; readonly forced?: boolean };

/** The share of values that must fit for a type to be tried. */
const ENOUGH = 0.98;

const number: NumberText = { mantissa: 0, decimals: 0, double: 0, unit: '', leadingZero: false, longDigits: false };
const time: TimeText = { day: 0, clock: 0, hasClock: false, zoned: false, first: 0, second: 0 };

/** What was counted in a column's values. */
interface Evidence {
  present: number;
  numbers: number;
  whole: number;
  leadingZeros: number;
  longDigits: number;
  phones: number;
  grouped: number;
  quoted: number;
  times: number;
  digitDays: number;
  booleans: number;
  firstOver12: number;
  secondOver12: number;
  falls: Record<DateOrder, number>;
}

/** What of the file bears on every column. */
export interface InferenceSettings {
  readonly nullTokens: NullTokens;
  readonly decimalComma: boolean;
  /** Whether quotes tell text from numbers in this file: some fields are quoted, others are not. */
  readonly quotesTell: boolean;
  readonly slashOrder: DateOrder;
}

/** The plan for column `column` from rows `from` … `to` of a sample. */
export function planColumn(
  block: FieldBlock,
  column: number,
  from: number,
  to: number,
  name: string,
  choice: ColumnChoice,
  settings: InferenceSettings,
): ColumnPlan {
  if (choice.skip) return { kind: 'skip' };
  if (choice.type === 'string') return { kind: 'text' };
  if (choice.type === 'boolean') return { kind: 'boolean', forced: true };
  if (choice.type === 'number' || choice.type === 'integer') return { kind: 'number', forced: choice.type };
  const evidence = weigh(block, column, from, to, settings);
  const order = choice.dateOrder ?? likelyOrder(evidence, settings.slashOrder);
  const orderChosen = choice.dateOrder !== undefined;
  if (choice.type !== undefined) return { kind: 'time', forced: choice.type, order, orderChosen };
  return decide(evidence, name, order, orderChosen, settings.quotesTell);
}

function decide(
  evidence: Evidence,
  name: string,
  order: DateOrder,
  orderChosen: boolean,
  quotesTell: boolean,
): ColumnPlan {
  const { present } = evidence;
  if (present === 0) return { kind: 'text', unproven: true };
  const enough = present * ENOUGH;
  if (evidence.booleans >= enough) return { kind: 'boolean' };
  const identifier = namesIdentifier(name);
  if (evidence.digitDays === present && !identifier) return { kind: 'time', order, orderChosen, digits: true };
  if (evidence.times >= enough) return { kind: 'time', order, orderChosen };
  if (evidence.numbers < enough) {
    return { kind: 'text', because: evidence.numbers > present / 2 ? 'mixed' : undefined };
  }
  if (evidence.leadingZeros > 0) return { kind: 'text', because: 'leading-zeros' };
  if (evidence.longDigits > 0) return { kind: 'text', because: 'long-digits' };
  if (evidence.whole === evidence.numbers && evidence.grouped === 0) {
    if (evidence.phones === evidence.numbers) return { kind: 'text', because: 'phone' };
    if (identifier) return { kind: 'text', because: 'name' };
    if (quotesTell && evidence.quoted === present) return { kind: 'text', because: 'quoted' };
  }
  return { kind: 'number' };
}

function weigh(block: FieldBlock, column: number, from: number, to: number, settings: InferenceSettings): Evidence {
  const { bytes, starts, ends, columns } = block;
  const evidence: Evidence = {
    present: 0,
    numbers: 0,
    whole: 0,
    leadingZeros: 0,
    longDigits: 0,
    phones: 0,
    grouped: 0,
    quoted: 0,
    times: 0,
    digitDays: 0,
    booleans: 0,
    firstOver12: 0,
    secondOver12: 0,
    falls: { 'day-month': 0, 'month-day': 0 },
  };
  let lastDayMonth = 0;
  let lastMonthDay = 0;
  for (let r = from, k = from * columns + column; r < to; r++, k += columns) {
    const start = starts[k];
    const end = ends[k] >>> 1;
    const quoted = (ends[k] & 1) === 1;
    if (isBlank(bytes, start, end) || isDash(bytes, start, end)) continue;
    const isNumber = readNumber(bytes, start, end, settings.decimalComma, number);
    if (!isNumber && settings.nullTokens.has(bytes, start, end)) continue;
    evidence.present++;
    if (quoted) evidence.quoted++;
    if (isNumber) {
      evidence.numbers++;
      if (number.decimals === 0 && Number.isNaN(number.double) && number.unit === '') evidence.whole++;
      if (number.leadingZero) evidence.leadingZeros++;
      if (number.longDigits) evidence.longDigits++;
      if (isMobile(bytes, start, end)) evidence.phones++;
      if (bytes.subarray(start, end).includes(44) || bytes[start] === 43) evidence.grouped++;
      if (end - start === 8 && isDigitDay(bytes, start, end)) evidence.digitDays++;
      continue;
    }
    const length = end - start;
    if ((length === 4 || length === 5) && /^(true|false)$/i.test(fieldText(bytes, start, end))) evidence.booleans++;
    const dayFirst = readTime(bytes, start, end, 'day-month', time);
    if (dayFirst || readTime(bytes, start, end, 'month-day', time)) {
      evidence.times++;
      if (time.first > 0) {
        if (time.first > 12) evidence.firstOver12++;
        if (time.second > 12) evidence.secondOver12++;
        const dayMonth = time.second * 32 + time.first;
        const monthDay = time.first * 32 + time.second;
        if (dayMonth < lastDayMonth) evidence.falls['day-month']++;
        if (monthDay < lastMonthDay) evidence.falls['month-day']++;
        lastDayMonth = dayMonth;
        lastMonthDay = monthDay;
      }
    }
  }
  return evidence;
}

/** A number above 12 settles it; else the order under which the rows go back in time less often; else habit. */
function likelyOrder(evidence: Evidence, habit: DateOrder): DateOrder {
  if (evidence.firstOver12 !== evidence.secondOver12) {
    return evidence.firstOver12 > evidence.secondOver12 ? 'day-month' : 'month-day';
  }
  const { falls } = evidence;
  if (falls['day-month'] === falls['month-day']) return habit;
  return falls['day-month'] < falls['month-day'] ? 'day-month' : 'month-day';
}

function isDigitDay(bytes: Uint8Array, start: number, end: number): boolean {
  const century = (bytes[start] - 48) * 10 + bytes[start + 1] - 48;
  return (century === 19 || century === 20) && readTime(bytes, start, end, 'day-month', time);
}

/** A mainland Chinese mobile number: 11 digits, the first 1, the second 3 … 9. */
function isMobile(bytes: Uint8Array, start: number, end: number): boolean {
  return end - start === 11 && bytes[start] === 49 && bytes[start + 1] >= 51 && bytes[start + 1] <= 57;
}
