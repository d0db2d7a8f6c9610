import {
  columnFromValues,
  integerColumn,
  numberColumn,
  type PluginManifest,
  stringColumn,
  timestampColumn,
} from '@patron/sdk';
import { recordsOf, runAnalysis } from '@patron/sdk/testing';
import { describe, expect, it } from 'vitest';
import { plugin } from './index.ts';
import manifest from './plugin.json' with { type: 'json' };

const satisfaction = { manifest: manifest as unknown as PluginManifest, code: plugin };

function scored(counts: Record<number, number>): number[] {
  return Object.entries(counts).flatMap(([score, count]) => new Array<number>(count).fill(Number(score)));
}

const nps = (scores: ArrayLike<number>, parameters = {}, more = {}) =>
  runAnalysis(satisfaction, 'nps.score', {
    inputs: { responses: { fields: { score: numberColumn(scores), ...more } } },
    parameters,
  });

describe('nps.score', () => {
  it('gives the published 17.5 of 250 promoters and 75 detractors in 1,000, with both intervals', async () => {
    const scores = scored({ 10: 250, 8: 675, 3: 75 });
    const adjusted = await nps(scores);
    expect(adjusted.metrics).toMatchObject({
      promoters: { value: 250 },
      passives: { value: 675 },
      detractors: { value: 75 },
      responses: { value: 1000 },
    });
    expect(adjusted.metrics.nps.value).toBeCloseTo(17.5, 10);
    expect(adjusted.metrics.nps.interval?.[0]).toBeCloseTo(14.0859, 4);
    expect(adjusted.metrics.nps.interval?.[1]).toBeCloseTo(20.8094, 4);
    const wald = await nps(scores, { interval: 'wald' });
    expect(wald.metrics.nps.interval?.[0]).toBeCloseTo(14.1372, 4);
    expect(wald.metrics.nps.interval?.[1]).toBeCloseTo(20.8628, 4);
  });

  it('gives 30 with its intervals for 50/30/20', async () => {
    const scores = scored({ 9: 50, 7: 30, 0: 20 });
    const { metrics } = await nps(scores);
    expect(metrics.nps.interval?.[0]).toBeCloseTo(14.0511, 4);
    expect(metrics.nps.interval?.[1]).toBeCloseTo(44.2013, 4);
    const wald = await nps(scores, { interval: 'wald' });
    expect(wald.metrics.nps.interval?.[0]).toBeCloseTo(14.6922, 4);
    expect(wald.metrics.nps.interval?.[1]).toBeCloseTo(45.3078, 4);
  });

  it('labels six responses as few', async () => {
    const { metrics, notes } = await nps([1, 8, 8, 10, 5, 9]);
    expect(metrics.nps).toMatchObject({ value: 0, n: 6, smallSample: true });
    expect(metrics.nps.interval?.[1]).toBeCloseTo(51.07, 2);
    expect(notes.some(({ level }) => level === 'warning')).toBe(true);
  });

  it('leaves out and counts numbers that are no score', async () => {
    const { metrics, leftOut } = await nps([9, 11, -1, 7.5, 0]);
    expect(metrics.responses.value).toBe(2);
    expect(leftOut).toMatchObject([{ role: 'responses', count: 3 }]);
  });

  it('counts a response without segment or time in the score only, and says so', async () => {
    const { metrics, tables, notes } = await nps([10, 10, 0, 9], undefined, {
      segment: stringColumn(['A', null, 'B', null]),
      time: columnFromValues('date', ['2026-01-05', '2026-02-05', null, null]),
    });
    expect(metrics.nps.value).toBe(50);
    expect(recordsOf(tables.segments).map(({ segment, responses }) => [segment, responses])).toEqual([
      ['A', 1],
      ['B', 1],
    ]);
    expect(recordsOf(tables.trend).map(({ period, responses }) => [period, responses])).toEqual([
      ['2026-01', 1],
      ['2026-02', 1],
    ]);
    const said = JSON.stringify(notes);
    expect(said).toContain('note.noSegment');
    expect(said).toContain('note.noTime');
  });

  it('keeps every answer without a customer, and takes one of unknown time for the oldest', async () => {
    const { metrics, leftOut } = await nps(
      [0, 10, 9, 9, 3],
      { keep: 'latest' },
      {
        customer: stringColumn(['a', 'a', null, null, 'a']),
        time: columnFromValues('date', ['2026-01-05', '2026-02-05', '2026-01-01', null, null]),
      },
    );
    expect(metrics.responses.value).toBe(3);
    expect(metrics.nps.value).toBe(100);
    expect(leftOut).toMatchObject([{ count: 2 }]);
  });

  it('leaves out responses without a weight above zero', async () => {
    const { metrics, leftOut } = await nps([10, 0, 0, 10], {}, { weight: columnFromValues('number', [3, 1, null, 0]) });
    expect(metrics.responses.value).toBe(2);
    expect(metrics.nps.value).toBe(50);
    expect(leftOut).toMatchObject([{ count: 2 }]);
  });

  it('does not take 0 for a score on the scale of one to ten', async () => {
    const { metrics } = await nps([0, 1, 10], { scale: '1-10' });
    expect(metrics).toMatchObject({ responses: { value: 2 }, promoters: { value: 1 }, detractors: { value: 1 } });
  });

  it("keeps each customer's latest response where asked", async () => {
    const more = {
      customer: stringColumn(['a', 'b', 'a']),
      time: timestampColumn([Date.UTC(2024, 2, 1), Date.UTC(2024, 0, 1), Date.UTC(2024, 1, 1)]),
    };
    const { metrics, leftOut } = await nps([10, 0, 0], { keep: 'latest' }, more);
    expect(metrics).toMatchObject({ promoters: { value: 1 }, detractors: { value: 1 }, responses: { value: 2 } });
    expect(leftOut).toMatchObject([{ count: 1 }]);
  });

  it('asks for the customer where only the latest is to count', async () => {
    await expect(nps([10], { keep: 'latest' })).rejects.toThrow("map the field 'customer'");
  });

  it('refuses where nothing is a score', async () => {
    await expect(nps([100, 200])).rejects.toThrow('No response is a whole number from 0 to 10');
  });

  it('tests each month against the one before', async () => {
    const scores = [...scored({ 10: 40, 5: 60 }), ...scored({ 10: 60, 5: 40 })];
    const time = timestampColumn(scores.map((_, index) => Date.UTC(2024, index < 100 ? 0 : 1, 15)));
    const { tables, metrics } = await nps(scores, {}, { time });
    // NPS −20 and +20; variance of each 1 − 0.04 = 0.96; SE of the difference √(2 · 0.96 / 100); z = 0.4 / 0.138564.
    expect(recordsOf(tables.trend)).toMatchObject([
      { period: '2024-01', responses: 100, change: null },
      { period: '2024-02', responses: 100 },
    ]);
    expect(metrics.change.value).toBeCloseTo(40, 10);
    expect(recordsOf(tables.trend)[1].p).toBeCloseTo(0.003892, 5);
  });

  it('compares segments with the rest and corrects for many', async () => {
    const scores = [...scored({ 10: 90, 0: 10 }), ...scored({ 10: 50, 0: 50 }), ...scored({ 10: 50, 0: 50 })];
    const segment = stringColumn(scores.map((_, index) => ['north', 'south', 'west'][Math.floor(index / 100)]));
    const { tables } = await nps(scores, {}, { segment });
    const rows = recordsOf(tables.segments);
    expect(rows.map((row) => row.segment)).toEqual(['north', 'south', 'west']);
    expect(rows[0].difference).toBeCloseTo(80, 10);
    expect(rows[0].significant).toBe(true);
    expect(Number(rows[1].pAdjusted)).toBeGreaterThanOrEqual(Number(rows[1].p));
  });

  it('counts ten million responses', async () => {
    const scores = new Uint8Array(10_000_000);
    for (let i = 0; i < scores.length; i++) scores[i] = (i * 7919) % 11;
    const { metrics } = await runAnalysis(satisfaction, 'nps.score', {
      inputs: { responses: { fields: { score: integerColumn(scores) } } },
    });
    expect(metrics.responses.value).toBe(10_000_000);
  });
});

