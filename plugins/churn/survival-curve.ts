import { evenRanges, type SpellCounts, type Threads } from '@patron/sdk';
import { type Crew, spreading } from './spreading.ts';

/** A survival curve at the distinct durations of its spells; all arrays have one entry a time. */
export interface SurvivalCurve {
  readonly times: Float64Array;
  readonly atRisk: Float64Array;
  readonly ended: Float64Array;
  readonly running: Float64Array;
  /** Share still there just after the time (Kaplan & Meier 1958). */
  readonly survival: Float64Array;
  /** Greenwood's standard error of the survival. */
  readonly standardError: Float64Array;
  /** Cumulative hazard (Nelson 1972, Aalen 1978). */
  readonly cumulativeHazard: Float64Array;
}

/** Times that are multiplied up together; the curve has the same digits on any number of threads. */
const BLOCK = 1 << 16;

interface CurvePart {
  readonly curve: SurvivalCurve;
  readonly blocks: readonly [first: number, end: number];
}

/** What a block leaves to the blocks after it. */
interface BlockEnd {
  readonly share: number;
  readonly variance: number;
  readonly hazard: number;
}

/** The kernels that `survivalCurve` runs. */
export const curveKernels = {
  /** How many spells each block has. */
  curveSpells: ({ curve: { ended, running }, blocks }: CurvePart): number[] =>
    eachBlock(blocks, ended.length, (start, end) => {
      let spells = 0;
      for (let i = end - 1; i >= start; i--) spells += ended[i] + running[i];
      return spells;
    }),

  /** Each block's curve as though it were the first; standard errors hold the sum of Greenwood's terms as yet. */
  curveBlocks: ({ curve, blocks, later }: CurvePart & { readonly later: Float64Array }): BlockEnd[] =>
    eachBlock(blocks, curve.times.length, (start, end, block) => ownCurve(curve, start, end, later[block])),

  /** Puts each block on what those before it leave. */
  curveJoin({ curve, blocks, before }: CurvePart & { readonly before: readonly BlockEnd[] }): void {
    const { survival, standardError, cumulativeHazard } = curve;
    eachBlock(blocks, curve.times.length, (start, end, block) => {
      const { share, variance, hazard } = before[block];
      for (let i = start; i < end; i++) {
        survival[i] *= share;
        standardError[i] = survival[i] * Math.sqrt(variance + standardError[i]);
        cumulativeHazard[i] += hazard;
      }
    });
  },
};

function eachBlock<Result>(
  [first, last]: readonly [number, number],
  length: number,
  work: (start: number, end: number, block: number) => Result,
): Result[] {
  return Array.from({ length: last - first }, (_, i) => {
    const block = first + i;
    return work(block * BLOCK, Math.min(length, (block + 1) * BLOCK), block);
  });
}

function ownCurve(curve: SurvivalCurve, start: number, end: number, later: number): BlockEnd {
  const { ended, running, atRisk, survival, standardError, cumulativeHazard } = curve;
  for (let i = end - 1, risk = later; i >= start; i--) {
    risk += ended[i] + running[i];
    atRisk[i] = risk;
  }
  let share = 1;
  let variance = 0;
  let hazard = 0;
  for (let i = start; i < end; i++) {
    const staying = atRisk[i] - ended[i];
    // The last spells leave nothing at risk; rounding of weights must not leave a share behind.
    share = staying > 1e-12 * atRisk[i] ? share * (staying / atRisk[i]) : 0;
    if (ended[i] > 0) {
      hazard += ended[i] / atRisk[i];
      if (share > 0) variance += ended[i] / (atRisk[i] * staying);
    }
    survival[i] = share;
    cumulativeHazard[i] = hazard;
    standardError[i] = variance;
  }
  return { share, variance, hazard };
}

function emptyCurve({ times, ended, running }: SpellCounts, crew: Crew): SurvivalCurve {
  const [own, endedHere, runningHere] = [times, ended, running].map((array) => crew.shared(array));
  const room = (): Float64Array => crew.room(times, times.length);
  return {
    times: own,
    ended: endedHere,
    running: runningHere,
    atRisk: room(),
    survival: room(),
    standardError: room(),
    cumulativeHazard: room(),
  };
}

/** The Kaplan–Meier and Nelson–Aalen estimates of one group, found on all threads. */
export async function survivalCurve(threads: Threads, counts: SpellCounts): Promise<SurvivalCurve> {
  const crew = spreading(threads, counts.times.length);
  const curve = emptyCurve(counts, crew);
  const blocks = Math.ceil(counts.times.length / BLOCK);
  const ranges = evenRanges(blocks, crew.threads);
  const inputs = ranges.map((range): CurvePart => ({ curve, blocks: range }));
  const spells = (await crew.run(curveKernels, 'curveSpells', inputs)).flat();
  const later = new Float64Array(blocks);
  for (let block = blocks - 2; block >= 0; block--) later[block] = later[block + 1] + spells[block + 1];
  const withLater = inputs.map((input) => ({ ...input, later }));
  const ends = (await crew.run(curveKernels, 'curveBlocks', withLater)).flat();
  const before: BlockEnd[] = [];
  let reached: BlockEnd = { share: 1, variance: 0, hazard: 0 };
  for (const { share, variance, hazard } of ends) {
    before.push(reached);
    reached = {
      share: reached.share * share,
      variance: reached.variance + variance,
      hazard: reached.hazard + hazard,
    };
  }
  await crew.run(
    curveKernels,
    'curveJoin',
    inputs.map((input) => ({ ...input, before })),
  );
  return curve;
}
