/** Risks of the two outcomes, each ascending, and everything that follows from their order. */
export interface SortedRisks {
  readonly churned: Float64Array;
  readonly stayed: Float64Array;
}

/** Splits risks by outcome and sorts both. */
export function sortRisks(risk: Float64Array, outcome: Uint8Array): SortedRisks {
  let events = 0;
  for (let i = 0; i < outcome.length; i++) events += outcome[i];
  const churned = new Float64Array(events);
  const stayed = new Float64Array(outcome.length - events);
  let c = 0;
  let s = 0;
  for (let i = 0; i < outcome.length; i++) {
    if (outcome[i] === 1) churned[c++] = risk[i];
    else stayed[s++] = risk[i];
  }
  return { churned: churned.sort(), stayed: stayed.sort() };
}

export interface Auc {
  readonly value: number;
  readonly standardError: number;
}

/**
 * Area under the ROC curve with the standard error of DeLong, DeLong & Clarke-Pearson (1988), by one merge of the sorted
 * risks. Undefined where one of the outcomes does not occur.
 */
export function auc({ churned, stayed }: SortedRisks): Auc | undefined {
  const m = churned.length;
  const n = stayed.length;
  if (m === 0 || n === 0) return undefined;
  const above = placements(churned, stayed);
  const below = placements(stayed, churned);
  const value = above.mean;
  const variance = (m > 1 ? above.variance / m : 0) + (n > 1 ? below.variance / n : 0);
  return { value, standardError: Math.sqrt(variance) };
}

/** Mean and variance of the share of `others` that lies below each value, ties counting half. */
function placements(values: Float64Array, others: Float64Array): { mean: number; variance: number } {
  let below = 0;
  let upTo = 0;
  let sum = 0;
  let square = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    while (below < others.length && others[below] < value) below++;
    if (upTo < below) upTo = below;
    while (upTo < others.length && others[upTo] <= value) upTo++;
    const share = (below + upTo) / (2 * others.length);
    sum += share;
    square += (share - 0.5) ** 2;
  }
  const mean = sum / values.length;
  const variance = (square - values.length * (mean - 0.5) ** 2) / Math.max(1, values.length - 1);
  return { mean, variance: Math.max(0, variance) };
}

/** Points of a curve, thinned to at most `limit` or so. */
export interface Curve {
  readonly x: number[];
  readonly y: number[];
}

/** ROC: share of the stayed flagged (x) against share of the churned flagged (y), the threshold falling. */
export function rocCurve(risks: SortedRisks, limit = 200): Curve {
  const x: number[] = [];
  const y: number[] = [];
  everyThreshold(risks, limit, (churned, stayed) => {
    x.push(stayed / risks.stayed.length);
    y.push(churned / risks.churned.length);
  });
  return { x, y };
}

/** Recall (x) against precision (y), and the average precision: the area under its steps. */
export function precisionRecall(risks: SortedRisks, limit = 200): Curve & { averagePrecision: number } {
  const x: number[] = [];
  const y: number[] = [];
  everyThreshold(risks, limit, (churned, stayed) => {
    if (churned + stayed === 0) return;
    x.push(churned / risks.churned.length);
    y.push(churned / (churned + stayed));
  });
  let averagePrecision = 0;
  let last = 0;
  everyThreshold(risks, Number.POSITIVE_INFINITY, (churned, stayed) => {
    if (churned === last) return;
    averagePrecision += ((churned - last) / risks.churned.length) * (churned / (churned + stayed));
    last = churned;
  });
  return { x, y, averagePrecision };
}

/**
 * Calls `visit` with how many churned and stayed have a risk at or above each threshold, from none to all: at every distinct
 * risk, or at about `limit` of them.
 */
export function everyThreshold(
  { churned, stayed }: SortedRisks,
  limit: number,
  visit: (churned: number, stayed: number, threshold: number) => void,
): void {
  const total = churned.length + stayed.length;
  const step = total / limit;
  let c = churned.length;
  let s = stayed.length;
  let due = 0;
  visit(0, 0, Number.POSITIVE_INFINITY);
  while (c > 0 || s > 0) {
    const threshold = Math.max(c > 0 ? churned[c - 1] : -1, s > 0 ? stayed[s - 1] : -1);
    while (c > 0 && churned[c - 1] === threshold) c--;
    while (s > 0 && stayed[s - 1] === threshold) s--;
    const flagged = total - c - s;
    if (flagged < due && (c > 0 || s > 0)) continue;
    due = flagged + step;
    visit(churned.length - c, stayed.length - s, threshold);
  }
}

/** How many of ascending `values` are at or above `threshold`. */
export function countFrom(values: Float64Array, threshold: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < threshold) low = middle + 1;
    else high = middle;
  }
  return values.length - low;
}

/** Mean squared distance of risk and outcome (Brier 1950), with the standard error of that mean. */
export function brier(risk: Float64Array, outcome: Uint8Array): { value: number; standardError: number } {
  const n = risk.length;
  let sum = 0;
  let square = 0;
  for (let i = 0; i < n; i++) {
    const loss = (risk[i] - outcome[i]) ** 2;
    sum += loss;
    square += loss * loss;
  }
  const value = sum / n;
  return { value, standardError: n > 1 ? Math.sqrt(Math.max(0, square / n - value * value) / (n - 1)) : 0 };
}

/** Mean log-likelihood of the outcomes, negated. Risks of 0 and 1 are taken a hair inside. */
export function logLoss(risk: Float64Array, outcome: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < risk.length; i++) {
    const p = Math.min(1 - 1e-15, Math.max(1e-15, risk[i]));
    sum -= outcome[i] === 1 ? Math.log(p) : Math.log1p(-p);
  }
  return sum / risk.length;
}

/** One class of customers of like risk. */
export interface CalibrationBin {
  readonly from: number;
  readonly to: number;
  readonly customers: number;
  readonly meanRisk: number;
  readonly churned: number;
}

/** At most `bins` classes of about equal size, in order of risk; equal risks stay together. */
export function calibrationBins({ churned, stayed }: SortedRisks, bins: number): CalibrationBin[] {
  const total = churned.length + stayed.length;
  const result: CalibrationBin[] = [];
  let c = 0;
  let s = 0;
  for (let bin = 1; bin <= bins && c + s < total; bin++) {
    const until = bin === bins ? total : Math.round((total * bin) / bins);
    const c0 = c;
    const s0 = s;
    let sum = 0;
    let from = Number.NaN;
    let last = Number.NaN;
    while (c + s < total) {
      const next = Math.min(c < churned.length ? churned[c] : Infinity, s < stayed.length ? stayed[s] : Infinity);
      if (c + s >= until && next !== last) break;
      if (Number.isNaN(from)) from = next;
      last = next;
      sum += next;
      if (c < churned.length && churned[c] === next) c++;
      else s++;
    }
    const customers = c + s - c0 - s0;
    if (customers > 0) result.push({ from, to: last, customers, meanRisk: sum / customers, churned: c - c0 });
  }
  return result;
}
