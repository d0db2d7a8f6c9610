import { integerColumn, numberColumn, stringColumn } from '@patron/sdk';
import { recordsOf } from '@patron/sdk/testing';
import { describe, expect, it } from 'vitest';
import { expectNoNaN, keysOf, spellsRun } from './test-runs.ts';

describe('churn.hazard', () => {
  const duration = integerColumn([1, 2, 3, 4, 5, 6, 7, 8]);
  const ended = integerColumn([1, 0, 1, 1, 0, 1, 1, 0]);
  const x = numberColumn([1, 3, 2, 5, 4, 4, 6, 9]);

  it('drops a covariate that repeats another, with a word', async () => {
    const twice = numberColumn([2, 6, 4, 10, 8, 8, 12, 18]);
    const one = numberColumn(new Float64Array(8).fill(1));
    const result = await spellsRun('churn.hazard', { duration, ended }, { x, twice, one });
    expect(recordsOf(result.tables.coefficients).map(({ status }) => status)).toEqual(['ok', 'aliased', 'aliased']);
    expect(keysOf(result.notes)).toContain('note.aliased');
    expectNoNaN(result);
  });

  it('says where no finite hazard ratio exists', async () => {
    const safe = stringColumn(['a', 'b', 'a', 'a', 'b', 'a', 'a', 'b']);
    const result = await spellsRun('churn.hazard', { duration, ended }, { safe });
    const [row] = recordsOf(result.tables.coefficients);
    expect([row.term, row.status, row.coef, row.p]).toEqual(['safe=b', 'infinite', null, null]);
    expect(keysOf(result.notes)).toContain('note.infinite.hazard');
    expectNoNaN(result);
  });

  it('refuses without events, without covariates and without rows, in plain words', async () => {
    const never = integerColumn(new Uint8Array(8));
    await expect(spellsRun('churn.hazard', { duration, ended: never }, { x })).rejects.toThrow('No spell has ended');
    await expect(spellsRun('churn.hazard', { duration, ended }, {})).rejects.toThrow('no covariate');
    const none = { duration: integerColumn(new Uint8Array(0)), ended: integerColumn(new Uint8Array(0)) };
    await expect(spellsRun('churn.hazard', none, { x: numberColumn([]) })).rejects.toThrow('no rows');
    await expect(
      spellsRun('churn.hazard', { duration, ended }, { x: numberColumn(new Float64Array(8).fill(3)) }),
    ).rejects.toThrow('No covariate varies');
  });

  it('stands ties everywhere and covariates of any size', async () => {
    const tied = integerColumn(new Uint8Array(8).fill(4));
    for (const scale of [1e-200, 1, 1e12, 1e200])
      expectNoNaN(
        await spellsRun(
          'churn.hazard',
          { duration: tied, ended },
          { x: numberColumn(Float64Array.from([1, 3, 2, 5, 4, 4, 6, 9], (v) => v * scale)) },
        ),
      );
    const far = numberColumn(Float64Array.from([1, 3, 2, 5, 4, 4, 6, 9], (value) => value + 1e9));
    const shifted = await spellsRun('churn.hazard', { duration, ended }, { x: far });
    const plain = await spellsRun('churn.hazard', { duration, ended }, { x });
    expect(shifted.metrics.logLikelihood.value as number).toBeCloseTo(plain.metrics.logLikelihood.value as number, 6);
  });
});
