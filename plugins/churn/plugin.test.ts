import {
  type AnalysisResult,
  booleanColumn,
  type Column,
  columnFromValues,
  dateColumn,
  integerColumn,
  type Json,
  type Message,
  numberColumn,
  type PluginManifest,
  renderText,
  seededRandom,
  stringColumn,
} from '@patron/sdk';
import { recordsOf, runAnalysis } from '@patron/sdk/testing';
import { describe, expect, it } from 'vitest';
import { plugin as code } from './index.ts';
import english from './locales/en-US.json';
import chinese from './locales/zh-CN.json';
import manifest from './plugin.json';

const plugin = { manifest: manifest as unknown as PluginManifest, code };
type Columns = Record<string, Column>;

function spellsRun(id: string, fields: Columns, properties: Columns = {}, parameters: Record<string, Json> = {}) {
  return runAnalysis(plugin, id, { inputs: { spells: { fields, properties } }, parameters });
}

function customersRun(fields: Columns, properties: Columns, parameters: Record<string, Json> = {}) {
  return runAnalysis(plugin, 'churn.risk', { inputs: { customers: { fields, properties } }, parameters });
}

/** Every number of a result's metrics, tables and charts; null where there is none. */
function numbersIn(result: AnalysisResult): unknown[] {
  const found: unknown[] = [];
  const visit = (value: unknown): void => {
    if (typeof value === 'number') found.push(value);
    else if (Array.isArray(value)) value.forEach(visit);
    else if (value && typeof value === 'object') Object.values(value).forEach(visit);
  };
  visit(Object.values(result.metrics));
  visit(result.charts);
  for (const table of Object.values(result.tables)) visit(recordsOf(table));
  return found;
}

function expectNoNaN(result: AnalysisResult): void {
  expect(numbersIn(result).filter(Number.isNaN)).toEqual([]);
  for (const table of Object.values(result.tables))
    for (const { name, column } of table.columns) {
      if (column.type === 'string' || column.validity) continue;
      expect(Array.from(column.values).some(Number.isNaN), `'${name}' has NaN`).toBe(false);
    }
}

function keysOf(notes: AnalysisResult['notes']): string[] {
  return notes.map(({ text }) => (text as Message).key);
}

