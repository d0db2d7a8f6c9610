import {
  booleanColumn,
  columnFromValues,
  dateColumn,
  integerColumn,
  numberColumn,
  renderText,
  stringColumn,
} from '@patron/sdk';
import { recordsOf, runAnalysis } from '@patron/sdk/testing';
import { describe, expect, it } from 'vitest';
import english from './locales/en-US.json';
import chinese from './locales/zh-CN.json';
import { customersRun, expectNoNaN, keysOf, plugin } from './test-runs.ts';

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
