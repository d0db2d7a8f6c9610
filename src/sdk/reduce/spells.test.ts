import { describe, expect, it } from 'vitest';
import { decimalColumn, integerColumn, numberColumn } from '../make-column.ts';
import { spells } from './spells.ts';

describe('spells', () => {
  it('groups whole durations, ended and running apart', () => {
    const { groups } = spells(integerColumn(Uint8Array.of(3, 1, 3, 0, 3)), Uint8Array.of(1, 0, 0, 1, 1));
    expect(groups).toEqual([
      { times: Float64Array.of(0, 1, 3), ended: Float64Array.of(1, 0, 2), running: Float64Array.of(0, 1, 1) },
    ]);
  });

  it('keeps decimals exact and counts rows that are no duration', () => {
    const { groups, unusable } = spells(decimalColumn(Int32Array.of(15, 15, -2, 30), 10), Uint8Array.of(1, 1, 1, 0));
    expect([...groups[0].times]).toEqual([1.5, 3]);
    expect([...groups[0].ended]).toEqual([2, 0]);
    expect(unusable).toBe(1);
  });

  it('gives the same by counting and by sorting, with groups and with weights', () => {
    const length = 20_000;
    const whole = Float64Array.from({ length }, (_, i) => (i * 7919) % 97);
    const ended = Uint8Array.from({ length }, (_, i) => (i % 3 === 0 ? 1 : 0));
    const group = Uint8Array.from({ length }, (_, i) => i % 2);
    const counted = spells(numberColumn(whole), ended, { group, groupCount: 2 });
    const shifted = spells(numberColumn(whole.map((value) => value + 0.5)), ended, { group, groupCount: 2 });
    const weighted = spells(numberColumn(whole.map((value) => value + 0.5)), ended, {
      group,
      groupCount: 2,
      weight: new Float64Array(length).fill(1),
    });
    for (const other of [shifted, weighted])
      other.groups.forEach((spell, code) => {
        expect(spell.times.map((time) => time - 0.5)).toEqual(counted.groups[code].times);
        expect(spell.ended).toEqual(counted.groups[code].ended);
        expect(spell.running).toEqual(counted.groups[code].running);
      });
  });

  it('sorts durations of any spread, an extreme one among them', () => {
    const values = Float64Array.from({ length: 10_000 }, (_, i) => ((i * 7919) % 10_007) / 13);
    values[17] = 1e300;
    const { groups } = spells(numberColumn(values), new Uint8Array(values.length));
    expect(groups[0].times).toEqual(Float64Array.from(new Set(values)).sort());
  });

  it('sums the weight of grouped spells', () => {
    const weight = [2.5, 4, Number.NaN, 1];
    const { groups, unusable } = spells(integerColumn([1, 1, 1, 2]), Uint8Array.of(1, 1, 1, 0), { weight });
    expect([...groups[0].ended]).toEqual([6.5, 0]);
    expect([...groups[0].running]).toEqual([0, 1]);
    expect(unusable).toBe(1);
  });
});
