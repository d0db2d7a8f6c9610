import type { Random } from '@patron/sdk';

/** Feature values cut into at most 255 classes; class 0 is a missing value. */
export interface BinnedFeature {
  readonly bins: Uint8Array;
  readonly count: number;
}

/** Trees laid end to end; a node at `feature < 0` is a leaf. Rows go left where their class is at most `split`. */
export interface BoostedTrees {
  readonly start: number;
  readonly roots: number[];
  readonly feature: number[];
  readonly split: number[];
  readonly left: number[];
  readonly right: number[];
  /** Log-odds that a leaf adds, and at inner nodes the mean of what is below, by the weight of the rows. */
  readonly value: number[];
  readonly trees: number;
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
}

export const BOOSTING: BoostingOptions = {
  rounds: 300,
  learningRate: 0.08,
  depth: 4,
  leastWeight: 5,
  ridge: 1,
  patience: 20,
};

/** Cuts a column at quantiles of a sample; a column of few distinct values keeps them all. Missing values are NaN. */
export function binFeature(values: Float64Array, most = 64): BinnedFeature {
  const stride = Math.max(1, Math.floor(values.length / 50_000));
  const sample: number[] = [];
  for (let i = 0; i < values.length; i += stride) if (!Number.isNaN(values[i])) sample.push(values[i]);
  const sorted = Float64Array.from(sample).sort();
  const edges: number[] = [];
  const distinct = new Set(sorted);
  if (distinct.size <= most) {
    const ordered = [...distinct];
    for (let i = 0; i + 1 < ordered.length; i++) edges.push((ordered[i] + ordered[i + 1]) / 2);
  } else
    for (let i = 1; i < most; i++) {
      const edge = sorted[Math.floor((sorted.length * i) / most)];
      if (edges.length === 0 || edge > edges[edges.length - 1]) edges.push(edge);
    }
  const cuts = Float64Array.from(edges);
  const bins = new Uint8Array(values.length);
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
    bins[i] = low + 1;
  }
  return { bins, count: cuts.length + 2 };
}

/**
 * Gradient-boosted trees for log-loss (Friedman 2001), with histograms and second-order gains (Chen & Guestrin 2016). A fifth
 * of the rows is held back to say when to stop.
 */
export async function fitBoostedTrees(
  features: readonly BinnedFeature[],
  outcome: Uint8Array,
  rows: Uint32Array,
  random: Random,
  checkpoint: () => Promise<void>,
  options: BoostingOptions = BOOSTING,
): Promise<BoostedTrees> {
  const { train, validation } = holdBack(rows, random);
  let events = 0;
  for (const row of train) events += outcome[row];
  const share = Math.min(1 - 1e-6, Math.max(1e-6, events / Math.max(1, train.length)));
  const model: BoostedTrees = {
    start: Math.log(share / (1 - share)),
    roots: [],
    feature: [],
    split: [],
    left: [],
    right: [],
    value: [],
    trees: 0,
  };
  const score = new Float64Array(outcome.length).fill(model.start);
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
    const root = growTree(model, features, train.slice(), gradient, weight, options);
    model.roots.push(root);
    for (const row of train) score[row] += model.value[leafOf(model, root, features, row)];
    for (const row of validation) score[row] += model.value[leafOf(model, root, features, row)];
    const now = loss(score, outcome, validation);
    if (now < best - 1e-6) {
      best = now;
      bestTrees = round + 1;
    } else if (round + 1 - bestTrees >= options.patience) break;
  }
  return { ...model, roots: model.roots.slice(0, Math.max(1, bestTrees)), trees: Math.max(1, bestTrees) };
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

/** Grows one tree over `rows`, which are reordered so that each node's rows lie together. Returns its root. */
function growTree(
  model: BoostedTrees,
  features: readonly BinnedFeature[],
  rows: Uint32Array,
  gradient: Float64Array,
  weight: Float64Array,
  options: BoostingOptions,
): number {
  const root = addNode(model);
  const queue: Branch[] = [{ node: root, start: 0, end: rows.length, depth: 0 }];
  const buffer = new Uint32Array(rows.length);
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
    const split = bestSplit(features, rows, start, end, gradient, weight, g, h, options);
    if (!split) continue;
    const { bins } = features[split.feature];
    let left = start;
    let kept = 0;
    for (let i = start; i < end; i++) {
      if (bins[rows[i]] <= split.at) rows[left++] = rows[i];
      else buffer[kept++] = rows[i];
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

function addNode(model: BoostedTrees): number {
  model.feature.push(-1);
  model.split.push(0);
  model.left.push(-1);
  model.right.push(-1);
  return model.value.push(0) - 1;
}

function bestSplit(
  features: readonly BinnedFeature[],
  rows: Uint32Array,
  start: number,
  end: number,
  gradient: Float64Array,
  weight: Float64Array,
  g: number,
  h: number,
  options: BoostingOptions,
): { feature: number; at: number } | undefined {
  let best: { feature: number; at: number } | undefined;
  let bestGain = 1e-7;
  const whole = (g * g) / (h + options.ridge);
  const sums = new Float64Array(512);
  features.forEach(({ bins, count }, feature) => {
    sums.fill(0, 0, count * 2);
    for (let i = start; i < end; i++) {
      const row = rows[i];
      const at = bins[row] * 2;
      sums[at] += gradient[row];
      sums[at + 1] += weight[row];
    }
    let leftG = 0;
    let leftH = 0;
    for (let bin = 0; bin + 1 < count; bin++) {
      leftG += sums[bin * 2];
      leftH += sums[bin * 2 + 1];
      const rightH = h - leftH;
      if (leftH < options.leastWeight) continue;
      if (rightH < options.leastWeight) break;
      const rightG = g - leftG;
      const gain = (leftG * leftG) / (leftH + options.ridge) + (rightG * rightG) / (rightH + options.ridge) - whole;
      if (gain > bestGain) {
        bestGain = gain;
        best = { feature, at: bin };
      }
    }
  });
  return best;
}

function leafOf(model: BoostedTrees, root: number, features: readonly BinnedFeature[], row: number): number {
  let node = root;
  while (model.feature[node] >= 0)
    node = features[model.feature[node]].bins[row] <= model.split[node] ? model.left[node] : model.right[node];
  return node;
}

/** Probability of a row. */
export function predictTrees(model: BoostedTrees, features: readonly BinnedFeature[], row: number): number {
  let score = model.start;
  for (const root of model.roots) score += model.value[leafOf(model, root, features, row)];
  return 1 / (1 + Math.exp(-score));
}

/** What each feature adds to a row's log-odds: along each path, how much the mean below changes (Saabas 2014). */
export function contributions(
  model: BoostedTrees,
  features: readonly BinnedFeature[],
  row: number,
  into: Float64Array,
): void {
  into.fill(0);
  for (const root of model.roots) {
    let node = root;
    while (model.feature[node] >= 0) {
      const feature = model.feature[node];
      const next = features[feature].bins[row] <= model.split[node] ? model.left[node] : model.right[node];
      into[feature] += model.value[next] - model.value[node];
      node = next;
    }
  }
}
