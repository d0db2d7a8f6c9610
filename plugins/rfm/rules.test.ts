import { expect, test } from 'vitest';
import { parseRules, ruleText, segmentGrid } from './rules.ts';
import { schemeRules } from './schemes.ts';

test('every built-in scheme takes each cell exactly once, for any number of scores', () => {
  for (let bins = 2; bins <= 10; bins++) {
    for (const scheme of ['segments10', 'segments11'] as const) {
      expect(() => segmentGrid(schemeRules(scheme, bins), bins)).not.toThrow();
    }
  }
  expect(segmentGrid(schemeRules('zh8', 5), 2).segments).toHaveLength(8);
});

test('the ten segments stand where numbers published for them put them', () => {
  const grid = segmentGrid(schemeRules('segments10', 5), 5);
  const at = (r: number, f: number): string => grid.segments[grid.cells[(r - 1) * 5 + f - 1]];
  expect([at(1, 1), at(2, 3), at(1, 5), at(3, 2), at(3, 3)]).toEqual([
    'hibernating',
    'at_risk',
    'cant_loose',
    'about_to_sleep',
    'need_attention',
  ]);
  expect([at(4, 5), at(4, 1), at(5, 1), at(5, 3), at(5, 4)]).toEqual([
    'loyal_customers',
    'promising',
    'new_customers',
    'potential_loyalists',
    'champions',
  ]);
});

test('a gap is named by its cells', () => {
  const rules = parseRules(
    [
      { segment: 'a', r: [1, 2] },
      { segment: 'b', r: 3, f: [1, 2] },
    ],
    3,
  );
  expect(() => segmentGrid(rules, 3)).toThrow('No rule takes R3 F3: 1 of 9 cells are left over');
});

test('an overlap is named by its rules and cells', () => {
  const rules = parseRules([{ segment: 'a', r: [1, 2] }, { segment: 'b', r: [2, 3], f: [1, 1] }, { segment: 'c' }], 3);
  expect(() => segmentGrid(rules, 3)).toThrow("Rules 1 ('a') and 2 ('b') both take R2 F1; narrow one of them.");
});

test('a rule on monetary value makes the check run over all three scores', () => {
  const rules = parseRules(
    [
      { segment: 'rich', m: [2, 2] },
      { segment: 'poor', m: 1, r: [1, 1] },
    ],
    2,
  );
  expect(() => segmentGrid(rules, 2)).toThrow('No rule takes R2 F1 M1, R2 F2 M1: 2 of 8 cells');
});

test('a malformed rule is pointed at', () => {
  expect(() => parseRules([{ segment: 'a', r: [0, 5] }], 5)).toThrow("Rule 1 ('a'): 'r' must be a score or a pair");
  expect(() => parseRules([{ r: [1, 5] }], 5)).toThrow('Rule 1 names no segment');
  expect(() => parseRules({}, 5)).toThrow("'rules' must be a list");
});

test('a rule reads as people write it', () => {
  expect(ruleText({ segment: 'a', r: [4, 5], f: [1, 1], m: [2, 3] })).toBe('R 4–5 · F 1 · M 2–3');
});
