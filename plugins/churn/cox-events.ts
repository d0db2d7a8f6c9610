import { stratumOf } from './cox-data.ts';
import { MeansBatch, tied } from './cox-means.ts';
import { eachStratum, type WalkPart } from './cox-walk.ts';

export interface SumPart extends WalkPart {
  /** By stratum: the greatest predictor. */
  readonly shift: Float64Array;
}

export interface EventPart extends SumPart {
  readonly efron: boolean;
  /** By block, then 1 + width numbers: the sums of risk and of risk × covariate over the rows before it in its stratum. */
  readonly before: Float64Array;
  readonly emphasis?: Float64Array;
}

export interface BlockEvents {
  readonly logLikelihood: number;
  /** Sum over times with events of what the risk sets' means take from the information. */
  readonly means: Float64Array;
  /** Sum of the gains in the stratum of the block's first row. */
  readonly gains: number;
}

/** Walks the times of a block from the longest down, with the sums over who is at risk. */
export function walkEvents(part: EventPart, start: number, end: number, block: number): BlockEvents {
  const { rows, walk, shift, efron, before, emphasis } = part;
  const { times, ended, columns } = rows;
  const { predictor, risk, gain, spared } = walk;
  const p = columns.length;
  const s1 = new Float64Array(p);
  const d1 = new Float64Array(p);
  const batch = new MeansBatch(p);
  let logLikelihood = 0;
  let gains = 0;
  const firstStratum = stratumOf(rows.strata, start);
  eachStratum(rows, start, end, (stratum, from, to) => {
    let s0 = stratum === firstStratum ? before[block * (p + 1)] : 0;
    for (let c = 0; c < p; c++) s1[c] = stratum === firstStratum ? before[block * (p + 1) + 1 + c] : 0;
    for (let i = from; i < to; ) {
      const time = times[i];
      const first = i;
      let d0 = 0;
      let events = 0;
      let predictors = 0;
      for (; i < to && times[i] === time; i++) {
        s0 += risk[i];
        spared[i] = 0;
        gain[i] = 0;
        if (ended[i] === 0) continue;
        events++;
        d0 += risk[i];
        predictors += predictor[i] - shift[stratum];
      }
      for (let c = 0; c < p; c++) {
        const column = columns[c];
        let sum = s1[c];
        for (let k = first; k < i; k++) sum += risk[k] * column[k];
        s1[c] = sum;
      }
      if (events === 0) continue;
      const weight = emphasis ? emphasis[first] : 1;
      logLikelihood += predictors;
      if (!efron || events === 1) {
        const inverse = 1 / s0;
        logLikelihood -= events * Math.log(s0);
        gain[i - 1] = weight * events * inverse;
        batch.add(s1, inverse * Math.sqrt(events), weight);
      } else {
        for (let c = 0; c < p; c++) {
          const column = columns[c];
          let sum = 0;
          for (let k = first; k < i; k++) if (ended[k] === 1) sum += risk[k] * column[k];
          d1[c] = sum;
        }
        const less = tied(s0, d0, events);
        logLikelihood -= less.logarithms;
        gain[i - 1] = weight * less.a0;
        for (let k = first; k < i; k++) if (ended[k] === 1) spared[k] = weight * less.a1;
        batch.addTied(s1, d1, less, weight);
      }
      if (stratum === firstStratum) gains += gain[i - 1];
    }
  });
  return { logLikelihood, means: batch.finish(), gains };
}
