import { AnalysisError, message } from '@patron/sdk';
import { type CoxRows, type Derivatives, linearPredictor } from './cox-data.ts';

/** Multiplications beyond which exact ties would take minutes. */
const MOST_WORK = 4e9;

/**
 * Log-likelihood, score and information with exact ties: time is discrete, and those who ended at a time are one of all
 * subsets of that size that could have (Cox 1972, section 6). The sum over subsets by the recursion of Gail, Lubin &
 * Rubinstein (1981, "Likelihood calculations for matched case-control studies").
 * @throws AnalysisError where ties are too many for it
 */
export function exactDerivatives(rows: CoxRows, beta: Float64Array): Derivatives {
  const { times, ended, strata, columns } = rows;
  const p = columns.length;
  requireFeasible(rows);
  const predictor = linearPredictor(rows, beta);
  const values = rowByRow(rows);
  const score = new Float64Array(p);
  const information = new Float64Array(p * p);
  let logLikelihood = 0;
  for (let stratum = 0; stratum + 1 < strata.length; stratum++) {
    const start = strata[stratum];
    const end = strata[stratum + 1];
    for (let i = start; i < end; ) {
      const first = i;
      let events = 0;
      for (; i < end && times[i] === times[first]; i++) {
        if (ended[i] === 0) continue;
        events++;
        logLikelihood += predictor[i];
        for (let a = 0; a < p; a++) score[a] += values[i * p + a];
      }
      if (events > 0) logLikelihood -= addSubsets(values, p, predictor, start, i, events, score, information);
    }
  }
  for (let a = 0; a < p; a++) for (let b = 0; b < a; b++) information[b * p + a] = information[a * p + b];
  return { logLikelihood, score, information };
}

/** `values[row * width + column]`: the sums over subsets read whole rows. */
function rowByRow({ times, columns }: CoxRows): Float64Array {
  const width = columns.length;
  const values = new Float64Array(times.length * width);
  columns.forEach((column, c) => {
    for (let i = 0; i < column.length; i++) values[i * width + c] = column[i];
  });
  return values;
}

function requireFeasible({ times, ended, strata, columns }: CoxRows): void {
  let work = 0;
  for (let stratum = 0; stratum + 1 < strata.length; stratum++) {
    for (let i = strata[stratum]; i < strata[stratum + 1]; ) {
      const first = i;
      let events = 0;
      for (; i < strata[stratum + 1] && times[i] === times[first]; i++) events += ended[i];
      work += events * (i - strata[stratum]) * (columns.length + 1) ** 2;
      if (work <= MOST_WORK && events <= 500) continue;
      throw new AnalysisError("There are too many ties for the exact method. Set 'ties' to efron.", {
        text: message('error.tooManyTies'),
        path: 'parameters.ties',
      });
    }
  }
}

/** Log of the sum over all subsets of `size` of the rows' risks; its derivatives go into score and information. */
function addSubsets(
  x: Float64Array,
  p: number,
  predictor: Float64Array,
  start: number,
  end: number,
  size: number,
  score: Float64Array,
  information: Float64Array,
): number {
  let shift = Number.NEGATIVE_INFINITY;
  for (let i = start; i < end; i++) shift = Math.max(shift, predictor[i]);
  let total = 0;
  for (let i = start; i < end; i++) total += Math.exp(predictor[i] - shift);
  // Scaled so that the sums stay near e^size, whatever the number of rows.
  const scale = size / total;
  const sums = new Float64Array(size + 1);
  const first = new Float64Array((size + 1) * p);
  const second = new Float64Array((size + 1) * p * p);
  sums[0] = 1;
  for (let i = start; i < end; i++) {
    const risk = Math.exp(predictor[i] - shift) * scale;
    const row = i * p;
    for (let j = Math.min(size, i - start + 1); j > 0; j--) {
      for (let a = 0; a < p; a++) {
        const xa = x[row + a];
        const into = (j * p + a) * p;
        const from = ((j - 1) * p + a) * p;
        const firstA = first[(j - 1) * p + a];
        for (let b = 0; b <= a; b++)
          second[into + b] +=
            risk * (second[from + b] + xa * first[(j - 1) * p + b] + x[row + b] * (firstA + xa * sums[j - 1]));
      }
      for (let a = 0; a < p; a++) first[j * p + a] += risk * (first[(j - 1) * p + a] + x[row + a] * sums[j - 1]);
      sums[j] += risk * sums[j - 1];
    }
  }
  const whole = sums[size];
  for (let a = 0; a < p; a++) {
    const meanA = first[size * p + a] / whole;
    score[a] -= meanA;
    for (let b = 0; b <= a; b++)
      information[a * p + b] += second[(size * p + a) * p + b] / whole - (meanA * first[size * p + b]) / whole;
  }
  return Math.log(whole) + size * (shift - Math.log(scale));
}
