import { type Column, columnFromValues, integerColumn, numberColumn, stringColumn } from '@patron/sdk';
import { recordsOf, runAnalysis } from '@patron/sdk/testing';
import { describe, expect, it } from 'vitest';
import { expectNoNaN, plugin, spellsRun } from './test-runs.ts';

describe('churn.survival', () => {
  it('follows a small curve worked out by hand', async () => {
    const result = await spellsRun('churn.survival', {
      duration: integerColumn([1, 2, 2, 3, 5]),
      ended: integerColumn([1, 1, 0, 1, 0]),
    });
    const rows = recordsOf(result.tables.survival);
    expect(rows.map(({ time }) => time)).toEqual([1, 2, 3, 5]);
    expect(rows.map(({ atRisk }) => atRisk)).toEqual([5, 4, 2, 1]);
    [0.8, 0.6, 0.3, 0.3].forEach((survival, i) => {
      expect(rows[i].survival).toBeCloseTo(survival, 14);
    });
    expect(result.metrics.median.value).toBe(3);
    // Area under the curve up to 5: 1·1 + 0.8·1 + 0.6·1 + 0.3·2.
    expect(result.metrics.rmst.value).toBeCloseTo(3, 14);
  });

  it('reads 1 and 2, words of both languages, and a named value as the outcome', async () => {
    const duration = integerColumn([1, 2, 3, 4]);
    const outcomes: [Column, string | null][] = [
      [integerColumn([2, 1, 2, 1]), null],
      [stringColumn(['Yes', 'No', 'Yes', 'No']), null],
      [stringColumn(['流失', '在网', '流失', '在网']), null],
      [stringColumn(['churned', 'stayed', 'churned', 'stayed']), null],
      [stringColumn(['a', 'b', 'a', 'b']), 'a'],
      [integerColumn([7, 9, 7, 9]), '7'],
    ];
    for (const [ended, event] of outcomes) {
      const result = await spellsRun('churn.survival', { duration, ended }, {}, { event });
      expect(result.metrics.events.value).toBe(2);
    }
  });

  it('asks which value is the event where it is not clear', async () => {
    const fields = { duration: integerColumn([1, 2]), ended: stringColumn(['a', 'b']) };
    await expect(spellsRun('churn.survival', fields)).rejects.toThrow("Set 'event'");
    await expect(spellsRun('churn.survival', fields, {}, { event: 'c' })).rejects.toThrow("'a', 'b'");
  });

  it('weighs grouped spells as so many rows', async () => {
    const grouped = await spellsRun('churn.survival', {
      duration: integerColumn([1, 2, 2]),
      ended: integerColumn([1, 1, 0]),
      weight: integerColumn([3, 2, 4]),
    });
    const rows = await spellsRun('churn.survival', {
      duration: integerColumn([1, 1, 1, 2, 2, 2, 2, 2, 2]),
      ended: integerColumn([1, 1, 1, 1, 1, 0, 0, 0, 0]),
    });
    expect(recordsOf(grouped.tables.survival)).toEqual(recordsOf(rows.tables.survival));
    expect(grouped.metrics).toEqual(rows.metrics);
  });

  it('makes spells of contracts, running ones up to the day asked for', async () => {
    const result = await runAnalysis(plugin, 'churn.survival', {
      inputs: {
        contracts: {
          fields: {
            start: columnFromValues('date', ['2025-01-01', '2025-01-01', '2025-01-11', '2025-03-01']),
            end: columnFromValues('date', ['2025-01-08', null, '2025-02-20', null]),
          },
        },
      },
      parameters: { asOf: '2025-01-31' },
    });
    const rows = recordsOf(result.tables.survival);
    expect(rows.map(({ time, events, censored }) => [time, events, censored])).toEqual([
      [7, 1, 0],
      [20, 0, 1],
      [30, 0, 1],
    ]);
    expect(result.leftOut?.map(({ count }) => count)).toEqual([1]);
    expect(result.settled?.asOf).toBe('2025-01-31');
  });

  it('stands one customer, no events, all events at once and huge durations', async () => {
    const cases: [number[], number[]][] = [
      [[5], [1]],
      [[5], [0]],
      [
        [1, 2, 3],
        [0, 0, 0],
      ],
      [
        [4, 4, 4, 4],
        [1, 1, 1, 1],
      ],
      [
        [0, 0, 0],
        [1, 0, 1],
      ],
      [
        [1e300, 2e300, 1],
        [1, 0, 1],
      ],
      [
        [1e-9, 0.5, 1e15],
        [1, 1, 1],
      ],
    ];
    for (const [duration, ended] of cases) {
      const result = await spellsRun('churn.survival', {
        duration: numberColumn(duration),
        ended: integerColumn(ended),
        group: stringColumn(duration.map((_, i) => (i % 2 === 0 ? 'a' : 'b'))),
      });
      expectNoNaN(result);
    }
  });

  it('leaves out and counts rows without a group', async () => {
    const result = await spellsRun('churn.survival', {
      duration: integerColumn([1, 2, 3, 4]),
      ended: integerColumn([1, 1, 1, 1]),
      group: stringColumn(['a', null, 'b', 'a']),
    });
    expect(result.metrics.customers.value).toBe(3);
    expect(recordsOf(result.tables.groups).map(({ group, customers }) => [group, customers])).toEqual([
      ['a', 2],
      ['b', 1],
      ['all', 3],
    ]);
    expect(result.leftOut?.map(({ count }) => count)).toEqual([1]);
  });

  it('leaves out and counts durations that are none', async () => {
    const result = await spellsRun('churn.survival', {
      duration: numberColumn([1, -1, Number.POSITIVE_INFINITY, 2]),
      ended: integerColumn([1, 1, 1, 1]),
    });
    expect(result.metrics.customers.value).toBe(2);
    expect(result.leftOut?.map(({ count }) => count)).toEqual([2]);
  });
});
