import { evenRanges, type Random } from '@patron/sdk';
import type { Crew } from './spreading.ts';
import { type BinnedFeatures, takeBins } from './tree-bins.ts';
import { type Branch, type SplitRules, SplitSearch } from './tree-splits.ts';

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

export interface BoostingOptions extends SplitRules {
  readonly rounds: number;
  readonly learningRate: number;
  readonly depth: number;
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
 *
 * @param rows the rows to learn from
 */
export async function fitBoostedTrees(
  crewFor: (cells: number) => Crew,
  all: BinnedFeatures,
  outcomes: Uint8Array,
  rows: Uint32Array,
  random: Random,
  checkpoint: () => Promise<void>,
  options: BoostingOptions = BOOSTING,
): Promise<BoostedTrees> {
  const sample = sampled(rows, options.mostRows, random);
  // Each level of a tree counts every cell, a few nanoseconds each.
  const crew = crewFor((sample.length * all.width) / 8);
  const features = takeBins(crew, all, sample);
  const outcome = Uint8Array.from(sample, (row) => outcomes[row]);
  const { train, validation } = holdBack(sample.length, random);
  let events = 0;
  for (const row of train) events += outcome[row];
  const share = Math.min(1 - 1e-6, Math.max(1e-6, events / Math.max(1, train.length)));
  const start = Math.log(share / (1 - share));
  const growing: Growing = { feature: [], split: [], left: [], right: [], value: [] };
  const roots: number[] = [];
  const score = new Float64Array(outcome.length).fill(start);
  const gradient = crew.room(score, outcome.length);
  const weight = crew.room(score, outcome.length);
  const order = crew.room(train, train.length);
  const search = new SplitSearch(crew, { features, rows: order, gradient, weight }, options, options.depth);
  let best = loss(score, outcome, validation);
  let bestTrees = 0;
  for (let round = 0; round < options.rounds; round++) {
    await checkpoint();
    for (const row of train) {
      const mean = 1 / (1 + Math.exp(-score[row]));
      gradient[row] = outcome[row] - mean;
      weight[row] = Math.max(1e-9, mean * (1 - mean));
    }
    order.set(train);
    const root = await growTree(growing, search, features, order, gradient, weight, options);
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

function holdBack(length: number, random: Random): { train: Uint32Array; validation: Uint32Array } {
  const train = new Uint32Array(length);
  const validation = new Uint32Array(length);
  let t = 0;
  let v = 0;
  for (let row = 0; row < length; row++) {
    if (length >= 50 && random.uniform() < 0.2) validation[v++] = row;
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

/** Grows one tree over `rows`, which are reordered so that each node's rows lie together. Returns its root. */
async function growTree(
  model: Growing,
  search: SplitSearch,
  { bins, width }: BinnedFeatures,
  rows: Uint32Array,
  gradient: Float64Array,
  weight: Float64Array,
  options: BoostingOptions,
): Promise<number> {
  const buffer = new Uint32Array(rows.length);
  const branchOf = (place: number, start: number, end: number): Branch => {
    let g = 0;
    let h = 0;
    for (let i = start; i < end; i++) {
      g += gradient[rows[i]];
      h += weight[rows[i]];
    }
    return { place, start, end, gradient: g, weight: h };
  };
  const leafValue = ({ gradient: g, weight: h }: Branch): number => (options.learningRate * g) / (h + options.ridge);
  const whole = branchOf(1, 0, rows.length);
  const root = addNode(model, leafValue(whole));
  let level = [{ node: root, branch: whole }];
  for (let depth = 0; depth < options.depth && level.length > 0; depth++) {
    const splits = await search.of(level.map(({ branch }) => branch));
    const next: typeof level = [];
    level.forEach(({ node, branch }, i) => {
      const split = splits[i];
      if (!split || branch.weight < 2 * options.leastWeight) return;
      const { place, start, end } = branch;
      let left = start;
      let kept = 0;
      for (let k = start; k < end; k++) {
        const row = rows[k];
        if (bins[row * width + split.feature] <= split.at) rows[left++] = row;
        else buffer[kept++] = row;
      }
      rows.set(buffer.subarray(0, kept), left);
      model.feature[node] = split.feature;
      model.split[node] = split.at;
      for (const [side, child] of [
        ['left', branchOf(2 * place, start, left)],
        ['right', branchOf(2 * place + 1, left, end)],
      ] as const) {
        model[side][node] = addNode(model, leafValue(child));
        next.push({ node: model[side][node], branch: child });
      }
    });
    level = next;
  }
  return root;
}

function addNode(model: Growing, value: number): number {
  model.feature.push(-1);
  model.split.push(0);
  model.left.push(-1);
  model.right.push(-1);
  return model.value.push(value) - 1;
}

function leafOf(model: Growing, root: number, { bins, width }: BinnedFeatures, row: number): number {
  let node = root;
  while (model.feature[node] >= 0)
    node = bins[row * width + model.feature[node]] <= model.split[node] ? model.left[node] : model.right[node];
  return node;
}

interface ScorePart {
  readonly model: BoostedTrees;
  readonly features: BinnedFeatures;
  readonly scores: TreeScores;
  readonly rows: readonly [start: number, end: number];
}

/** Probabilities of rows, and by feature what it adds to each row's log-odds. */
export interface TreeScores {
  readonly risk: Float64Array;
  readonly added: readonly Float32Array[];
}

export const scoreKernels = {
  treeScores({ model, features, scores: { risk, added }, rows: [start, end] }: ScorePart): void {
    const one = new Float64Array(features.width);
    for (let row = start; row < end; row++) {
      risk[row] = scoreTrees(model, features, row, one);
      for (let feature = 0; feature < one.length; feature++) added[feature][row] = one[feature];
    }
  },
};

/** Scores every row. */
export async function scoreRows(
  crew: Crew,
  model: BoostedTrees,
  features: BinnedFeatures,
  length: number,
): Promise<TreeScores> {
  const scores: TreeScores = {
    risk: crew.room(new Float64Array(0), length),
    added: Array.from({ length: features.width }, () => crew.room(new Float32Array(0), length)),
  };
  await crew.run(
    scoreKernels,
    'treeScores',
    evenRanges(length, crew.threads).map((rows): ScorePart => ({ model, features, scores, rows })),
  );
  return scores;
}

/**
 * The probability of a row, and what each feature adds to its log-odds: along each path, how much the value changes at the
 * feature's splits (Saabas 2014). What the features add and the trees' roots make up the whole.
 */
function scoreTrees(model: BoostedTrees, { bins, width }: BinnedFeatures, row: number, added: Float64Array): number {
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
