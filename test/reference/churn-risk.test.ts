import { describe, expect, it } from 'vitest';
import { hasFile, run } from './churn-data.ts';

const FIELDS = { churned: 'Churn', customer: 'customerID' };

describe.skipIf(!hasFile('telco'))('churn risk of the Telco customers', () => {
  it('gives the published logistic regression on all predictors', async () => {
    const answer = await run('churn.risk', 'telco', 'customers', FIELDS);
    const { metric, row, rows, result } = answer;
    expect(metric('customers')).toBe(7032);
    expect(result.leftOut?.map(({ count }) => count)).toEqual([11]);
    expect(metric('nullDeviance')).toBeCloseTo(8143.35515, 5);
    expect(metric('deviance')).toBeCloseTo(5826.27236, 5);
    expect(metric('logLikelihood')).toBeCloseTo(-2913.13618, 5);
    expect(metric('aic')).toBeCloseTo(5874.27236, 5);
    expect(metric('rank')).toBe(24);
    expect(rows('coefficients').filter(({ status }) => status === 'aliased')).toHaveLength(7);
    expect(metric('auc')).toBeCloseTo(0.848207, 6);
    expect(metric('accuracy')).toBeCloseTo(0.807025, 6);
    expect(metric('brier')).toBeCloseTo(0.134363, 6);
    const half = row('threshold', 'threshold', 0.5);
    expect([half.trueNegatives, half.falsePositives, half.falseNegatives, half.truePositives]).toEqual([
      4639, 524, 833, 1036,
    ]);
    const term = (name: string) => row('coefficients', 'term', name);
    expect(term('tenure').coef).toBeCloseTo(-0.060587576, 8);
    expect(Number(term('tenure').se) / 0.00623568).toBeCloseTo(1, 3);
    expect(term('Contract=One year').coef).toBeCloseTo(-0.660795287, 7);
    expect(term('Contract=Two year').coef).toBeCloseTo(-1.357106236, 6);
    expect(Number(term('TotalCharges').coef) / 0.00032894).toBeCloseTo(1, 5);
    expect(term('MultipleLines=No phone service').coef).toBeNull();
  });

  it('gives the published regression on three predictors', async () => {
    const features = ['tenure', 'MonthlyCharges', 'Contract'];
    const { metric, rows } = await run('churn.risk', 'telco', 'customers', FIELDS, { features });
    expect(metric('customers')).toBe(7043);
    expect(metric('nullDeviance')).toBeCloseTo(8150.1459, 4);
    expect(metric('deviance')).toBeCloseTo(6145.87766, 4);
    expect(metric('auc')).toBeCloseTo(0.827114, 6);
    const published = [-1.602709402, -0.035728723, 0.028617456, -1.062463442, -2.022614716];
    rows('coefficients').forEach(({ coef }, i) => {
      expect(coef).toBeCloseTo(published[i], 7);
    });
  });

  it('gives the published regression on two predictors', async () => {
    const features = ['tenure', 'MonthlyCharges'];
    const { metric, rows } = await run('churn.risk', 'telco', 'customers', FIELDS, { features });
    expect(metric('deviance')).toBeCloseTo(6394.35025, 4);
    expect(metric('auc')).toBeCloseTo(0.807565, 6);
    expect(metric('accuracy')).toBeCloseTo(0.784609, 6);
    const published = [-1.802436121, -0.054849708, 0.032953892];
    rows('coefficients').forEach(({ coef }, i) => {
      expect(coef).toBeCloseTo(published[i], 7);
    });
  });

  it('holds out customers and stays in the plausible band, with either model', async () => {
    for (const model of ['logistic', 'boosted-trees']) {
      const { metric, rows } = await run('churn.risk', 'telco', 'customers', FIELDS, { split: 'holdout:0.2', model });
      expect(metric('auc')).toBeGreaterThan(0.82);
      expect(metric('auc')).toBeLessThan(0.87);
      expect(metric('accuracy')).toBeGreaterThan(0.78);
      const customers = rows('customers');
      expect(customers[0].risk as number).toBeGreaterThan(customers[customers.length - 1].risk as number);
      expect(customers[0].why).toMatch(/=/);
      expect(rows('calibration')).toHaveLength(10);
    }
  });
});
