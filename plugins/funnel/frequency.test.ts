import { type JsonObject, type PluginManifest, stringColumn, timestampColumn } from '@patron/sdk';
import { recordsOf, runAnalysis } from '@patron/sdk/testing';
import { describe, expect, test } from 'vitest';
import { plugin } from './index.ts';
import manifest from './plugin.json' with { type: 'json' };

const funnel = { manifest: manifest as unknown as PluginManifest, code: plugin };

/** Customers with their events, one an hour; `v+b` are two at once. */
function run(journeys: Readonly<Record<string, string>>, parameters: JsonObject = {}) {
  const rows = Object.entries(journeys).flatMap(([customer, events]) =>
    events
      .split(' ')
      .flatMap((moment, hour) =>
        moment.split('+').map((event) => ({ customer, event: event[0], hour, mark: event[1] })),
      ),
  );
  return runAnalysis(funnel, 'funnel.frequency', {
    inputs: {
      events: {
        fields: {
          customer: stringColumn(rows.map(({ customer }) => customer)),
          time: timestampColumn(rows.map(({ hour }) => hour * 3_600_000)),
          event: stringColumn(rows.map(({ event }) => event)),
        },
        properties: { mark: stringColumn(rows.map(({ mark }) => mark ?? null)) },
      },
    },
    parameters: { counted: ['v'], outcome: ['b'], ...parameters },
  });
}

const journeys = {
  none: 'b v',
  one: 'v b',
  two: 'v x v b v v b',
  three: 'v v v b',
  at: 'v v+b',
  never: 'v v',
  other: 'x',
};

describe('how often one event comes before the first of another', () => {
  test('counts what lies before the first outcome, and not at its very time', async () => {
    const { tables, metrics } = await run(journeys);
    expect(recordsOf(tables.frequency).map(({ times, customers }) => [times, customers])).toEqual([
      ['0', 1],
      ['1', 2],
      ['2', 1],
      ['3', 1],
    ]);
    // 0, 1, 1, 2, 3: the customer with neither event is in no figure.
    expect([metrics.customers.value, metrics.converted.value]).toEqual([6, 5]);
    expect([metrics.medianTimes.value, metrics.meanTimes.value, metrics.never.value]).toEqual([1, 7 / 5, 1 / 5]);
  });

  test('tells who converted of those who came to each number', async () => {
    const { tables } = await run(journeys);
    expect(
      recordsOf(tables.frequency).map(({ came, convertedNext, convertedEver, cumulative }) => [
        came,
        convertedNext,
        convertedEver,
        cumulative,
      ]),
    ).toEqual([
      [6, 1 / 6, 5 / 6, 1 / 5],
      [5, 2 / 5, 4 / 5, 3 / 5],
      [3, 1 / 3, 2 / 3, 4 / 5],
      [1, 1, 1, 1],
    ]);
  });

  test('puts the many together', async () => {
    const { tables } = await run(journeys, { most: 2 });
    expect(recordsOf(tables.frequency).map(({ times, customers, came }) => [times, customers, came])).toEqual([
      ['0', 1, 6],
      ['1', 2, 5],
      ['2+', 2, 3],
    ]);
  });

  test('takes alternatives and conditions on either side', async () => {
    const { tables } = await run(
      { a: 'v x! b', b: 'x v b' },
      { counted: ['v', { event: 'x', filters: [{ property: 'mark', op: '=', value: '!' }] }] },
    );
    expect(recordsOf(tables.frequency).map(({ times, customers }) => [times, customers])).toEqual([
      ['0', 0],
      ['1', 1],
      ['2', 1],
    ]);
  });

  test('counts an event that is its own outcome as coming first', async () => {
    const { metrics } = await run({ a: 'v v', b: 'v' }, { outcome: ['v'] });
    expect([metrics.converted.value, metrics.never.value]).toEqual([2, 1]);
  });

  test('names what is missing', async () => {
    await expect(run(journeys, { outcome: ['buy'] })).rejects.toThrow("At outcome.0.event: no event 'buy'");
    await expect(run(journeys, { counted: [] })).rejects.toThrow('At counted');
    const { headline, metrics } = await run(journeys, { outcome: ['buy'], unknownEvents: 'zero' });
    expect(headline).toMatchObject({ key: 'headline.frequencyNobody' });
    expect(metrics.converted.value).toBe(0);
  });
});
