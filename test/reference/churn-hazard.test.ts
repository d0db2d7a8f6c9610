import { describe, expect, it } from 'vitest';
import { hasFile, type Run, run } from './churn-data.ts';

const ROSSI = { duration: 'week', ended: 'arrest' };

function coefficients(answer: Run, name: string): number[] {
  return answer.rows('coefficients').map((row) => row[name] as number);
}

function close(actual: readonly number[], expected: readonly number[], digits: number): void {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((value, i) => {
    expect(actual[i]).toBeCloseTo(value, digits);
  });
}

describe.skipIf(!hasFile('rossi'))("Cox's regression of the Rossi releases", () => {
  it('gives the published coefficients, tests and concordance with Efron ties', async () => {
    const answer = await run('churn.hazard', 'rossi', 'spells', ROSSI);
    const { metric, row, rows } = answer;
    expect(rows('coefficients').map(({ term }) => term)).toEqual(['fin', 'age', 'race', 'wexp', 'mar', 'paro', 'prio']);
    close(
      coefficients(answer, 'coef'),
      [-0.37942217, -0.05743774, 0.31389979, -0.1497957, -0.43370388, -0.08487108, 0.09149708],
      8,
    );
    close(
      coefficients(answer, 'se'),
      [0.19137948, 0.02199947, 0.30799278, 0.2122243, 0.38186806, 0.19575667, 0.02864855],
      8,
    );
    close(coefficients(answer, 'z'), [-1.983, -2.611, 1.019, -0.706, -1.136, -0.4336, 3.194], 3);
    expect(metric('logLikelihoodNull')).toBeCloseTo(-675.38063, 5);
    expect(metric('logLikelihood')).toBeCloseTo(-658.74766, 5);
    expect(metric('likelihoodRatio')).toBeCloseTo(33.265946, 5);
    expect(metric('wald')).toBeCloseTo(32.11, 2);
    expect(metric('score')).toBeCloseTo(33.528689, 5);
    expect(metric('aic')).toBeCloseTo(1331.5, 1);
    expect(metric('concordance')).toBeCloseTo(0.640329, 6);
    expect(metric('concordanceSe')).toBeCloseTo(0.026658, 6);
    expect(row('proportionality', 'covariate', 'age').chiSquare).toBeCloseTo(5.974, 3);
    expect(row('proportionality', 'covariate', 'age').p).toBeCloseTo(0.0145, 4);
    expect(row('proportionality', 'covariate', 'wexp').chiSquare).toBeCloseTo(4.225, 3);
    expect(row('proportionality', 'covariate', 'wexp').p).toBeCloseTo(0.0398, 4);
    expect(metric('proportionality')).toBeCloseTo(17.694, 3);
    expect(metric('proportionalityP')).toBeCloseTo(0.0134, 4);
  });

  it('gives R’s other time scales for the check', async () => {
    const rank = await run('churn.hazard', 'rossi', 'spells', ROSSI, { transform: 'rank' });
    expect(rank.metric('proportionality')).toBeCloseTo(11.02518, 5);
    const identity = await run('churn.hazard', 'rossi', 'spells', ROSSI, { transform: 'identity' });
    expect(identity.metric('proportionality')).toBeCloseTo(18.18269, 5);
  });

  it('gives the published fit with Breslow ties', async () => {
    const answer = await run('churn.hazard', 'rossi', 'spells', ROSSI, { ties: 'breslow' });
    expect(answer.metric('logLikelihood')).toBeCloseTo(-659.12061, 5);
    expect(coefficients(answer, 'coef')[0]).toBeCloseTo(-0.37902189, 8);
  });

  it('gives the published fit with exact ties', async () => {
    const answer = await run('churn.hazard', 'rossi', 'spells', ROSSI, { ties: 'exact' });
    expect(answer.metric('logLikelihood')).toBeCloseTo(-597.09188, 5);
  });

  it('gives the published fits by stratum', async () => {
    const race = await run('churn.hazard', 'rossi', 'spells', ROSSI, { strata: ['race'] });
    close(coefficients(race, 'coef'), [-0.3788, -0.0576, -0.1427, -0.4388, -0.0858, 0.0922], 4);
    expect(race.metric('concordance')).toBeCloseTo(0.631, 3);
    expect(race.metric('proportionality')).toBeCloseTo(15.61783, 5);
    const wexp = await run('churn.hazard', 'rossi', 'spells', ROSSI, { strata: ['wexp'] });
    expect(wexp.metric('logLikelihood')).toBeCloseTo(-580.89, 2);
  });

  it('gives the published fit with an interaction', async () => {
    const answer = await run('churn.hazard', 'rossi', 'spells', ROSSI, { covariates: ['fin', 'wexp', 'age*prio'] });
    expect(answer.metric('logLikelihood')).toBeCloseTo(-659.39, 2);
    expect(answer.metric('likelihoodRatio')).toBeCloseTo(31.99, 2);
    expect(answer.metric('degrees')).toBe(5);
    expect(answer.rows('coefficients').at(-1)?.term).toBe('age:prio');
    expect(answer.metric('proportionality')).toBeCloseTo(18.8087, 5);
  });

  it('as an accelerated Weibull model gives what R survreg gives', async () => {
    const covariates = ['fin', 'age', 'race', 'wexp', 'mar', 'paro', 'prio'];
    const answer = await run('churn.weibull', 'rossi', 'spells', ROSSI, { covariates });
    close(
      coefficients(answer, 'coef'),
      [3.9901348, 0.2721634, 0.0407138, -0.2248024, 0.1065566, 0.3112733, 0.0588273, -0.0658169],
      6,
    );
    close(
      coefficients(answer, 'se'),
      [0.4190952, 0.1379619, 0.0160036, 0.2201589, 0.151541, 0.2733022, 0.1396382, 0.0209406],
      6,
    );
    expect(1 / answer.metric('rho')).toBeCloseTo(0.712405, 6);
    expect(answer.metric('likelihoodRatio')).toBeCloseTo(33.42, 2);
  });
});

