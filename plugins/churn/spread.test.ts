import { isDeepStrictEqual } from 'node:util';
import {
  booleanColumn,
  type Column,
  integerColumn,
  type Json,
  numberColumn,
  type PluginManifest,
  seededRandom,
  spells,
  stringColumn,
} from '@patron/sdk';
import { runAnalysis, threadsOf } from '@patron/sdk/testing';
import { describe, expect, it } from 'vitest';
import { plugin as code } from './index.ts';
import manifest from './plugin.json';
import { spreadSpells } from './spells-spread.ts';

const plugin = { manifest: manifest as unknown as PluginManifest, code };
const rows = 210_000;
const random = seededRandom(5);
const exact = Float64Array.from({ length: rows }, () => random.exponential(1 / 50));
const days = Uint16Array.from(exact, Math.floor);
const ended = Uint8Array.from({ length: rows }, () => (random.uniform() < 0.6 ? 1 : 0));
const group = Uint8Array.from({ length: rows }, () => random.integer(3));
const weight = Float64Array.from({ length: rows }, () => random.uniform() * 3);

async function expectAlike(
  id: string,
  role: string,
  input: { fields: Record<string, Column>; properties?: Record<string, Column> },
  parameters: Record<string, Json> = {},
): Promise<void> {
  const run = (threads: number) => runAnalysis(plugin, id, { inputs: { [role]: input }, parameters, threads });
  const alone = await run(1);
  for (const threads of [2, 3]) expect(isDeepStrictEqual(await run(threads), alone), `${threads} threads`).toBe(true);
}

describe('spells on several threads', () => {
  const wild = Float64Array.from(exact, (value, i) => (i % 1000 === 7 ? Number.NaN : i % 1000 === 8 ? -value : value));
  for (const [name, duration] of [
    ['few durations', integerColumn(days)],
    ['nearly all distinct', numberColumn(exact)],
    ['some that are none', { type: 'number', length: rows, values: wild, scale: 1 } as const],
    ['one that dwarfs the others', numberColumn(Float64Array.from(exact, (value, i) => (i === 0 ? 1e300 : value)))],
    [
      'a band of equal ones',
      numberColumn(Float64Array.from(exact, (value) => (value > 40 && value < 60 ? 50 : value))),
    ],
  ] as const)
    it(`are the same as in one: ${name}`, async () => {
      for (const options of [{ groupCount: 1 }, { group, groupCount: 3 }]) {
        const expected = spells(duration, ended, options);
        for (const threads of [1, 2, 3])
          expect(
            isDeepStrictEqual(await spreadSpells(threadsOf(code, threads), { duration, ended, ...options }), expected),
          ).toBe(true);
      }
    });

  it('add weights up in the same order', async () => {
    for (const duration of [integerColumn(days), numberColumn(exact)]) {
      const given = { duration, ended, group, groupCount: 3, weight };
      const alone = await spreadSpells(threadsOf(code), given);
      for (const threads of [2, 3])
        expect(isDeepStrictEqual(await spreadSpells(threadsOf(code, threads), given), alone)).toBe(true);
      const total = alone.groups
        .flatMap(({ ended, running }) => [...ended, ...running])
        .reduce((sum, mass) => sum + mass);
      expect(total).toBeCloseTo(
        weight.reduce((sum, mass) => sum + mass),
        6,
      );
    }
  });
});

describe('an analysis has the same digits on any number of threads', () => {
  const fields = { duration: numberColumn(exact), ended: booleanColumn(ended) };

  it('churn.survival', async () => {
    await expectAlike('churn.survival', 'spells', { fields });
    await expectAlike('churn.survival', 'spells', {
      fields: { ...fields, group: stringColumn(Array.from(group, String)), weight: numberColumn(weight) },
    });
  });

  it('churn.hazard, with ties, strata and a check of proportional hazards', async () => {
    const size = 80_000;
    const short = { duration: integerColumn(days.slice(0, size)), ended: booleanColumn(ended.slice(0, size)) };
    const properties = {
      x: numberColumn(exact.slice(0, size).map((value, i) => value * weight[i])),
      y: numberColumn(weight.slice(0, size)),
      plan: stringColumn(Array.from(group.slice(0, size), String)),
    };
    const choices: Record<string, Json>[] = [
      { ties: 'efron' },
      { ties: 'breslow', covariates: ['x', 'y', 'x*y'], strata: ['plan'] },
    ];
    for (const parameters of choices)
      await expectAlike('churn.hazard', 'spells', { fields: short, properties }, parameters);
  });

  it('churn.risk, logistic and trees', async () => {
    const features = Object.fromEntries(
      Array.from({ length: 18 }, (_, c) => [
        `f${c}`,
        numberColumn(
          Float64Array.from({ length: rows }, (__, i) => weight[(i * (c + 1)) % rows] + (c === 7 ? ended[i] / 20 : 0)),
        ),
      ]),
    );
    const customers = { churned: booleanColumn(ended) };
    await expectAlike(
      'churn.risk',
      'customers',
      { fields: customers, properties: { f0: features.f0, f7: features.f7, f9: features.f9, f13: features.f13 } },
      { split: 'holdout:0.2' },
    );
    await expectAlike(
      'churn.risk',
      'customers',
      { fields: customers, properties: features },
      { model: 'boosted-trees' },
    );
  });
});
