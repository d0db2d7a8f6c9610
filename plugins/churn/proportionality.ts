import { chiSquareUpperTail, cholesky, choleskySolve, type SpellCounts, type Threads } from '@patron/sdk';
import { type CoxFit, fullBeta } from './cox.ts';
import type { CoxRows } from './cox-data.ts';
import { sureCholesky } from './information.ts';
import { lastIndexAt } from './kaplan-meier.ts';
import { spreadSpells } from './spells-spread.ts';
import { survivalCurve } from './survival-curve.ts';

export type TimeTransform = 'km' | 'rank' | 'identity' | 'log';

export interface ProportionalityTest {
  readonly covariate: string;
  readonly statistic: number;
  readonly degrees: number;
  readonly pValue: number;
}

/**
 * The score test of proportional hazards (Grambsch & Therneau 1994, in the exact form of R survival 3's cox.zph): does a
 * coefficient change with a transform of time? One test for each covariate (all levels of a text together) and one for all.
 */
export async function proportionality(
  threads: Threads,
  fit: CoxFit,
  covariates: readonly string[],
  transform: TimeTransform,
): Promise<ProportionalityTest[]> {
  const q = fit.kept.length;
  const { rows, scales, crew } = fit.walker.data;
  const p = scales.length;
  const [once, squared] = [crew.room(rows.times, rows.times.length), crew.room(rows.times, rows.times.length)];
  await transformTimes(threads, rows, transform, once);
  for (let i = 0; i < once.length; i++) squared[i] = once[i] * once[i];
  const u = new Float64Array(2 * q);
  const size = 2 * q;
  const matrix = new Float64Array(size * size);
  const beta = fullBeta(fit);
  const efron = fit.ties !== 'breslow';
  for (const [power, emphasis] of [undefined, once, squared].entries()) {
    const { score, information } = await fit.walker.at(beta, efron, emphasis);
    for (let i = 0; i < q; i++) {
      if (power === 1) u[q + i] = score[fit.kept[i]];
      for (let j = 0; j < q; j++) {
        const value = information[fit.kept[i] * p + fit.kept[j]];
        if (power === 0) matrix[i * size + j] = value;
        else if (power === 1) {
          matrix[i * size + q + j] = value;
          matrix[(q + i) * size + j] = value;
        } else matrix[(q + i) * size + q + j] = value;
      }
    }
  }
  const test = (covariate: string, indices: readonly number[]): ProportionalityTest => {
    const chosen = [...Array.from({ length: q }, (_, i) => i), ...indices.map((i) => q + i)];
    const order = chosen.length;
    const part = new Float64Array(order * order);
    for (let i = 0; i < order; i++)
      for (let j = 0; j < order; j++) part[i * order + j] = matrix[chosen[i] * size + chosen[j]];
    const right = chosen.map((i, place) => (place < q ? 0 : u[i]));
    const solution = choleskySolve(cholesky(part, order) ?? sureCholesky(part, order), right);
    const statistic = right.reduce((sum, value, i) => sum + value * solution[i], 0);
    const degrees = indices.length;
    return { covariate, statistic, degrees, pValue: chiSquareUpperTail(statistic, degrees) };
  };
  const finite = fit.kept.map((_, i) => i).filter((i) => !fit.infinite.includes(i));
  const byCovariate = new Map<string, number[]>();
  for (const i of finite) {
    const name = covariates[fit.kept[i]];
    byCovariate.set(name, [...(byCovariate.get(name) ?? []), i]);
  }
  const tests = [...byCovariate].map(([covariate, indices]) => test(covariate, indices));
  return tests.length > 0 ? [...tests, test('GLOBAL', finite)] : [];
}

/** Writes the transform of each row's time into `into`, centred over the events. */
async function transformTimes(
  threads: Threads,
  { times, ended, strata }: CoxRows,
  transform: TimeTransform,
  into: Float64Array,
): Promise<void> {
  const spell = { type: 'number', length: times.length, values: times, scale: 1 } as const;
  const [counts] = (await spreadSpells(threads, { duration: spell, ended, groupCount: 1 })).groups;
  const values = await transformed(threads, counts, transform);
  let sum = 0;
  let events = 0;
  for (let i = 0; i < counts.times.length; i++) {
    sum += counts.ended[i] * values[i];
    events += counts.ended[i];
  }
  const mean = events > 0 ? sum / events : 0;
  for (let stratum = 0; stratum + 1 < strata.length; stratum++) {
    let place = lastIndexAt(counts.times, times[strata[stratum]]);
    for (let i = strata[stratum]; i < strata[stratum + 1]; i++) {
      while (counts.times[place] > times[i]) place--;
      into[i] = values[place] - mean;
    }
  }
}

/** The transform of each distinct time. */
async function transformed(threads: Threads, counts: SpellCounts, transform: TimeTransform): Promise<Float64Array> {
  const { times, ended, running } = counts;
  if (transform === 'identity') return times;
  if (transform === 'log') return times.map((time) => Math.log(Math.max(time, 1e-300)));
  const values = new Float64Array(times.length);
  if (transform === 'km') {
    const { survival } = await survivalCurve(threads, counts);
    for (let i = 1; i < times.length; i++) values[i] = 1 - survival[i - 1];
    return values;
  }
  let before = 0;
  for (let i = 0; i < times.length; i++) {
    const here = ended[i] + running[i];
    values[i] = before + (here + 1) / 2;
    before += here;
  }
  return values;
}
