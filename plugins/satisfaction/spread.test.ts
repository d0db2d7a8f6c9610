import { isDeepStrictEqual } from 'node:util';
import {
  type Column,
  columnFromValues,
  dateColumn,
  integerColumn,
  type Json,
  numberColumn,
  type PluginManifest,
  seededRandom,
  stringColumn,
} from '@patron/sdk';
import { recordsOf, runAnalysis } from '@patron/sdk/testing';
import { describe, expect, it } from 'vitest';
import { plugin as code } from './index.ts';
import manifest from './plugin.json' with { type: 'json' };

const satisfaction = { manifest: manifest as unknown as PluginManifest, code };
const rows = 210_000;
const random = seededRandom(9);
const score = integerColumn(Uint8Array.from({ length: rows }, () => random.integer(12)));
const time = dateColumn(Int32Array.from({ length: rows }, (_, row) => 20_000 + Math.floor(row / 700)));
const weight = numberColumn(Float64Array.from({ length: rows }, () => random.uniform()));
const region = stringColumn(Array.from({ length: rows }, () => ['north', 'south', 'west', null][random.integer(4)]));
const customer = integerColumn(Uint32Array.from({ length: rows }, () => random.integer(90_000)));
const seldom = columnFromValues(
  'date',
  Array.from({ length: rows }, (_, row) => (row % 3 === 0 ? null : row % 2 === 0 ? '2026-01-05' : '2026-03-05')),
);

async function expectAlike(fields: Record<string, Column>, parameters: Record<string, Json> = {}) {
  const run = (threads: number) =>
    runAnalysis(satisfaction, 'nps.score', { inputs: { responses: { fields } }, parameters, threads });
  const alone = await run(1);
  for (const threads of [2, 3]) expect(isDeepStrictEqual(await run(threads), alone), `${threads} threads`).toBe(true);
  return alone;
}

describe('scores have the same digits on any number of threads', () => {
  it('as a whole, by period and by segment', async () => {
    const { metrics, tables } = await expectAlike({ score, time, segment: region });
    const counted = recordsOf(tables.trend).reduce((sum, { responses }) => sum + Number(responses), 0);
    expect(counted).toBe(metrics.responses.value);
    await expectAlike({ score, time: seldom });
  });

  it('with weights, and with the latest response of each customer', async () => {
    await expectAlike({ score, time, segment: region, weight });
    const { metrics } = await expectAlike({ score, time, customer, weight }, { keep: 'latest' });
    expect(metrics.responses.value).toBeLessThan(90_000);
  });
});
