import type { Random } from '@patron/sdk';

/** Feature values cut into classes, at most 255 a feature; class 0 is a missing value. */
export interface BinnedFeatures {
  readonly width: number;
  /** Row by row: `bins[row * width + feature]`. */
  readonly bins: Uint8Array;
  /** How many classes each feature has. */
  readonly counts: Uint16Array;
}

/** Trees laid end to end; a node with `feature` −1 is a leaf. Rows go left where their class is at most `split`. */
export interface BoostedTrees {
  readonly start: number;
  readonly roots: readonly number[];
  readonly feature: Int16Array;
  readonly split: Uint8Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** Log-odds that a leaf adds, and at inner nodes what a leaf there would. */
  readonly value: Float64Array;
}

export interface BoostingOptions {
  readonly rounds: number;
  readonly learningRate: number;
  readonly depth: number;
  /** Least sum of second derivatives in a leaf, and the ridge on leaf values. */
  readonly leastWeight: number;
  readonly ridge: number;
  /** Rounds without a better validation loss after which the fit stops. */
  readonly patience: number;
  /** Rows beyond which a sample of so many is learnt from. */
  readonly mostRows: number;
}

const BOOSTING: BoostingOptions = {
  rounds: 150,
  learningRate: 0.15,
  depth: 4,
  leastWeight: 5,
  ridge: 1,
  patience: 10,
  mostRows: 100_000,
};

/** An empty set of classes for `rows` rows of `width` features. */
export function emptyBins(rows: number, width: number): BinnedFeatures {
  return { width, bins: new Uint8Array(rows * width), counts: new Uint16Array(width) };
}

/** Cuts a column at quantiles of a sample; a column of few distinct values keeps them all. Missing values are NaN. */
export function binFeature(into: BinnedFeatures, feature: number, values: Float64Array, most = 64): void {
  const cuts = cutPoints(values, most);
  const { bins, width } = into;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (Number.isNaN(value)) continue;
    let low = 0;
    let high = cuts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cuts[middle] < value) low = middle + 1;
      else high = middle;
    }
    bins[i * width + feature] = low + 1;
  }
  into.counts[feature] = cuts.length + 2;
}

function cutPoints(values: Float64Array, most: number): Float64Array {
  const stride = Math.max(1, Math.floor(values.length / 50_000));
  const sample: number[] = [];
  for (let i = 0; i < values.length; i += stride) if (!Number.isNaN(values[i])) sample.push(values[i]);
  const sorted = Float64Array.from(sample).sort();
  const edges: number[] = [];
  const distinct = new Set(sorted);
  if (distinct.size <= most) {
    const ordered = [...distinct];
    for (let i = 0; i + 1 < ordered.length; i++) edges.push(ordered[i] + (ordered[i + 1] - ordered[i]) / 2);
  } else
    for (let i = 1; i < most; i++) {
      const edge = sorted[Math.floor((sorted.length * i) / most)];
      if (edges.length === 0 || edge > edges[edges.length - 1]) edges.push(edge);
    }
  return Float64Array.from(edges);
}

interface Growing {
  readonly feature: number[];
  readonly split: number[];
  readonly left: number[];
  readonly right: number[];
  readonly value: number[];
}

/**
 * Gradient-boosted trees for log-loss (Friedman 2001), with histograms and second-order gains (Chen & Guestrin 2016). A fifth
 * of the rows is held back to say when to stop.
 */
export async function fitBoostedTrees(
  features: BinnedFeatures,
  outcome: Uint8Array,
  rows: Uint32Array,
  random: Random,
  checkpoint: () => Promise<void>,
  options: BoostingOptions = BOOSTING,
): Promise<BoostedTrees> {
  const { train, validation } = holdBack(sampled(rows, options.mostRows, random), random);
  let events = 0;
  for (const row of train) events += outcome[row];
  const share = Math.min(1 - 1e-6, Math.max(1e-6, events / Math.max(1, train.length)));
  const start = Math.log(share / (1 - share));
  const growing: Growing = { feature: [], split: [], left: [], right: [], value: [] };
  const roots: number[] = [];
  const score = new Float64Array(outcome.length).fill(start);
  const gradient = new Float64Array(outcome.length);
  const weight = new Float64Array(outcome.length);
  let best = loss(score, outcome, validation);
  let bestTrees = 0;
  for (let round = 0; round < options.rounds; round++) {
    await checkpoint();
    for (const row of train) {
      const mean = 1 / (1 + Math.exp(-score[row]));
      gradient[row] = outcome[row] - mean;
      weight[row] = Math.max(1e-9, mean * (1 - mean));
    }
    const root = growTree(growing, features, train.slice(), gradient, weight, options);
    roots.push(root);
    for (const part of [train, validation])
      for (const row of part) score[row] += growing.value[leafOf(growing, root, features, row)];
    const now = loss(score, outcome, validation);
    if (now < best - 1e-6) {
      best = now;
      bestTrees = round + 1;
    } else if (round + 1 - bestTrees >= options.patience) break;
  }
  return {
    start,
    roots: roots.slice(0, Math.max(1, bestTrees)),
    feature: Int16Array.from(growing.feature),
    split: Uint8Array.from(growing.split),
    left: Int32Array.from(growing.left),
    right: Int32Array.from(growing.right),
    value: Float64Array.from(growing.value),
  };
}

function sampled(rows: Uint32Array, most: number, random: Random): Uint32Array {
  if (rows.length <= most) return rows;
  const share = most / rows.length;
  return rows.filter(() => random.uniform() < share);
}

