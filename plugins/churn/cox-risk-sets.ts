import { evenRanges } from '@patron/sdk';
import { type CoxData, type Derivatives, stratumOf } from './cox-data.ts';
import { type BlockEvents, type EventPart, type SumPart, walkEvents } from './cox-events.ts';
import { eachBlock, eachStratum, type Walk, type WalkPart } from './cox-walk.ts';
import { addGram, GRAM_ROWS, mirror } from './gram.ts';

interface RiskPart extends WalkPart {
  readonly beta: Float64Array;
}

interface MomentPart extends WalkPart {
  /** By block: the gains after it in the stratum of its last row. */
  readonly after: Float64Array;
  readonly emphasis?: Float64Array;
}

interface BlockMoments {
  readonly score: Float64Array;
  readonly moments: Float64Array;
}

/** The kernels that `riskSets` runs, each on some blocks of rows. */
export const coxKernels = {
  /** Predictors; by block, pairs of a stratum and its greatest predictor. */
  coxPredict: ({ rows, walk: { predictor }, blocks, beta }: RiskPart): number[][] =>
    eachBlock(rows, blocks, (start, end) => {
      predictor.fill(0, start, end);
      rows.columns.forEach((column, c) => {
        const slope = beta[c];
        for (let i = start; i < end; i++) predictor[i] += slope * column[i];
      });
      const greatest: number[] = [];
      eachStratum(rows, start, end, (stratum, from, to) => {
        let most = Number.NEGATIVE_INFINITY;
        for (let i = from; i < to; i++) if (predictor[i] > most) most = predictor[i];
        greatest.push(stratum, most);
      });
      return greatest;
    }),

  /** Risks; by block, the sums over its rows in the stratum of its last row. */
  coxSum: ({ rows, walk: { predictor, risk }, blocks, shift }: SumPart): Float64Array[] =>
    eachBlock(rows, blocks, (start, end) => {
      const sums = new Float64Array(1 + rows.columns.length);
      eachStratum(rows, start, end, (stratum, from, to) => {
        for (let i = from; i < to; i++) risk[i] = Math.exp(predictor[i] - shift[stratum]);
        if (to < end) return;
        for (let i = from; i < to; i++) sums[0] += risk[i];
        rows.columns.forEach((column, c) => {
          let sum = 0;
          for (let i = from; i < to; i++) sum += risk[i] * column[i];
          sums[c + 1] = sum;
        });
      });
      return sums;
    }),

  coxEvents: (part: EventPart): BlockEvents[] =>
    eachBlock(part.rows, part.blocks, (start, end, block) => walkEvents(part, start, end, block)),

  coxMoments: (part: MomentPart): BlockMoments[] =>
    eachBlock(part.rows, part.blocks, (start, end, block) => gatherMoments(part, start, end, part.after[block])),
};

/**
 * From the shortest of a block up: each row's share of the cumulative hazard, its residual (event less expected) times the
 * covariates, and the covariates' products weighed by that share. Summed over events, the risk sets' second moments are
 * exactly these.
 */
function gatherMoments({ rows, walk, emphasis }: MomentPart, start: number, end: number, after: number): BlockMoments {
  const { ended, columns } = rows;
  const { risk, gain, spared } = walk;
  const p = columns.length;
  const score = new Float64Array(p);
  const moments = new Float64Array(p * p);
  const left = new Float64Array(p * GRAM_ROWS);
  const right = new Float64Array(p * GRAM_ROWS);
  const share = new Float64Array(end - start);
  let hazard = after;
  let stratum = stratumOf(rows.strata, end - 1);
  for (let i = end - 1; i >= start; i--) {
    while (i < rows.strata[stratum]) {
      stratum--;
      hazard = 0;
    }
    hazard += gain[i];
    share[i - start] = risk[i] * (hazard - spared[i]);
  }
  for (let from = start; from < end; from += GRAM_ROWS) {
    const size = Math.min(GRAM_ROWS, end - from);
    for (let c = 0; c < p; c++) {
      const column = columns[c];
      const at = c * GRAM_ROWS;
      let sum = 0;
      for (let i = 0; i < size; i++) {
        const value = column[from + i];
        const own = share[from - start + i];
        const event = ended[from + i] === 0 ? 0 : emphasis ? emphasis[from + i] : 1;
        left[at + i] = value;
        right[at + i] = value * own;
        sum += value * (event - own);
      }
      score[c] += sum;
    }
    addGram(left, right, p, size, moments);
  }
  return { score, moments };
}

