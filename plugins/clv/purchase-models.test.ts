import { hessianOf, seededRandom } from '@patron/sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bgNbd, mbgNbd } from './beta-geometric.ts';
import { residualTime } from './discounting.ts';
import { gammaGompertzNbd } from './gamma-gompertz-nbd.ts';
import { evaluationOf, objectiveOf } from './likelihood-fit.ts';
import { Panels } from './panels.ts';
import { paretoNbd } from './pareto-nbd.ts';
import { betaRule, exponentialRule, gaussLegendre } from './quadrature.ts';
import { simulatePurchases } from './simulate.ts';
import { drawCurves, visitRows } from './time-functions.ts';
import { groupRows, partOf } from './weighted-rows.ts';

const models = [bgNbd, mbgNbd, paretoNbd, gammaGompertzNbd];

const parameter = fc.double({ min: Math.log(0.05), max: Math.log(50), noNaN: true });

function someRows() {
  const { frequency, recency, T } = simulatePurchases('bg-nbd', [0.8, 4, 0.8, 2.5], 60, [5, 90], seededRandom(7));
  return groupRows(frequency, recency, T);
}

describe.each(models.map((model) => [model.name, model] as const))('%s', (_, model) => {
  const rows = someRows();
  const order = model.parameters.length;
  const point = fc.array(parameter, { minLength: order, maxLength: order });
  /** The four parameters of the others, with a growing rate of stopping where the model has one. */
  const at = (...four: number[]): number[] => (order === 5 ? [four[0], four[1], 0.03, four[2], four[3]] : four);

  const part = partOf(rows);
  const loss = objectiveOf((parameters) => model.sums(part, parameters, false), rows.total);

  it('has the gradient of its own loss', () => {
    fc.assert(
      fc.property(point, (from) => {
        const gradient = new Float64Array(order);
        const unused = new Float64Array(order);
        loss(Float64Array.from(from), gradient);
        for (let i = 0; i < order; i++) {
          const moved = (by: number) =>
            loss(
              Float64Array.from(from, (value, k) => (k === i ? value + by : value)),
              unused,
            );
          const slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
          expect(Math.abs(gradient[i] - slope)).toBeLessThan(1e-5 * Math.max(1, Math.abs(slope)));
        }
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it('has the curvature of its own loss', () => {
    fc.assert(
      fc.property(point, (at) => {
        const expected = hessianOf(loss, at);
        const parameters = Float64Array.from(at, Math.exp);
        const { value, curvature } = evaluationOf(model.sums(part, parameters, true), parameters, rows.total, order);
        expect(value).toBe(loss(Float64Array.from(at), new Float64Array(order)));
        curvature.forEach((value, i) => {
          expect(Math.abs(value - expected[i])).toBeLessThan(1e-5 * Math.max(1, Math.abs(expected[i])));
        });
      }),
      { numRuns: 60, seed: 2 },
    );
  });

  it('sums the log-likelihood of single customers', () => {
    const parameters = at(0.4, 6, 0.7, 3);
    let sum = 0;
    for (let i = 0; i < rows.size; i++) {
      sum += rows.weight[i] * model.logLikelihood(parameters, rows.frequency[i], rows.recency[i], rows.T[i]);
    }
    expect(model.sums(part, parameters, false)[0]).toBeCloseTo(sum, 8);
  });

  it('finds for many customers of a frequency what it finds for each alone', () => {
    const many = simulatePurchases('bg-nbd', [0.8, 4, 0.8, 2.5], 2000, [5, 90], seededRandom(17));
    const grouped = groupRows(many.frequency, many.recency, many.T);
    fc.assert(
      fc.property(point, (from) => {
        const parameters = Float64Array.from(from, Math.exp);
        let sum = 0;
        for (let i = 0; i < grouped.size; i++) {
          sum += model.logLikelihood(parameters, grouped.frequency[i], grouped.recency[i], grouped.T[i]);
        }
        const whole = partOf(grouped);
        expect(Math.abs(model.sums(whole, parameters, false)[0] / sum - 1)).toBeLessThan(1e-11);
        const alive = new Float64Array(grouped.size);
        const slopes = new Float64Array(grouped.size * order);
        model.alive(whole, parameters, alive, slopes);
        const prediction = model.predict(parameters);
        for (let i = 0; i < grouped.size; i += 37) {
          const alone = prediction.pAlive(grouped.frequency[i], grouped.recency[i], grouped.T[i]);
          expect(Math.abs(alive[i] - alone)).toBeLessThan(1e-10);
        }
        const moved = model.predict(parameters.map((value, k) => (k === 1 ? value * (1 + 1e-6) : value)));
        for (let i = 1; i < grouped.size; i += 331) {
          const history = [grouped.frequency[i], grouped.recency[i], grouped.T[i]] as const;
          const slope = Math.log(moved.pAlive(...history) / prediction.pAlive(...history)) / 1e-6;
          if (alive[i] > 1e-8)
            expect(Math.abs(slopes[i * order + 1] - slope)).toBeLessThan(1e-4 * Math.max(1, Math.abs(slope)));
        }
      }),
      { numRuns: 30, seed: 3 },
    );
  });

  it('gives probabilities that sum to 1 and to the expected number', () => {
    const prediction = model.predict(at(0.6, 5, 1.5, 3));
    const shares = prediction.distribution(400, 20);
    let sum = 0;
    let mean = 0;
    shares.forEach((share, x) => {
      sum += share;
      mean += share * x;
    });
    expect(sum).toBeCloseTo(1, 9);
    expect(mean).toBeCloseTo(prediction.expected(20), 7);
  });

  it('stays finite for many repeats, long times and extreme parameters', () => {
    const histories = [
      [0, 0, 0],
      [0, 0, 1e5],
      [200, 38, 40],
      [200, 99_000, 1e5],
      [3, 0.5, 1e5],
      [5000, 1e5, 1e5],
    ];
    for (const four of [
      [0.25, 4, 0.8, 2.5],
      [1e-3, 1e-3, 1e-3, 1e-3],
      [500, 1000, 1, 1],
      [1, 1, 200, 1e4],
      [30, 1, 1, 0.01],
    ]) {
      const parameters = at(...four);
      const prediction = model.predict(parameters);
      for (const [x, recency, T] of histories) {
        expect(Number.isFinite(model.logLikelihood(parameters, x, recency, T)), `${four}: ${x} ${T}`).toBe(true);
        const alive = prediction.pAlive(x, recency, T);
        expect(alive >= 0 && alive <= 1).toBe(true);
        for (const time of [1, 52, 1e5]) {
          const expected = prediction.expectedWhileAlive(x, T, time);
          expect(expected >= 0 && Number.isFinite(expected), `${four}: ${x} ${T} ${time} ${expected}`).toBe(true);
        }
      }
    }
  });

  it('expects more over a longer time, and the residual is the discounted sum of it', () => {
    const prediction = model.predict(at(0.3, 5, 0.9, 2.6));
    let before = 0;
    let sum = 0;
    const force = 0.05;
    for (let k = 1; k <= 8000; k++) {
      const expected = prediction.expectedWhileAlive(3, 40, k / 10);
      expect(expected).toBeGreaterThan(before);
      sum += (expected - before) * Math.exp((-force * (k - 0.5)) / 10);
      before = expected;
    }
    const rate = prediction.expectedWhileAlive(3, 40, 1) / prediction.activeTime(3, 40, 1);
    expect(rate * residualTime(prediction, 3, 40, force)).toBeCloseTo(sum, 4);
  });

  it('interpolates over T as it computes', () => {
    const prediction = model.predict(at(0.3, 5, 0.9, 2.6));
    const T = Float64Array.from({ length: 500 }, (_, i) => 1 + i * 0.37);
    const one = T.map(() => 2);
    const many = groupRows(
      one,
      T.map((value) => value / 2),
      T,
    );
    const functions = {
      count: 1,
      pace: prediction.pace,
      alike: prediction.alike,
      write: (x: number, from: number, out: Float64Array, to: number) => {
        out[to] = prediction.activeTime(x, from, 39);
      },
    };
    const curves = drawCurves(functions, 2, new Panels(prediction.pace, 1, 186));
    visitRows(
      functions,
      partOf(many),
      () => curves,
      (row, x, [value]) => expect(value / prediction.activeTime(x, many.T[row], 39)).toBeCloseTo(1, 9),
    );
  });
});

describe('ggompertz-nbd', () => {
  it('has the gradient of its own loss where nearly all who stop do so at one age', () => {
    const rows = someRows();
    const loss = objectiveOf((parameters) => gammaGompertzNbd.sums(partOf(rows), parameters, false), rows.total);
    for (const parameters of [
      [1.056, 12.29, 3.105, 0.00739, 200.9],
      [1.06, 12.3, 0.5, 40, 5000],
    ]) {
      const at = Float64Array.from(parameters, Math.log);
      const gradient = new Float64Array(5);
      const unused = new Float64Array(5);
      loss(at, gradient);
      gradient.forEach((slope, i) => {
        const moved = (by: number) => loss(at.with(i, at[i] + by), unused);
        const difference = (moved(1e-5) - moved(-1e-5)) / 2e-5;
        expect(Math.abs(slope - difference)).toBeLessThan(1e-6 * Math.max(1, Math.abs(slope)));
      });
    }
  });
});

describe('quadrature', () => {
  it('integrates polynomials exactly by Gauss–Legendre', () => {
    const { points, weights } = gaussLegendre(5);
    let sum = 0;
    points.forEach((x, i) => {
      sum += weights[i] * x ** 9;
    });
    expect(sum).toBeCloseTo(0.1, 14);
  });

  it('gives the moments of beta distributions', () => {
    for (const [a, b] of [
      [0.05, 0.1],
      [0.8, 2.5],
      [1, 1],
      [40, 3],
      [200, 1e4],
    ]) {
      const { points, weights } = betaRule(a, b);
      let mean = 0;
      let square = 0;
      points.forEach((p, i) => {
        mean += weights[i] * p;
        square += weights[i] * p * p;
      });
      expect(mean / (a / (a + b))).toBeCloseTo(1, 8);
      expect(square / ((a * (a + 1)) / ((a + b) * (a + b + 1)))).toBeCloseTo(1, 8);
    }
  });

  it('integrates against e⁻ʷ', () => {
    const { points, weights } = exponentialRule();
    let sum = 0;
    points.forEach((w, i) => {
      sum += weights[i] * Math.sqrt(w);
    });
    expect(sum).toBeCloseTo(Math.sqrt(Math.PI) / 2, 9);
  });

  it('gives the same expectation by series and by quadrature', () => {
    // The series is left at a = 30; both sides of that border must agree.
    const low = bgNbd.predict([0.3, 5, 29.9999, 60]);
    const high = bgNbd.predict([0.3, 5, 30.0001, 60]);
    expect(low.expectedWhileAlive(2, 30, 52) / high.expectedWhileAlive(2, 30, 52)).toBeCloseTo(1, 5);
    // And at its singular points, a = 1 and a + b = 1, it passes through smoothly.
    for (const [a, b] of [
      [1, 2.4],
      [0.4, 0.6],
    ]) {
      const at = bgNbd.predict([0.24, 4.4, a, b]).expected(39);
      const near = bgNbd.predict([0.24, 4.4, a * (1 + 1e-7), b]).expected(39);
      expect(at / near).toBeCloseTo(1, 6);
    }
  });
});
