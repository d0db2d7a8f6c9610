import { columnFromValues, dateColumn, numberColumn, seededRandom, stringColumn } from '@patron/sdk';
import { recordsOf, runAnalysis } from '@patron/sdk/testing';
import { describe, expect, it } from 'vitest';
import { expectNoNaN, plugin } from './test-runs.ts';

describe('churn.rate', () => {
  const day = (text: string): number => Date.parse(text) / 86_400_000;

  it('counts customers and revenue of contracts by month, worked out by hand', async () => {
    const result = await runAnalysis(plugin, 'churn.rate', {
      inputs: {
        contracts: {
          fields: {
            customer: stringColumn(['a', 'b', 'c', 'c', 'd']),
            start: columnFromValues('date', ['2024-12-01', '2024-12-05', '2024-12-10', '2025-02-01', '2025-01-15']),
            end: columnFromValues('date', ['2025-01-20', null, '2025-01-31', null, null]),
            amount: numberColumn([10, 20, 30, 15, 5]),
          },
        },
      },
      parameters: { asOf: '2025-03-31' },
    });
    const january = recordsOf(result.tables.rate).find(({ period }) => period === '2025-01');
    // Three at the start; a is gone at the end. c goes on: the next contract begins on the day after the last one's end.
    expect(january).toMatchObject({ customers: 3, churned: 1, joined: 1, revenue: 60, lost: 10 });
    expect(january?.grossRevenueChurn).toBeCloseTo(10 / 60, 12);
    const february = recordsOf(result.tables.rate).find(({ period }) => period === '2025-02');
    expect(february).toMatchObject({ customers: 3, churned: 0, returned: 0, contraction: 15 });
    expect(result.metrics.churned.value).toBe(1);
    expectNoNaN(result);
  });

  it('lets a contract lapse for as long as the window, and shows what each window gives', async () => {
    const fields = {
      customer: stringColumn(['a', 'a', 'b', 'c']),
      start: columnFromValues('date', ['2024-12-01', '2025-02-11', '2024-12-01', '2024-12-01']),
      end: columnFromValues('date', ['2025-01-31', null, '2025-01-10', null]),
    };
    const run = (window: string | null) =>
      runAnalysis(plugin, 'churn.rate', {
        inputs: { contracts: { fields } },
        parameters: { asOf: '2025-03-31', window },
      });
    // a lapses for ten days from 1 February; b ends for good on 10 January.
    const strict = await run(null);
    expect(strict.metrics.churned.value).toBe(2);
    const lenient = await run('14d');
    expect(lenient.metrics.churned.value).toBe(1);
    const rows = recordsOf(lenient.tables.windows);
    expect(rows.find(({ window }) => window === 7)).toMatchObject({ silences: 2, cameBack: 1, churnedNow: 1 });
    expect(rows.find(({ window }) => window === 14)).toMatchObject({ silences: 1, cameBack: 0, chosen: true });
    for (const [window, result] of [
      [0, strict],
      [14, lenient],
    ] as const)
      expect(rows.find((row) => row.window === window)?.churnRate).toBeCloseTo(
        result.metrics.churnRate.value as number,
        12,
      );
  });

  it('gives the same rate for a window among others as where it is chosen', async () => {
    const random = seededRandom(3);
    const customers: string[] = [];
    const days: number[] = [];
    for (let i = 0; i < 3000; i++) {
      customers.push(`c${random.integer(200)}`);
      days.push(19_000 + random.integer(700));
    }
    const fields = { customer: stringColumn(customers), time: dateColumn(Int32Array.from(days)) };
    for (const period of ['month', 'quarter', 'week']) {
      const run = (window: string) =>
        runAnalysis(plugin, 'churn.rate', { inputs: { transactions: { fields } }, parameters: { window, period } });
      const rows = recordsOf((await run('45d')).tables.windows);
      for (const window of [30, 60, 120])
        expect(rows.find((row) => row.window === window)?.churnRate).toBeCloseTo(
          (await run(`${window}d`)).metrics.churnRate.value as number,
          12,
        );
    }
  });

  it('shows who came back after each window of silence', async () => {
    const result = await runAnalysis(plugin, 'churn.rate', {
      inputs: {
        transactions: {
          fields: {
            customer: stringColumn(['a', 'a', 'a', 'b', 'c', 'c']),
            time: dateColumn(
              ['2025-01-01', '2025-01-11', '2025-04-21', '2025-01-05', '2025-01-02', '2025-06-30'].map(day),
            ),
          },
        },
      },
      parameters: { window: '90d' },
    });
    const row = recordsOf(result.tables.windows).find(({ window }) => window === 90);
    // Silences over 90 days: a's 100 days and c's 179, both over; b's 176 to the end.
    expect(row).toMatchObject({ silences: 3, cameBack: 2, churnedNow: 1, chosen: true });
    expect(row?.cameBackShare).toBeCloseTo(2 / 3, 12);
    expect(result.settled?.window).toBe('90d');
    expectNoNaN(result);
  });

  it('stands a single purchase', async () => {
    const fields = { customer: stringColumn(['a']), time: dateColumn([20_000]) };
    expectNoNaN(await runAnalysis(plugin, 'churn.rate', { inputs: { transactions: { fields } } }));
  });
});