/** The derivatives, and what of the information is left to compare its digits with. */
export interface RiskSets extends Derivatives {
  /** The diagonal of the information before the means were taken from it. */
  readonly magnitude: Float64Array;
  /** By row: at the last row of a time, by how much the baseline's cumulative hazard grows; see `shift`. */
  readonly gain: Float64Array;
  /** By stratum: the greatest predictor, which `gain` is relative to. */
  readonly shift: Float64Array;
}

/** Walks data again and again in the same memory. */
export class RiskSetWalker {
  readonly data: CoxData;
  readonly #walk: Walk;

  constructor(data: CoxData) {
    const { times } = data.rows;
    const room = (): Float64Array => data.crew.room(times, times.length);
    this.data = data;
    this.#walk = { predictor: room(), risk: room(), gain: room(), spared: room() };
  }

  /**
   * The partial log-likelihood (Cox 1972) at standardised `beta` with its derivatives, ties by Efron (1977) or Breslow (1974).
   * With `emphasis`, a number by row that is the same within a time, the derivatives are sums of what each time adds times
   * that. In a few passes of rows × width² / 2, whatever the ties.
   */
  async at(beta: Float64Array, efron: boolean, emphasis?: Float64Array): Promise<RiskSets> {
    const { rows, crew } = this.data;
    const walk = this.#walk;
    const p = rows.columns.length;
    const blocks = rows.blocks.length - 1;
    const parts = evenRanges(blocks, Math.min(blocks, crew.threads)).map(
      (range): WalkPart => ({ rows, walk, blocks: range }),
    );
    const greatest = await crew.run(
      coxKernels,
      'coxPredict',
      parts.map((part) => ({ ...part, beta })),
    );
    const shift = new Float64Array(rows.strata.length - 1).fill(Number.NEGATIVE_INFINITY);
    for (const pairs of greatest.flat())
      for (let i = 0; i < pairs.length; i += 2) shift[pairs[i]] = Math.max(shift[pairs[i]], pairs[i + 1]);
    const summing = parts.map((part) => ({ ...part, shift }));
    const sums = (await crew.run(coxKernels, 'coxSum', summing)).flat();
    const before = new Float64Array(blocks * (p + 1));
    for (let block = 1; block < blocks; block++) {
      if (!this.#continues(block)) continue;
      const whole = this.#wholly(block - 1);
      for (let c = 0; c <= p; c++)
        before[block * (p + 1) + c] = sums[block - 1][c] + (whole ? before[(block - 1) * (p + 1) + c] : 0);
    }
    const events = (
      await crew.run(
        coxKernels,
        'coxEvents',
        summing.map((part) => ({ ...part, efron, before, emphasis })),
      )
    ).flat();
    const after = new Float64Array(blocks);
    for (let block = blocks - 2; block >= 0; block--) {
      if (!this.#continues(block + 1)) continue;
      after[block] = events[block + 1].gains + (this.#wholly(block + 1) ? after[block + 1] : 0);
    }
    const gathered = (
      await crew.run(
        coxKernels,
        'coxMoments',
        parts.map((part) => ({ ...part, after, emphasis })),
      )
    ).flat();
    return { ...joined(p, events, gathered), gain: walk.gain, shift };
  }

  /** Whether a block begins within a stratum. */
  #continues(block: number): boolean {
    const { strata, blocks } = this.data.rows;
    return stratumOf(strata, blocks[block]) === stratumOf(strata, blocks[block] - 1);
  }

  /** Whether a block lies within one stratum. */
  #wholly(block: number): boolean {
    const { strata, blocks } = this.data.rows;
    return stratumOf(strata, blocks[block]) === stratumOf(strata, blocks[block + 1] - 1);
  }
}

function joined(
  p: number,
  events: readonly BlockEvents[],
  gathered: readonly BlockMoments[],
): Derivatives & { magnitude: Float64Array } {
  let logLikelihood = 0;
  const score = new Float64Array(p);
  const moments = new Float64Array(p * p);
  const means = new Float64Array(p * p);
  events.forEach((own, block) => {
    logLikelihood += own.logLikelihood;
    add(means, own.means);
    add(score, gathered[block].score);
    add(moments, gathered[block].moments);
  });
  const magnitude = Float64Array.from({ length: p }, (_, c) => moments[c * p + c]);
  const information = moments.map((value, i) => value - means[i]);
  mirror(information, p);
  return { logLikelihood, score, information, magnitude };
}

function add(into: Float64Array, values: Float64Array): void {
  for (let i = 0; i < into.length; i++) into[i] += values[i];
}
