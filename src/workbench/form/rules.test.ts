import { describe, expect, it } from 'vitest';
import { checkRules, readRules, writeRules } from './rules.ts';

const halves = [
  { segment: 'high', r: [3, 5] },
  { segment: 'low', r: [1, 2] },
];

describe('a rule table', () => {
  it('is whole where every combination of scores falls to one rule', () => {
    expect(checkRules(readRules(halves), 5)).toEqual([]);
  });

  it('counts the combinations that no rule takes', () => {
    expect(checkRules(readRules([{ segment: 'high', r: [3, 5] }]), 5)).toEqual([{ kind: 'gaps', cells: 10 }]);
  });

  it('names two rules that take the same scores, once', () => {
    const rules = readRules([...halves, { segment: 'best', r: [5, 5], f: [5, 5] }]);
    expect(checkRules(rules, 5)).toEqual([{ kind: 'overlap', rule: 1, other: 3 }]);
  });

  it('counts over monetary scores too once a rule names them', () => {
    const rules = readRules([{ segment: 'rich', m: [5, 5] }]);
    expect(checkRules(rules, 5)).toEqual([{ kind: 'gaps', cells: 100 }]);
  });

  it('names a rule whose range runs backwards', () => {
    expect(checkRules(readRules([{ segment: 'x', r: [5, 1] }]), 2)[0]).toEqual({ kind: 'backwards', rule: 1 });
  });

  it('keeps what the editor does not show', () => {
    const value = [{ segment: 'champions', r: [5, 5], f: [4, 5], treatment: 'thank them' }];
    expect(writeRules(readRules(value))).toEqual(value);
  });
});