describe.skipIf(!hasFile('lung'))("Cox's regression of the lung patients", () => {
  it('leaves out and counts incomplete rows, and gives what R gives on the rest', async () => {
    const covariates = ['age', 'sex', 'ph.ecog'];
    const answer = await run('churn.hazard', 'lung', 'spells', { duration: 'time', ended: 'status' }, { covariates });
    expect(answer.metric('customers')).toBe(227);
    expect(answer.result.leftOut?.map(({ count }) => count)).toEqual([1]);
    close(coefficients(answer, 'coef'), [0.011066765, -0.552612396, 0.463728475], 8);
    close(coefficients(answer, 'se'), [0.009267411, 0.167739054, 0.113577266], 8);
    expect(answer.metric('concordance')).toBeCloseTo(0.637, 3);
    expect(answer.metric('proportionality')).toBeCloseTo(4.46366, 5);
  });
});

describe.skipIf(!hasFile('telco'))("Cox's regression of the Telco customers", () => {
  it('gives the published fit by strata with "No internet service" read as "No"', async () => {
    const answer = await run(
      'churn.hazard',
      'telco',
      'spells',
      { duration: 'tenure', ended: 'Churn' },
      {
        covariates: [
          'gender',
          'SeniorCitizen',
          'Partner',
          'Dependents',
          'MultipleLines',
          'OnlineSecurity',
          'OnlineBackup',
          'DeviceProtection',
          'TechSupport',
          'Contract',
          'PaperlessBilling',
          'PaymentMethod',
          'MonthlyCharges',
        ],
        strata: ['InternetService', 'StreamingMovies', 'StreamingTV', 'PhoneService'],
        recode: { 'No internet service': 'No', 'No phone service': 'No' },
      },
    );
    expect(answer.metric('logLikelihood')).toBeCloseTo(-10106.048, 3);
    expect(answer.metric('likelihoodRatio')).toBeCloseTo(2614.8262, 4);
    expect(answer.metric('degrees')).toBe(16);
    expect(answer.metric('concordance')).toBeCloseTo(0.831987, 6);
    const coef = (term: string) => answer.row('coefficients', 'term', term).coef;
    expect(coef('Contract=One year')).toBeCloseTo(-1.59300076, 7);
    expect(coef('Contract=Two year')).toBeCloseTo(-3.10706943, 7);
    expect(coef('Partner=Yes')).toBeCloseTo(-0.53076404, 7);
    expect(coef('OnlineSecurity=Yes')).toBeCloseTo(-0.62187983, 7);
  });
});
