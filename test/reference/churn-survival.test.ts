import { describe, expect, it } from 'vitest';
import { hasFile, run } from './churn-data.ts';

const SPELLS = { duration: 'T', ended: 'E' };

describe.skipIf(!hasFile('waltons'))('survival of the waltons flies', () => {
  it('is the published Kaplan–Meier curve with log-log intervals', async () => {
    const { row, metric, result } = await run('churn.survival', 'waltons', 'spells', SPELLS, { horizon: 60 });
    expect(metric('customers')).toBe(163);
    expect(metric('events')).toBe(156);
    expect(metric('median')).toBe(56);
    expect(result.metrics.median.interval).toEqual([53, 58]);
    const at = (time: number) => row('survival', 'time', time);
    expect(at(6).survival).toBeCloseTo(0.993865, 7);
    expect(at(29).survival).toBeCloseTo(0.8272239, 7);
    expect(at(56).survival).toBeCloseTo(0.4299026, 7);
    expect(at(60).survival).toBeCloseTo(0.3115237, 7);
    expect(at(69).survival).toBeCloseTo(0.0143405, 7);
    expect(at(75).survival).toBe(0);
    expect([at(29).low, at(29).high].map((value) => Number(value).toFixed(8))).toEqual(['0.75966940', '0.87731281']);
    expect([at(60).low, at(60).high].map((value) => Number(value).toFixed(8))).toEqual(['0.24165949', '0.38375862']);
    expect(metric('rmst')).toBeCloseTo(48.27749, 5);
    const [low, high] = result.metrics.rmst.interval ?? [0, 0];
    expect((high - low) / (2 * 1.959964)).toBeCloseTo(1.19373, 5);
  });

  it('differs between the groups as published', async () => {
    const { metric, result, rows } = await run('churn.survival', 'waltons', 'spells', { ...SPELLS, group: 'group' });
    expect(metric('median.control')).toBe(58);
    expect(result.metrics['median.control'].interval).toEqual([56, 60]);
    expect(metric('median.miR-137')).toBe(26);
    expect(result.metrics['median.miR-137'].interval).toEqual([22, 29]);
    expect(metric('logRank')).toBeCloseTo(122.24913, 4);
    expect(metric('logRankDegrees')).toBe(1);
    expect(metric('logRankP')).toBeLessThan(1e-27);
    expect(rows('groups').map(({ expected }) => expected && Number(expected).toFixed(5))).toEqual([
      '148.92449',
      '7.07551',
      null,
    ]);
  });

  it('follows the published Weibull curve', async () => {
    const { metric } = await run('churn.weibull', 'waltons', 'spells', SPELLS);
    expect(metric('lambda')).toBeCloseTo(0.017942666, 7);
    expect(metric('scale')).toBeCloseTo(55.733078, 4);
    expect(metric('rho')).toBeCloseTo(3.4505103, 5);
    expect(metric('logLikelihood')).toBeCloseTo(-672.06219, 4);
  });
});

describe.skipIf(!hasFile('rossi'))('survival of the Rossi releases', () => {
  it('is the published curve', async () => {
    const { row, metric, result } = await run('churn.survival', 'rossi', 'spells', {
      duration: 'week',
      ended: 'arrest',
    });
    const published: [number, number][] = [
      [1, 0.997685],
      [10, 0.965278],
      [20, 0.907407],
      [30, 0.861111],
      [40, 0.803241],
      [52, 0.736111],
    ];
    for (const [time, survival] of published) expect(row('survival', 'time', time).survival).toBeCloseTo(survival, 6);
    expect(row('survival', 'time', 52).standardError).toBeCloseTo(0.021205, 6);
    expect(row('survival', 'time', 52).low).toBeCloseTo(0.69186, 5);
    expect(row('survival', 'time', 52).high).toBeCloseTo(0.775063, 5);
    expect(metric('median')).toBeNull();
    expect(result.notes.map(({ text }) => (typeof text === 'string' ? text : text.key))).toContain('note.notReached');
  });
});

describe.skipIf(!hasFile('lung'))('survival of the lung patients', () => {
  it('is what R survfit and survdiff give', async () => {
    const { metric, result } = await run('churn.survival', 'lung', 'spells', {
      duration: 'time',
      ended: 'status',
      group: 'sex',
    });
    expect(metric('events')).toBe(165);
    expect(metric('median')).toBe(310);
    expect(result.metrics.median.interval).toEqual([285, 363]);
    expect(metric('median.1')).toBe(270);
    expect(metric('median.2')).toBe(426);
    expect(metric('logRank')).toBeCloseTo(10.3267, 4);
    expect(metric('logRankP')).toBeCloseTo(0.001311, 6);
  });

  it('has the log-log median interval where that is asked for', async () => {
    const fields = { duration: 'time', ended: 'status' };
    const { result } = await run('churn.survival', 'lung', 'spells', fields, { medianInterval: 'log-log' });
    expect(result.metrics.median.interval).toEqual([284, 361]);
  });
});

describe.skipIf(!hasFile('telco'))('tenure of the Telco customers', () => {
  const fields = { duration: 'tenure', ended: 'Churn' };

  it('is the published curve', async () => {
    const { row } = await run('churn.survival', 'telco', 'spells', fields);
    expect(row('survival', 'time', 1).atRisk).toBe(7032);
    const published: [number, number][] = [
      [1, 0.9459613],
      [6, 0.8848262],
      [12, 0.8431996],
      [24, 0.7887364],
      [36, 0.7485454],
      [48, 0.7088402],
      [60, 0.6644039],
      [72, 0.5927902],
    ];
    for (const [time, survival] of published) expect(row('survival', 'time', time).survival).toBeCloseTo(survival, 7);
  });

  it('differs between contracts', async () => {
    const { metric, result, rows } = await run('churn.survival', 'telco', 'spells', { ...fields, group: 'Contract' });
    expect(metric('median.Month-to-month')).toBe(35);
    expect(result.metrics['median.Month-to-month'].interval).toEqual([32, 38]);
    expect(metric('logRank')).toBeCloseTo(2352.87254, 4);
    expect(metric('logRankDegrees')).toBe(2);
    expect(rows('comparisons')).toHaveLength(3);
  });
});