describe('csat.score', () => {
  const csat = (scores: number[], parameters = {}) =>
    runAnalysis(satisfaction, 'csat.score', {
      inputs: { responses: { fields: { score: numberColumn(scores) } } },
      parameters,
    });

  it('is the share of the top two boxes with the Wilson interval', async () => {
    // 8 of 10: Wilson 95 % is 0.4902 to 0.9433 (Newcombe 1998's method).
    const { metrics } = await csat([5, 5, 5, 4, 4, 4, 4, 4, 3, 1]);
    expect(metrics.csat.value).toBeCloseTo(0.8, 12);
    expect(metrics.csat.interval?.[0]).toBeCloseTo(0.4902, 4);
    expect(metrics.csat.interval?.[1]).toBeCloseTo(0.9433, 4);
  });

  it('is the mean with a t interval where asked', async () => {
    // 1…5: mean 3, sd √2.5, t(0.975, 4) = 2.776445, half width 1.9632.
    const { metrics } = await csat([1, 2, 3, 4, 5], { measure: 'mean' });
    expect(metrics.csat.value).toBe(3);
    expect(metrics.csat.interval?.[0]).toBeCloseTo(3 - 1.9632, 4);
  });
});

describe('ces.score', () => {
  it('is the mean score, or the share of easy answers at the stated end', async () => {
    const run = (parameters: Record<string, string>) =>
      runAnalysis(satisfaction, 'ces.score', {
        inputs: { responses: { fields: { score: numberColumn([7, 6, 5, 4, 3, 2, 1]) } } },
        parameters,
      });
    expect((await run({})).metrics.ces.value).toBe(4);
    expect((await run({ measure: 'share' })).metrics).toMatchObject({ easy: { value: 3 }, hard: { value: 3 } });
    expect((await run({ direction: 'low-is-easy' })).metrics.easy.value).toBe(3);
  });
});
