import { normalCritical, type SpellCounts } from '@patron/sdk';
import type { SurvivalCurve } from './survival-curve.ts';

/** The scale on which an interval is symmetric: log(−log S), S itself, or log S. */
export type SurvivalInterval = 'log-log' | 'plain' | 'log';

/** How an interval is drawn, and at which confidence. */
export interface IntervalChoice {
  readonly confidence: number;
  readonly interval: SurvivalInterval;
}

/**
 * Reads one end of the curve's pointwise interval at each index: side −1 the lower, 1 the upper. NaN where the survival is
 * 0, or 1 with `log-log`: there the data say nothing.
 */
export function survivalBound(
  { survival, standardError }: SurvivalCurve,
  { confidence, interval }: IntervalChoice,
  side: -1 | 1,
): (index: number) => number {
  const z = side * normalCritical(confidence);
  return (index) => {
    const share = survival[index];
    if (share === 0 || (share === 1 && interval === 'log-log')) return Number.NaN;
    const reach = z * standardError[index];
    if (interval === 'plain') return Math.min(1, Math.max(0, share + reach));
    if (interval === 'log') return Math.min(1, share * Math.exp(reach / share));
    return share ** Math.exp(reach / (share * Math.log(share)));
  };
}

export interface QuantileTime {
  /** NaN where the curve does not come down that far. */
  readonly time: number;
  /** NaN, or Infinity for the upper end, where the curve's own interval does not come down that far. */
  readonly low: number;
  readonly high: number;
}

/**
 * The time by which the survival has fallen to `share` (0.5: the median), with the interval of Brookmeyer & Crowley (1982):
 * where the curve's own interval crosses the share.
 */
export function survivalTime(curve: SurvivalCurve, choice: IntervalChoice, share = 0.5): QuantileTime {
  const { times, survival } = curve;
  const low = crossing(times, survivalBound(curve, choice, -1), share, boundFloor(curve, choice, -1));
  const high = crossing(times, survivalBound(curve, choice, 1), share, boundFloor(curve, choice, 1));
  return { time: crossing(times, (index) => survival[index], share), low, high: Number.isNaN(high) ? Infinity : high };
}

/** What a bound is at least, where that takes no exponential: most times need no more. */
function boundFloor(
  { survival, standardError }: SurvivalCurve,
  { confidence, interval }: IntervalChoice,
  side: -1 | 1,
): ((index: number) => number) | undefined {
  if (interval !== 'log') return undefined;
  const z = side * normalCritical(confidence);
  return (index) => survival[index] + z * standardError[index];
}

const EXACT = 2 ** -26;

/** The first time at or below `share`; the middle of the step where the curve rests exactly on it before it falls on. */
function crossing(
  times: Float64Array,
  valueAt: (index: number) => number,
  share: number,
  floorAt?: (index: number) => number,
): number {
  for (let i = 0; i < times.length; i++) {
    if (floorAt !== undefined && floorAt(i) > share + 2 * EXACT) continue;
    const value = valueAt(i);
    if (!(value < share + EXACT)) continue;
    if (Math.abs(value - share) < EXACT) {
      for (let j = i + 1; j < times.length; j++) if (valueAt(j) < value) return (times[i] + times[j]) / 2;
    }
    return times[i];
  }
  return Number.NaN;
}

/** Mean time survived up to `horizon`, the area under the curve, with Greenwood's standard error. */
export function restrictedMean(curve: SurvivalCurve, horizon: number): { mean: number; standardError: number } {
  const { times, survival, atRisk, ended } = curve;
  let mean = 0;
  let share = 1;
  let from = 0;
  let end = 0;
  for (; end < times.length && times[end] <= horizon; end++) {
    mean += share * (times[end] - from);
    share = survival[end];
    from = times[end];
  }
  mean += share * (horizon - from);
  // Area to the right of each event, gathered from the horizon back.
  let variance = 0;
  let area = 0;
  let to = horizon;
  for (let i = end - 1; i >= 0; i--) {
    area += survival[i] * (to - times[i]);
    to = times[i];
    const staying = atRisk[i] - ended[i];
    if (ended[i] > 0 && staying > 0) variance += (area * area * ended[i]) / (atRisk[i] * staying);
  }
  return { mean, standardError: Math.sqrt(variance) };
}

/** The curve's value just after `time`; 1 before the first. */
export function survivalAt(curve: SurvivalCurve, time: number): number {
  const index = lastIndexAt(curve.times, time);
  return index < 0 ? 1 : curve.survival[index];
}

/** Index of the last of ascending `times` that is at most `time`; −1 where all are later. */
export function lastIndexAt(times: Float64Array, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle] <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** All groups' spells taken together. */
export function pooled(groups: readonly SpellCounts[]): SpellCounts {
  if (groups.length === 1) return groups[0];
  const distinct = groups.reduce((sum, { times }) => sum + times.length, 0);
  const at = new Uint32Array(groups.length);
  const times = new Float64Array(distinct);
  const ended = new Float64Array(distinct);
  const running = new Float64Array(distinct);
  let length = 0;
  for (;;) {
    let time = Number.POSITIVE_INFINITY;
    for (let g = 0; g < groups.length; g++)
      if (at[g] < groups[g].times.length) time = Math.min(time, groups[g].times[at[g]]);
    if (time === Number.POSITIVE_INFINITY) break;
    times[length] = time;
    for (let g = 0; g < groups.length; g++) {
      if (at[g] >= groups[g].times.length || groups[g].times[at[g]] !== time) continue;
      ended[length] += groups[g].ended[at[g]];
      running[length] += groups[g].running[at[g]];
      at[g]++;
    }
    length++;
  }
  return { times: times.slice(0, length), ended: ended.slice(0, length), running: running.slice(0, length) };
}