function holdBack(rows: Uint32Array, random: Random): { train: Uint32Array; validation: Uint32Array } {
  const train = new Uint32Array(rows.length);
  const validation = new Uint32Array(rows.length);
  let t = 0;
  let v = 0;
  for (const row of rows) {
    if (rows.length >= 50 && random.uniform() < 0.2) validation[v++] = row;
    else train[t++] = row;
  }
  return { train: train.slice(0, t), validation: v > 0 ? validation.slice(0, v) : train.slice(0, t) };
}

function loss(score: Float64Array, outcome: Uint8Array, rows: Uint32Array): number {
  let sum = 0;
  for (const row of rows) {
    const margin = outcome[row] === 1 ? score[row] : -score[row];
    sum += margin > 0 ? Math.log1p(Math.exp(-margin)) : Math.log1p(Math.exp(margin)) - margin;
  }
  return sum / rows.length;
}

interface Branch {
  readonly node: number;
  readonly start: number;
  readonly end: number;
  readonly depth: number;
}

const SLOTS = 512;

/** Grows one tree over `rows`, which are reordered so that each node's rows lie together. Returns its root. */
function growTree(
  model: Growing,
  features: BinnedFeatures,
  rows: Uint32Array,
  gradient: Float64Array,
  weight: Float64Array,
  options: BoostingOptions,
): number {
  const { bins, width } = features;
  const root = addNode(model);
  const queue: Branch[] = [{ node: root, start: 0, end: rows.length, depth: 0 }];
  const buffer = new Uint32Array(rows.length);
  const sums = new Float64Array(width * SLOTS);
  for (let branch = queue.pop(); branch; branch = queue.pop()) {
    const { node, start, end, depth } = branch;
    let g = 0;
    let h = 0;
    for (let i = start; i < end; i++) {
      g += gradient[rows[i]];
      h += weight[rows[i]];
    }
    model.value[node] = (options.learningRate * g) / (h + options.ridge);
    if (depth >= options.depth || h < 2 * options.leastWeight) continue;
    gatherSums(features, rows, start, end, gradient, weight, sums);
    const split = bestSplit(features, sums, g, h, options);
    if (!split) continue;
    let left = start;
    let kept = 0;
    for (let i = start; i < end; i++) {
      const row = rows[i];
      if (bins[row * width + split.feature] <= split.at) rows[left++] = row;
      else buffer[kept++] = row;
    }
    rows.set(buffer.subarray(0, kept), left);
    model.feature[node] = split.feature;
    model.split[node] = split.at;
    model.left[node] = addNode(model);
    model.right[node] = addNode(model);
    queue.push({ node: model.left[node], start, end: left, depth: depth + 1 });
    queue.push({ node: model.right[node], start: left, end, depth: depth + 1 });
  }
  return root;
}

function addNode(model: Growing): number {
  model.feature.push(-1);
  model.split.push(0);
  model.left.push(-1);
  model.right.push(-1);
  return model.value.push(0) - 1;
}

/** Sums of gradients and weights by feature and class: `sums[feature * SLOTS + 2 * class]` and the slot after it. */
function gatherSums(
  { bins, width }: BinnedFeatures,
  rows: Uint32Array,
  start: number,
  end: number,
  gradient: Float64Array,
  weight: Float64Array,
  sums: Float64Array,
): void {
  sums.fill(0);
  for (let i = start; i < end; i++) {
    const row = rows[i];
    const g = gradient[row];
    const h = weight[row];
    const from = row * width;
    for (let feature = 0; feature < width; feature++) {
      const slot = feature * SLOTS + bins[from + feature] * 2;
      sums[slot] += g;
      sums[slot + 1] += h;
    }
  }
}

function bestSplit(
  { width, counts }: BinnedFeatures,
  sums: Float64Array,
  g: number,
  h: number,
  { leastWeight, ridge }: BoostingOptions,
): { feature: number; at: number } | undefined {
  let best: { feature: number; at: number } | undefined;
  let bestGain = 1e-7;
  const whole = (g * g) / (h + ridge);
  for (let feature = 0; feature < width; feature++) {
    let leftG = 0;
    let leftH = 0;
    for (let bin = 0; bin + 1 < counts[feature]; bin++) {
      leftG += sums[feature * SLOTS + bin * 2];
      leftH += sums[feature * SLOTS + bin * 2 + 1];
      if (leftH < leastWeight) continue;
      if (h - leftH < leastWeight) break;
      const rightG = g - leftG;
      const gain = (leftG * leftG) / (leftH + ridge) + (rightG * rightG) / (h - leftH + ridge) - whole;
      if (gain > bestGain) {
        bestGain = gain;
        best = { feature, at: bin };
      }
    }
  }
  return best;
}

function leafOf(model: Growing, root: number, { bins, width }: BinnedFeatures, row: number): number {
  let node = root;
  while (model.feature[node] >= 0)
    node = bins[row * width + model.feature[node]] <= model.split[node] ? model.left[node] : model.right[node];
  return node;
}

/**
 * The probability of a row, and what each feature adds to its log-odds: along each path, how much the value changes at the
 * feature's splits (Saabas 2014). What the features add and the trees' roots make up the whole.
 */
export function scoreTrees(
  model: BoostedTrees,
  { bins, width }: BinnedFeatures,
  row: number,
  added: Float64Array,
): number {
  const { feature, split, left, right, value } = model;
  const from = row * width;
  added.fill(0);
  let score = model.start;
  for (const root of model.roots) {
    let node = root;
    for (let by = feature[node]; by >= 0; by = feature[node]) {
      const next = bins[from + by] <= split[node] ? left[node] : right[node];
      added[by] += value[next] - value[node];
      node = next;
    }
    score += value[node];
  }
  return 1 / (1 + Math.exp(-score));
}
