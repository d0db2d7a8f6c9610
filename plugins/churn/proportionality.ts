import { chiSquareUpperTail, cholesky, choleskySolve, spells } from '@patron/sdk';
import { type CoxFit, fullBeta, walkRiskSets } from './cox.ts';
import { survivalCurve } from './kaplan-meier.ts';
import { sureCholesky } from './standardise.ts';

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
export function proportionality(
  fit: CoxFit,
  covariates: readonly string[],
  transform: TimeTransform,
): ProportionalityTest[] {
  const q = fit.kept.length;
  const transformed = transformedTimes(fit, transform);
  const u = new Float64Array(2 * q);
  const matrix = new Float64Array(4 * q * q);
  const size = 2 * q;
  const p = fit.data.design.width;
  walkRiskSets(fit.data, fullBeta(fit), fit.ties, ({ time, score, information }) => {
    const g = transformed(time);
    for (let i = 0; i < q; i++) {
      const a = fit.kept[i];
      u[q + i] += g * score[a];
      for (let j = 0; j < q; j++) {
        const b = fit.kept[j];
        const value = information[Math.max(a, b) * p + Math.min(a, b)];
        matrix[i * size + j] += value;
        matrix[i * size + q + j] += g * value;
        matrix[(q + i) * size + j] += g * value;
        matrix[(q + i) * size + q + j] += g * g * value;
      }
    }
  });
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

/** The transform, centred over the events. */
function transformedTimes(fit: CoxFit, transform: TimeTransform): (time: number) => number {
  const { times, ended } = fit.data;
  const values = new Map<number, number>();
  const [counts] = spells({ type: 'number', length: times.length, values: times, scale: 1 }, ended).groups;
  if (transform === 'km') {
    const curve = survivalCurve(counts);
    for (let i = 0; i < curve.times.length; i++) values.set(curve.times[i], i === 0 ? 0 : 1 - curve.survival[i - 1]);
  } else if (transform === 'rank') {
    let before = 0;
    for (let i = 0; i < counts.times.length; i++) {
      const here = counts.ended[i] + counts.running[i];
      values.set(counts.times[i], before + (here + 1) / 2);
      before += here;
    }
  } else {
    for (const time of counts.times) values.set(time, transform === 'log' ? Math.log(Math.max(time, 1e-300)) : time);
  }
  let sum = 0;
  let events = 0;
  for (let i = 0; i < counts.times.length; i++) {
    if (counts.ended[i] === 0) continue;
    sum += counts.ended[i] * (values.get(counts.times[i]) ?? 0);
    events += counts.ended[i];
  }
  const mean = events > 0 ? sum / events : 0;
  return (time) => (values.get(time) ?? 0) - mean;
}
