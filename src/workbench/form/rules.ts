import type { Json, JsonObject } from '@patron/sdk';

export type Score = 'r' | 'f' | 'm';

export const scores: readonly Score[] = ['r', 'f', 'm'];

/** One line of a rule table: the scores that a segment takes. A range that is absent takes all scores. */
export interface Rule {
  readonly segment: string;
  readonly name?: string;
  readonly r?: readonly [number, number];
  readonly f?: readonly [number, number];
  readonly m?: readonly [number, number];
  /** What the editor does not know of a rule, kept as it is. */
  readonly rest: JsonObject;
}

/** Reads a rule table; whatever is not one reads as no rules. */
export function readRules(value: Json): Rule[] {
  if (!Array.isArray(value)) return [];
  return value
    .filter((item): item is JsonObject => item !== null && typeof item === 'object' && !Array.isArray(item))
    .map(({ segment, name, r, f, m, ...rest }) => ({
      segment: String(segment ?? ''),
      ...(typeof name === 'string' ? { name } : {}),
      r: readRange(r),
      f: readRange(f),
      m: readRange(m),
      rest,
    }));
}

function readRange(value: Json | undefined): readonly [number, number] | undefined {
  if (typeof value === 'number') return [value, value];
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const [from, to] = value.map(Number);
  return Number.isFinite(from) && Number.isFinite(to) ? [from, to] : undefined;
}

/** The rules as the parameter's value. */
export function writeRules(rules: readonly Rule[]): Json {
  return rules.map(({ segment, name, r, f, m, rest }) => ({
    segment,
    ...(name === undefined ? {} : { name }),
    ...(r ? { r: [...r] } : {}),
    ...(f ? { f: [...f] } : {}),
    ...(m ? { m: [...m] } : {}),
    ...rest,
  }));
}

/** What is wrong with a rule table: numbers count from 1. */
export type RuleFault =
  | { readonly kind: 'unnamed'; readonly rule: number }
  | { readonly kind: 'backwards'; readonly rule: number }
  | { readonly kind: 'overlap'; readonly rule: number; readonly other: number }
  | { readonly kind: 'gaps'; readonly cells: number };

/** Checks that every combination of scores 1 … `levels` falls to exactly one rule. */
export function checkRules(rules: readonly Rule[], levels: number): RuleFault[] {
  const faults: RuleFault[] = [];
  rules.forEach((rule, index) => {
    if (rule.segment === '') faults.push({ kind: 'unnamed', rule: index + 1 });
    if (scores.some((score) => rule[score] && rule[score][0] > rule[score][1]))
      faults.push({ kind: 'backwards', rule: index + 1 });
  });
  const depth = rules.some(({ m }) => m) ? levels : 1;
  const owner = new Int32Array(levels * levels * depth).fill(-1);
  const told = new Set<string>();
  rules.forEach((rule, index) => {
    const [r, f, m] = scores.map((score) => rule[score] ?? ([1, levels] as const));
    for (let i = Math.max(1, r[0]); i <= Math.min(levels, r[1]); i += 1) {
      for (let j = Math.max(1, f[0]); j <= Math.min(levels, f[1]); j += 1) {
        for (let k = depth === 1 ? 1 : Math.max(1, m[0]); k <= (depth === 1 ? 1 : Math.min(levels, m[1])); k += 1) {
          const cell = ((i - 1) * levels + j - 1) * depth + k - 1;
          const other = owner[cell];
          if (other < 0) owner[cell] = index;
          else if (!told.has(`${other} ${index}`)) {
            told.add(`${other} ${index}`);
            faults.push({ kind: 'overlap', rule: other + 1, other: index + 1 });
          }
        }
      }
    }
  });
  const cells = owner.filter((index) => index < 0).length;
  if (cells > 0) faults.push({ kind: 'gaps', cells });
  return faults;
}
