import type { NumericArray } from '../column.ts';
import { BLOCK, codeReader } from './customer-summary-blocks.ts';
import type { CustomerKeys } from './customer-summary-keys.ts';

/** Sums by customer code. `last` and `first` are as stored in the time column; unspecified where `counts` is 0. */
interface CustomerTotals {
  readonly counts: ArrayLike<number>;
  readonly last: ArrayLike<number>;
  readonly first?: ArrayLike<number>;
  readonly sums: ArrayLike<number>;
  /** Rows whose amount is zero or less. */
  readonly notPositive: number;
  /** Entry of code c is at `c * stride + offset` of each array. */
  readonly layout: {
    readonly stride: number;
    readonly counts: number;
    readonly last: number;
    readonly first: number;
    readonly sumStride: number;
    readonly sums: number;
  };
}

function fitsInt32(times: NumericArray): boolean {
  return !(times instanceof Float64Array || times instanceof Float32Array || times instanceof Uint32Array);
}

function countNotPositive(amounts: Float64Array, length: number): number {
  let count = 0;
  for (let i = 0; i < length; i++) if (amounts[i] <= 0) count++;
  return count;
}

/** Last, first, count and sum of each customer in one pass over rows in any order. */
export function customerTotals(
  keys: CustomerKeys,
  times: NumericArray,
  amounts: NumericArray | undefined,
  options: { readonly clustered: boolean; readonly first: boolean },
): CustomerTotals {
  if (!options.clustered && !options.first && fitsInt32(times)) return narrowTotals(keys, times, amounts);
  const state = new Float64Array(keys.count * 4);
  const codes = codeReader(keys);
  const time = new Float64Array(BLOCK);
  const amount = new Float64Array(BLOCK);
  let notPositive = 0;
  const run = { code: -1, count: 0, sum: 0, first: 0, last: 0 };
  for (let start = 0; start < times.length; start += BLOCK) {
    const end = Math.min(times.length, start + BLOCK);
    time.set(times.subarray(start, end));
    if (amounts) amount.set(amounts.subarray(start, end));
    if (amounts) notPositive += countNotPositive(amount, end - start);
    if (options.clustered) addRuns(codes(start, end), time, amount, state, end - start, run);
    else addRows(codes(start, end), time, amount, state, end - start);
  }
  if (run.code >= 0) closeRun(state, run);
  const layout = { stride: 4, counts: 0, last: 1, first: 2, sumStride: 4, sums: 3 };
  return { counts: state, last: state, first: state, sums: state, notPositive, layout };
}

function addRows(
  codes: Uint32Array,
  times: Float64Array,
  amounts: Float64Array,
  state: Float64Array,
  length: number,
): void {
  for (let i = 0; i < length; i++) {
    const at = codes[i] << 2;
    const time = times[i];
    const count = state[at];
    state[at] = count + 1;
    if (count === 0 || time > state[at + 1]) state[at + 1] = time;
    if (count === 0 || time < state[at + 2]) state[at + 2] = time;
    state[at + 3] += amounts[i];
  }
}

interface Run {
  code: number;
  count: number;
  sum: number;
  first: number;
  last: number;
}

function addRuns(
  codes: Uint32Array,
  times: Float64Array,
  amounts: Float64Array,
  state: Float64Array,
  length: number,
  run: Run,
): void {
  let { code, count, sum, first, last } = run;
  for (let i = 0; i < length; i++) {
    const time = times[i];
    if (codes[i] !== code) {
      if (code >= 0) {
        const at = code << 2;
        state[at] = count;
        state[at + 1] = last;
        state[at + 2] = first;
        state[at + 3] = sum;
      }
      code = codes[i];
      count = 0;
      sum = 0;
      first = time;
      last = time;
    }
    count++;
    sum += amounts[i];
    if (time > last) last = time;
    else if (time < first) first = time;
  }
  run.code = code;
  run.count = count;
  run.sum = sum;
  run.first = first;
  run.last = last;
}

function closeRun(state: Float64Array, { code, count, sum, first, last }: Run): void {
  const at = code * 4;
  state[at] = count;
  state[at + 1] = last;
  state[at + 2] = first;
  state[at + 3] = sum;
}

/** Sixteen bytes a customer (sum, last, count), so that four customers share a cache line: for times within 32 bits. */
function narrowTotals(keys: CustomerKeys, times: NumericArray, amounts: NumericArray | undefined): CustomerTotals {
  const buffer = new ArrayBuffer(keys.count * 16);
  const sums = new Float64Array(buffer);
  const words = new Int32Array(buffer);
  for (let at = 2; at < words.length; at += 4) words[at] = -0x8000_0000;
  const codes = codeReader(keys);
  const time = new Int32Array(BLOCK);
  const amount = new Float64Array(BLOCK);
  let notPositive = 0;
  for (let start = 0; start < times.length; start += BLOCK) {
    const end = Math.min(times.length, start + BLOCK);
    time.set(times.subarray(start, end));
    if (amounts) amount.set(amounts.subarray(start, end));
    if (amounts) notPositive += countNotPositive(amount, end - start);
    addNarrowRows(codes(start, end), time, amount, sums, words, end - start);
  }
  const layout = { stride: 4, counts: 3, last: 2, first: -1, sumStride: 2, sums: 0 };
  return { counts: words, last: words, sums, notPositive, layout };
}

function addNarrowRows(
  codes: Uint32Array,
  times: Int32Array,
  amounts: Float64Array,
  sums: Float64Array,
  words: Int32Array,
  length: number,
): void {
  for (let i = 0; i < length; i++) {
    const code = codes[i];
    const at = code << 2;
    const time = times[i];
    sums[code << 1] += amounts[i];
    if (time > words[at | 2]) words[at | 2] = time;
    words[at | 3]++;
  }
}
