import { type Json, type PluginManifest, stringColumn, timestampColumn } from '@patron/sdk';
import { recordsOf, runAnalysis } from '@patron/sdk/testing';
import { describe, expect, test } from 'vitest';
import { plugin } from './index.ts';
import manifest from './plugin.json' with { type: 'json' };

const funnel = { manifest: manifest as unknown as PluginManifest, code: plugin };
const MINUTE = 60_000;

/** Customers with their events, one a minute; `-` is a minute without one, `B!` an event B with the mark. */
function run(
  journeys: Readonly<Record<string, string>>,
  parameters: Record<string, Json>,
  analysis = 'funnel.conversion',
) {
  const rows = Object.entries(journeys).flatMap(([customer, events]) =>
    events.split(' ').flatMap((event, minute) => (event === '-' ? [] : [{ customer, event, minute }])),
  );
  return runAnalysis(funnel, analysis, {
    inputs: {
      events: {
        fields: {
          customer: stringColumn(rows.map(({ customer }) => customer)),
          time: timestampColumn(rows.map(({ minute }) => minute * MINUTE)),
          event: stringColumn(rows.map(({ event }) => event[0])),
        },
        properties: { mark: stringColumn(rows.map(({ event }) => (event.endsWith('!') ? 'yes' : null))) },
      },
    },
    parameters,
  });
}

const optional = (event: string, more: Record<string, Json> = {}): Json => ({ event, optional: true, ...more });

describe('steps that need not happen', () => {
  // Eight journeys through five steps, the second and the fourth optional: the counts are PostHog's own.
  const journeys = {
    one: 'A',
    a: 'A B C',
    b: 'A - C',
    c: 'A B C D E',
    d: 'A B C - E',
    e: 'A - C D',
    f: 'A - C D E',
    g: 'A - C - E',
  };
  const steps = ['A', optional('B'), 'C', optional('D'), 'E'];

  test('are counted where they happened, and the others go on without them', async () => {
    const { tables, metrics } = await run(journeys, { steps });
    const rows = recordsOf(tables.steps);
    expect(rows.map(({ step, event, customers }) => [step, event, customers])).toEqual([
      [1, 'A', 8],
      [2, 'B', 3],
      [3, 'C', 7],
      [4, 'D', 3],
      [5, 'E', 4],
    ]);
    expect(rows.map(({ fromPrevious }) => fromPrevious)).toEqual([1, 3 / 8, 7 / 8, 3 / 7, 4 / 7]);
    expect(rows.map(({ dropped }) => dropped)).toEqual([null, null, 1, null, 3]);
    expect(rows.map(({ medianSeconds }) => medianSeconds)).toEqual([null, 60, 120, 60, 120]);
    expect([metrics.conversion.value, metrics.conversionWithOptional.value]).toEqual([4 / 8, 1 / 8]);
  });

  test('tell the conversion with and without them', async () => {
    const { tables } = await run(journeys, { steps });
    const rows = recordsOf(tables.optional);
    expect(
      rows.map(({ step, cameTo, did, conversionWith, conversionWithout }) => [
        step,
        cameTo,
        did,
        conversionWith,
        conversionWithout,
      ]),
    ).toEqual([
      [2, 8, 3, 2 / 3, 2 / 5],
      [4, 7, 3, 2 / 3, 2 / 4],
    ]);
    // Fisher's exact test of 2 of 3 against 2 of 5, and of 2 of 3 against 2 of 4: nothing is rarer than these.
    expect(rows.map(({ p }) => p)).toEqual([expect.closeTo(1, 9), expect.closeTo(1, 9)]);
    expect(rows.map(({ verdict }) => verdict)).toEqual(['small', 'small']);
  });

  test('never use an event that a step which must happen has used', async () => {
    const same = { one: 'A', two: 'A A', three: 'A A A', marked: 'A A! A' };
    const { tables } = await run(same, {
      steps: ['A', optional('A'), { event: 'A', filters: [{ property: 'mark', op: '=', value: 'yes' }] }, 'A'],
    });
    expect(recordsOf(tables.steps).map(({ customers }) => customers)).toEqual([4, 2, 1, 1]);
  });

  test('are looked for between their neighbours, within the window and their own', async () => {
    const late = { before: 'B A C', between: 'A - B C', after: 'A C B', dropped: 'A - B', tooLate: 'A - - - - B' };
    const counts = async (step: Json): Promise<unknown> =>
      recordsOf((await run(late, { steps: ['A', step, 'C'], window: '4m' })).tables.steps)[1].customers;
    expect(await counts(optional('B'))).toBe(2);
    expect(await counts(optional('B', { window: '1m' }))).toBe(0);
  });

  test('come one after another where several stand together', async () => {
    const { tables } = await run(
      { both: 'A B C D', turned: 'A C B D', second: 'A C D' },
      { steps: ['A', optional('B'), optional('C'), 'D', optional('E')], unknownEvents: 'zero' },
    );
    expect(recordsOf(tables.steps).map(({ customers }) => customers)).toEqual([3, 2, 2, 3, 0]);
  });

  test('leave an exclusion between the steps that must happen', async () => {
    const parameters = { steps: ['A', optional('B'), 'C'], exclusions: [{ event: 'x', from: 1, to: 3 }] };
    const { tables } = await run({ clean: 'A B C', spoilt: 'A x B C' }, parameters);
    expect(recordsOf(tables.steps).map(({ customers }) => customers)).toEqual([1, 1, 1]);
    await expect(run(journeys, { ...parameters, exclusions: [{ event: 'A', from: 1, to: 2 }] })).rejects.toThrow(
      'At exclusions.0.to: step 2 need not happen',
    );
  });

  test('are refused where they mean nothing', async () => {
    await expect(run(journeys, { steps: [optional('A'), 'C'] })).rejects.toThrow('the first step must happen');
    await expect(run(journeys, { steps, order: 'strict' })).rejects.toThrow("go with the order 'ordered'");
    await expect(run(journeys, { steps, open: true })).rejects.toThrow('At steps.1.optional');
    await expect(run(journeys, { steps }, 'funnel.trend')).rejects.toThrow("are for 'funnel.conversion'");
    await expect(run(journeys, { steps: ['A', { event: 'B', optinal: true }] })).rejects.toThrow('At steps.1.optinal');
  });
});
