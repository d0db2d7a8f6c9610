import { type JsonObject, type PluginManifest, stringColumn, timestampColumn } from '@patron/sdk';
import { recordsOf, runAnalysis } from '@patron/sdk/testing';
import { describe, expect, test } from 'vitest';
import { plugin } from './index.ts';
import manifest from './plugin.json' with { type: 'json' };

const funnel = { manifest: manifest as unknown as PluginManifest, code: plugin };

/** Customers by step for each value of `browser`, over events as [customer, event, second, browser]. */
async function byValue(
  rows: readonly (readonly [string, string, number, string | null, string?])[],
  parameters: JsonObject,
): Promise<Record<string, unknown[]>> {
  const result = await runAnalysis(funnel, 'funnel.conversion', {
    inputs: {
      events: {
        fields: {
          customer: stringColumn(rows.map(([customer]) => customer)),
          time: timestampColumn(rows.map(([, , second]) => second * 1000)),
          event: stringColumn(rows.map(([, event]) => event)),
        },
        properties: {
          browser: stringColumn(rows.map(([, , , browser]) => browser)),
          plan: stringColumn(rows.map(([, , , , plan]) => plan ?? null)),
        },
      },
    },
    parameters: { steps: ['one', 'two', 'three'], window: '30s', breakdown: ['browser'], ...parameters },
  });
  const found: Record<string, unknown[]> = {};
  for (const { value, customers } of recordsOf(result.tables.breakdown)) {
    const name = String(value ?? '');
    found[name] = [...(found[name] ?? []), customers];
  }
  return found;
}

describe('the value that a customer counts under', () => {
  // PostHog's own test of the attributions: step two is taken with Safari, then with Chrome.
  const one = [
    ['u', 'one', 0, 'Chrome'],
    ['u', 'two', 1, 'Safari'],
    ['u', 'two', 2, 'Chrome'],
    ['u', 'three', 3, 'Chrome'],
  ] as const;

  test('is the first, the last, or each on its own', async () => {
    expect(await byValue(one, { attribution: 'first-touch' })).toEqual({ Chrome: [1, 1, 1] });
    expect(await byValue(one, { attribution: 'last-touch' })).toEqual({ Chrome: [1, 1, 1] });
    expect(await byValue(one, { attribution: 'all-events' })).toEqual({ Chrome: [1, 1, 1] });
  });

  test('is each with which a step was reached', async () => {
    expect(await byValue(one, { attribution: 'step:1' })).toEqual({ Chrome: [1, 1, 1] });
    expect(await byValue(one, { attribution: 'step:2' })).toEqual({ Chrome: [1, 1, 1], Safari: [1, 1, 1] });
    expect(await byValue(one, { attribution: 'step:3' })).toEqual({ Chrome: [1, 1, 1] });
  });

  test('at a step is none for who reached it with none, and counts further steps with it alone', async () => {
    const rows = [
      ...one,
      ['v', 'one', 0, 'Chrome'],
      ['v', 'two', 1, null],
      ['w', 'one', 0, 'Chrome'],
      ['x', 'one', 0, 'Opera'],
      ['x', 'two', 5, 'Chrome'],
      ['x', 'three', 6, 'Opera'],
      ['x', 'two', 7, 'Opera'],
    ] as const;
    expect(await byValue(rows, { attribution: 'step:2' })).toEqual({
      Chrome: [2, 2, 2],
      Safari: [1, 1, 1],
      Opera: [1, 1, 0],
      '': [1, 1, 0],
    });
  });

  test('at a step keeps its other events where the order is strict, and the property held constant', async () => {
    // With Chrome at step two the Safari event lies between.
    expect(await byValue(one, { attribution: 'step:2', order: 'strict', steps: ['one', 'two'] })).toEqual({
      Safari: [1, 1],
    });
    const held = one.map(([customer, event, second, browser], index) => {
      return [customer, event, second, browser, index === 2 ? 'pro' : 'free'] as const;
    });
    expect(await byValue(held, { attribution: 'step:2', hold: ['plan'] })).toEqual({ Safari: [1, 1, 1] });
  });
});
