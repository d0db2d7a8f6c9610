import { dateColumn, numberColumn, seededRandom, stringColumn, timestampColumn } from '@patron/sdk';
import { threadsOf } from '@patron/sdk/testing';
import { describe, expect, it } from 'vitest';
import { readCustomerBase } from './customer-base.ts';

// The example of lifetimes' and pymc-marketing's tests of their customer summary, with the monetary value of repeats.
const rows: [string, string, number][] = [
  ['1', '2015-01-01', 1],
  ['1', '2015-02-06', 2],
  ['2', '2015-01-01', 2],
  ['3', '2015-01-01', 3],
  ['3', '2015-01-02', 1],
  ['3', '2015-01-05', 5],
  ['4', '2015-01-16', 6],
  ['4', '2015-02-02', 3],
  ['4', '2015-02-05', 9],
  ['4', '2015-02-05', 0],
  ['5', '2015-01-16', 3],
  ['5', '2015-01-17', 1],
  ['5', '2015-01-18', 8],
  ['6', '2015-02-02', 5],
  ['6', '2015-02-07', 0],
];

function context(unit: string, grain: string, calibrationEnd: string | null) {
  const given = rows.filter(([customer, day]) => customer !== '6' || day !== '2015-02-07' || calibrationEnd === null);
  return {
    inputs: {
      transactions: {
        rows: given.length,
        fields: {
          customer: stringColumn(given.map(([customer]) => customer)),
          time: dateColumn(given.map(([, day]) => Date.parse(day) / 86_400_000)),
          amount: numberColumn(given.map(([, , amount]) => amount)),
        },
        properties: {},
      },
    },
    parameters: { unit, grain, calibrationEnd },
    timeZone: 'UTC',
    signal: new AbortController().signal,
    random: seededRandom(1),
    progress() {},
    async checkpoint() {},
    ...threadsOf({}),
  };
}

describe('readCustomerBase', () => {
  it("gives the summary of lifetimes' example, by day", async () => {
    const base = await readCustomerBase(context('day', 'day', '2015-02-07'), {
      unit: 'day',
      grain: 'day',
      calibrationEnd: '2015-02-07',
    });
    expect([...base.frequency]).toEqual([1, 0, 2, 2, 2, 0]);
    expect([...base.recency]).toEqual([36, 0, 4, 20, 2, 0]);
    expect([...base.T]).toEqual([37, 37, 37, 22, 22, 5]);
    expect([...(base.monetary as Float64Array)]).toEqual([2, Number.NaN, 3, 6, 4.5, Number.NaN]);
  });

  it('divides exact days by the length of the unit', async () => {
    const base = await readCustomerBase(context('week', 'day', '2015-02-07'), {
      unit: 'week',
      grain: 'day',
      calibrationEnd: '2015-02-07',
    });
    expect(base.T[0]).toBeCloseTo(37 / 7, 14);
    const months = await readCustomerBase(context('month', 'day', '2015-02-07'), {
      unit: 'month',
      grain: 'day',
      calibrationEnd: '2015-02-07',
    });
    expect(months.recency[0]).toBeCloseTo(36 / 30.4375, 14);
  });

  it('counts purchases by calendar unit where the grain says so', async () => {
    const base = await readCustomerBase(context('month', 'unit', '2015-02-07'), {
      unit: 'month',
      grain: 'unit',
      calibrationEnd: '2015-02-07',
    });
    expect([...base.frequency]).toEqual([1, 0, 0, 1, 0, 0]);
    expect([...base.T]).toEqual([1, 1, 1, 1, 1, 0]);
    expect(base.monetary?.[3]).toBe(12);
  });

  it('ends the calibration on the last day of the data unless told, and holds out what comes later', async () => {
    const whole = await readCustomerBase(context('day', 'day', null), {
      unit: 'day',
      grain: 'day',
      calibrationEnd: null,
    });
    expect(whole.log?.holdout).toBe(0);
    expect(whole.T[0]).toBe(37);
    const cut = await readCustomerBase(context('day', 'day', null), {
      unit: 'day',
      grain: 'day',
      calibrationEnd: '2015-01-31',
    });
    expect(cut.customers).toBe(5);
    expect([...cut.frequency]).toEqual([0, 0, 2, 0, 2]);
    expect([...(cut.log?.later ?? [])]).toEqual([1, 0, 0, 2, 0]);
    expect(cut.log?.holdout).toBe(7);
    expect(cut.leftOut.map(({ count }) => count)).toEqual([1]);
  });

  it('refuses a calibration that ends before the data begin', async () => {
    await expect(
      readCustomerBase(context('day', 'day', null), { unit: 'day', grain: 'day', calibrationEnd: '2014-12-31' }),
    ).rejects.toThrow("'calibrationEnd' 2014-12-31");
  });

  it('takes days of instants in the time zone of the workbook, and leaves refunds out', async () => {
    const hour = 3_600_000;
    const base = await readCustomerBase(
      {
        ...context('day', 'day', null),
        timeZone: 'Asia/Shanghai',
        inputs: {
          transactions: {
            rows: 4,
            fields: {
              customer: stringColumn(['a', 'a', 'a', 'a']),
              // 20:00 UTC is 04:00 of the next day in Shanghai.
              time: timestampColumn([0, 15 * hour, 20 * hour, 100 * hour], true),
              amount: numberColumn([5, 5, 7, -9]),
            },
            properties: {},
          },
        },
      },
      { unit: 'day', grain: 'day', calibrationEnd: null },
    );
    expect([...base.frequency]).toEqual([1]);
    expect([...base.recency]).toEqual([1]);
    expect([...(base.monetary as Float64Array)]).toEqual([7]);
    expect(base.leftOut.map(({ count }) => count)).toEqual([1]);
  });
});