describe('the churn plugin', () => {
  it('speaks both languages with the same arguments', () => {
    const named = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
    expect(Object.keys(chinese)).toEqual(Object.keys(english));
    for (const [key, text] of Object.entries(english))
      expect(named((chinese as Record<string, string>)[key]), key).toEqual(named(text));
  });

  it('has a text for every title of its manifest', () => {
    const keys = [...JSON.stringify(manifest).matchAll(/%([^%"]+)%/g)].map(([, key]) => key);
    expect(keys.length).toBeGreaterThan(80);
    for (const key of keys) expect(english).toHaveProperty([key]);
  });

  it('declares exactly what its code has', () => {
    expect(Object.keys(code.analyses ?? {})).toEqual(manifest.contributes.analyses.map(({ id }) => id));
  });
});

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

describe('churn.risk', () => {
  const size = 400;
  const churned = booleanColumn(Array.from({ length: size }, (_, i) => (i * 7) % 10 < 3 + (i % 2) * 3));
  const odd = integerColumn(Uint8Array.from({ length: size }, (_, i) => i % 2));
  const wave = numberColumn(Float64Array.from({ length: size }, (_, i) => Math.sin(i)));

  it('warns of a feature that tells the outcome, by its values or by its blanks', async () => {
    const told = numberColumn(Float64Array.from(churned.values, (value, i) => value * 100 + (i % 7)));
    const blank = columnFromValues(
      'string',
      Array.from(churned.values, (value) => (value === 1 ? 'moved' : null)),
    );
    const byValue = await customersRun({ churned }, { odd, told });
    expect(keysOf(byValue.notes)).toContain('note.leak.alone');
    expectNoNaN(byValue);
    const byBlank = await customersRun({ churned }, { odd, wave, blank }, { model: 'boosted-trees' });
    expect(keysOf(byBlank.notes)).toContain('note.leak.alone');
    const named = await customersRun({ churned }, { odd, 'Churn Score': wave });
    expect(keysOf(named.notes)).toContain('note.leak.named');
  });

  it('refuses days after the cut-off', async () => {
    const seen = dateColumn(Int32Array.from({ length: size }, (_, i) => 19_000 + i));
    await expect(customersRun({ churned }, { odd, seen }, { cutOff: '2022-01-31' })).rejects.toThrow(
      "'seen' has 376 days after the cut-off",
    );
  });

  it('separated outcomes give no coefficient but a warning; a penalty gives one', async () => {
    const side = numberColumn(Float64Array.from(churned.values, (value, i) => value + (i % 10) / 20));
    const free = await customersRun({ churned }, { side });
    expect(recordsOf(free.tables.coefficients)[1].status).toBe('infinite');
    expect(keysOf(free.notes)).toContain('note.infinite.risk');
    expectNoNaN(free);
    const held = await customersRun({ churned }, { side }, { penalty: 1 });
    expect(recordsOf(held.tables.coefficients)[1].status).toBe('ok');
    expect(recordsOf(held.tables.coefficients)[1].coef as number).toBeGreaterThan(0);
  });

  it('finds the threshold that pays', async () => {
    const result = await customersRun({ churned }, { odd }, { costOfContact: 10, valueOfSave: 21 });
    // Of the odd customers 60 % churn: 0.6 · 21 > 10. Of the even ones 30 %: not worth a contact.
    expect(result.metrics.bestProfit.value).toBeCloseTo(200 * (0.6 * 21 - 10), 6);
    expect(recordsOf(result.tables.threshold).find(({ best }) => best === true)?.contacted).toBe(200);
    const [first] = recordsOf(result.tables.customers);
    expect(first).toMatchObject({ band: 'medium', why: 'odd = 1 ↑' });
    expect(first.risk as number).toBeCloseTo(0.6, 8);
  });

  it('names a product of features by its factors, and truth values by signs', async () => {
    const vip = booleanColumn(Array.from({ length: size }, (_, i) => i % 5 === 0));
    const both = booleanColumn(
      Array.from({ length: size }, (_, i) => (i % 2 === 1 && Math.sin(i) > 0) !== (i % 9 === 0)),
    );
    const result = await customersRun({ churned: both }, { odd, wave, vip }, { features: ['odd*wave', 'vip'] });
    const whys = recordsOf(result.tables.customers).map(({ why }) => String(why));
    expect(whys.some((why) => /odd = [01] [↑↓] × wave = -?[0-9.]+ [↑↓]/.test(why))).toBe(true);
    const boosted = await customersRun({ churned: vip }, { odd, wave, vip }, { model: 'boosted-trees' });
    expect(String(recordsOf(boosted.tables.customers)[0].why)).toContain('vip = ✓');
  });

  it('the same seed holds out the same customers', async () => {
    const run = () => customersRun({ churned }, { odd, wave }, { split: 'holdout:0.25', seed: 5 });
    const first = await run();
    expect(first.metrics).toEqual((await run()).metrics);
    expect(first.metrics.auc.n).toBe(100);
    await expect(customersRun({ churned }, { odd }, { split: 'half' })).rejects.toThrow('holdout:0.2');
  });

  it('leaves out texts that are names, and refuses where nothing is left', async () => {
    const name = stringColumn(Array.from({ length: size }, (_, i) => `customer ${i}`));
    const result = await customersRun({ churned }, { name, odd });
    expect(result.settled?.features).toEqual(['odd']);
    expect(keysOf(result.notes)).toContain('note.tooManyLevels');
    for (const model of ['logistic', 'boosted-trees'])
      await expect(customersRun({ churned }, { name }, { model })).rejects.toThrow('no feature to predict from');
  });

  it('refuses where everyone or no one churned', async () => {
    const flat = integerColumn(new Uint8Array(size));
    await expect(customersRun({ churned: flat }, { odd })).rejects.toThrow('No customer churned');
    const all = integerColumn(new Uint8Array(size).fill(1));
    await expect(customersRun({ churned: all }, { odd })).rejects.toThrow('Every customer churned');
  });

  it('builds features from transactions that end at the cut-off', async () => {
    const customers: string[] = [];
    const days: number[] = [];
    for (let c = 0; c < 120; c++)
      for (let visit = 0; visit < 12; visit++) {
        const at = visit * 25 + ((c * 13 + visit * 7) % 20);
        if (c % 3 === 0 && at > 150) continue;
        customers.push(`c${c}`);
        days.push(19_000 + at);
      }
    const fields = { customer: stringColumn(customers), time: dateColumn(Int32Array.from(days)) };
    const result = await runAnalysis(plugin, 'churn.risk', {
      inputs: { transactions: { fields } },
      parameters: { window: '60d', penalty: 1 },
    });
    expect(result.metrics.churned.value).toBe(40);
    expect(result.metrics.auc.value as number).toBeGreaterThan(0.99);
    expectNoNaN(result);
    // Reasons name made features in the reader's language, never by key; their values stand beside.
    const why = result.tables.customers.columns.find(({ name }) => name === 'why');
    const [first] = recordsOf(result.tables.customers);
    const label = why?.labels?.[String(first.why)];
    expect(first.why).toContain('recency ↑');
    expect(renderText(label ?? '', english, 'en-US')).toContain('Recency (days) ↑');
    expect(renderText(label ?? '', chinese, 'zh-CN')).toContain('最近消费间隔（天） ↑');
    expect(first.recency as number).toBeGreaterThan(60);
  });
});
