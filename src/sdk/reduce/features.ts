/** What is known of each customer on the evening of the cut-off, from the transactions up to then and no later. */
export interface CustomerFeatures {
  /** Codes of the customers with a transaction by the cut-off, ascending; all arrays have one entry for each. */
  readonly customers: Uint32Array;
  /** Days from the last transaction to the cut-off. */
  readonly recency: Float64Array;
  /** Days on which the customer bought. */
  readonly frequency: Float64Array;
  /** Days from the first transaction to the cut-off. */
  readonly tenure: Float64Array;
  /** Mean days between purchase days; NaN with one purchase day. */
  readonly meanGap: Float64Array;
  /** Purchase days in the last `recentDays` before the cut-off, the cut-off included. */
  readonly recent: Float64Array;
  /** Sum of amounts, where amounts were given. */
  readonly amount?: Float64Array;
  /** 1 where no transaction falls within the window after the cut-off. */
  readonly churned: Uint8Array;
  /** Rows after the window, which say nothing. */
  readonly later: number;
}

export interface FeatureOptions {
  /** Last day (days since 1970) that features may know. */
  readonly cutOff: number;
  /** Days after the cut-off in which a customer must buy to count as staying. */
  readonly windowDays: number;
  readonly recentDays?: number;
  readonly amounts?: ArrayLike<number>;
}

/**
 * One row of features for each customer, built from days up to the cut-off, and the outcome from the window after it: nothing
 * that happened later can leak into a feature.
 *
 * @param codes customer code of each row, below `customerCount`
 * @param days day of each row, days since 1970
 */
export function customerFeatures(
  codes: ArrayLike<number>,
  customerCount: number,
  days: Int32Array,
  options: FeatureOptions,
): CustomerFeatures {
  const { cutOff, windowDays, amounts } = options;
  const recentDays = options.recentDays ?? 90;
  const { starts, sorted, back, later, sums } = arrange(codes, customerCount, days, cutOff, windowDays, amounts);
  const known: number[] = [];
  for (let code = 0; code < customerCount; code++) if (starts[code + 1] > starts[code]) known.push(code);
  const size = known.length;
  const recency = new Float64Array(size);
  const frequency = new Float64Array(size);
  const tenure = new Float64Array(size);
  const meanGap = new Float64Array(size);
  const recent = new Float64Array(size);
  const amount = amounts ? new Float64Array(size) : undefined;
  const churned = new Uint8Array(size);
  known.forEach((code, place) => {
    const own = sorted.subarray(starts[code], starts[code + 1]).sort();
    const first = own[0];
    const last = own[own.length - 1];
    let distinct = 1;
    let late = last > cutOff - recentDays ? 1 : 0;
    for (let i = own.length - 1; i > 0; i--) {
      if (own[i] === own[i - 1]) continue;
      distinct++;
      if (own[i - 1] > cutOff - recentDays) late++;
    }
    recency[place] = cutOff - last;
    frequency[place] = distinct;
    tenure[place] = cutOff - first;
    meanGap[place] = distinct > 1 ? (last - first) / (distinct - 1) : Number.NaN;
    recent[place] = late;
    if (amount) amount[place] = sums[code];
    churned[place] = back[code] === 1 ? 0 : 1;
  });
  return { customers: Uint32Array.from(known), recency, frequency, tenure, meanGap, recent, amount, churned, later };
}

/** Days up to the cut-off gathered by customer, who came back within the window, and the sums of amounts. */
function arrange(
  codes: ArrayLike<number>,
  customerCount: number,
  days: Int32Array,
  cutOff: number,
  windowDays: number,
  amounts: ArrayLike<number> | undefined,
): { starts: Uint32Array; sorted: Int32Array; back: Uint8Array; later: number; sums: Float64Array } {
  const starts = new Uint32Array(customerCount + 1);
  const back = new Uint8Array(customerCount);
  const sums = new Float64Array(amounts ? customerCount : 0);
  let later = 0;
  for (let i = 0; i < days.length; i++) {
    if (days[i] <= cutOff) {
      starts[codes[i] + 1]++;
      if (amounts) sums[codes[i]] += amounts[i];
    } else if (days[i] <= cutOff + windowDays) back[codes[i]] = 1;
    else later++;
  }
  for (let code = 0; code < customerCount; code++) starts[code + 1] += starts[code];
  const filled = starts.slice(0, customerCount);
  const sorted = new Int32Array(starts[customerCount]);
  for (let i = 0; i < days.length; i++) if (days[i] <= cutOff) sorted[filled[codes[i]]++] = days[i];
  return { starts, sorted, back, later, sums };
}
