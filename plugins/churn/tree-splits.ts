import { evenRanges } from '@patron/sdk';
import type { Crew } from './spreading.ts';
import type { BinnedFeatures } from './tree-bins.ts';

/** A node of the tree that grows: which rows it has, and their sums. */
export interface Branch {
  /** Place in a full tree: the root is 1, the children of n are 2n and 2n + 1. */
  readonly place: number;
  /** Its rows' places in the list of rows. */
  readonly start: number;
  readonly end: number;
  /** Sums of its rows' gradients and of their weights. */
  readonly gradient: number;
  readonly weight: number;
}

/** Rows whose class of `feature` is at most `at` go left. */
export interface Split {
  readonly feature: number;
  readonly at: number;
  readonly gain: number;
}

/** What splits are judged by. */
export interface SplitRules {
  /** Least sum of second derivatives in a leaf, and the ridge on leaf values. */
  readonly leastWeight: number;
  readonly ridge: number;
}

/** What a level is searched in; all arrays shared where there are several threads. */
interface Search {
  readonly features: BinnedFeatures;
  /** Rows, those of a node together. */
  readonly rows: Uint32Array;
  readonly gradient: Float64Array;
  readonly weight: Float64Array;
  /** By place, feature and class: the sums of gradients and of weights. */
  readonly sums: Float64Array;
  readonly stride: number;
}

interface SplitPart extends Search {
  readonly branches: readonly Branch[];
  readonly rules: SplitRules;
  /** Features from the first up to the second. */
  readonly range: readonly [first: number, end: number];
}

export const splitKernels = {
  /**
   * The best split of each branch among some features. Of two siblings the one of fewer rows is counted; the other is what
   * the parent has besides.
   */
  treeSplits(part: SplitPart): (Split | undefined)[] {
    const { branches } = part;
    for (const branch of branches) {
      const sibling = branches.find(({ place }) => place === (branch.place ^ 1));
      if (sibling === undefined || branch.place === 1 || counted(branch, sibling)) gatherSums(part, branch);
    }
    for (const branch of branches) {
      const sibling = branches.find(({ place }) => place === (branch.place ^ 1));
      if (sibling !== undefined && branch.place !== 1 && !counted(branch, sibling)) takeRest(part, branch);
    }
    return branches.map((branch) => bestSplit(part, branch));
  },
};

function counted(branch: Branch, sibling: Branch): boolean {
  const [own, other] = [branch.end - branch.start, sibling.end - sibling.start];
  return own < other || (own === other && branch.place < sibling.place);
}

function gatherSums({ features, rows, gradient, weight, sums, stride, range }: SplitPart, branch: Branch): void {
  const { bins, width } = features;
  const [first, end] = range;
  const base = branch.place * width * stride;
  sums.fill(0, base + first * stride, base + end * stride);
  for (let i = branch.start; i < branch.end; i++) {
    const row = rows[i];
    const g = gradient[row];
    const h = weight[row];
    const from = row * width;
    for (let feature = first, at = base + first * stride; feature < end; feature++, at += stride) {
      const slot = at + bins[from + feature] * 2;
      sums[slot] += g;
      sums[slot + 1] += h;
    }
  }
}

/** The parent's sums less the sibling's. */
function takeRest({ features, sums, stride, range: [first, end] }: SplitPart, { place }: Branch): void {
  const row = features.width * stride;
  const parent = (place >> 1) * row;
  const sibling = (place ^ 1) * row;
  for (let slot = first * stride; slot < end * stride; slot++)
    sums[place * row + slot] = sums[parent + slot] - sums[sibling + slot];
}

function bestSplit({ features, sums, stride, rules, range }: SplitPart, branch: Branch): Split | undefined {
  const { leastWeight, ridge } = rules;
  const { gradient: g, weight: h } = branch;
  let best: Split | undefined;
  let bestGain = 1e-7;
  const whole = (g * g) / (h + ridge);
  for (let feature = range[0]; feature < range[1]; feature++) {
    const from = (branch.place * features.width + feature) * stride;
    let leftG = 0;
    let leftH = 0;
    for (let bin = 0; bin + 1 < features.counts[feature]; bin++) {
      leftG += sums[from + bin * 2];
      leftH += sums[from + bin * 2 + 1];
      if (leftH < leastWeight) continue;
      if (h - leftH < leastWeight) break;
      const rightG = g - leftG;
      const gain = (leftG * leftG) / (leftH + ridge) + (rightG * rightG) / (h - leftH + ridge) - whole;
      if (gain <= bestGain) continue;
      bestGain = gain;
      best = { feature, at: bin, gain };
    }
  }
  return best;
}

/** Searches level after level of one tree after another in the same memory. */
export class SplitSearch {
  readonly #crew: Crew;
  readonly #search: Search;
  readonly #rules: SplitRules;

  /** `depth`: how many levels of splits a tree has at most. */
  constructor(
    crew: Crew,
    given: Pick<Search, 'features' | 'rows' | 'gradient' | 'weight'>,
    rules: SplitRules,
    depth: number,
  ) {
    const stride = 2 * Math.max(1, ...given.features.counts);
    const sums = crew.room(new Float64Array(0), 2 ** depth * given.features.width * stride);
    this.#crew = crew;
    this.#search = { ...given, sums, stride };
    this.#rules = rules;
  }

  /** The best split of each branch of one level; undefined where none gains. Both children of a split node must be given. */
  async of(branches: readonly Branch[]): Promise<(Split | undefined)[]> {
    const { width } = this.#search.features;
    const found = await this.#crew.run(
      splitKernels,
      'treeSplits',
      evenRanges(width, Math.min(width, this.#crew.threads)).map(
        (range): SplitPart => ({ ...this.#search, branches, rules: this.#rules, range }),
      ),
    );
    // Of equal gains the first feature's counts, as it would in one thread.
    return branches.map((_, i) =>
      found.reduce<Split | undefined>((best, splits) => {
        const split = splits[i];
        return split && (!best || split.gain > best.gain) ? split : best;
      }, undefined),
    );
  }
}
