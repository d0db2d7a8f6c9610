import type { ScoreRange, SegmentRule } from './rules.ts';

export type Scheme = 'segments10' | 'segments11' | 'zh8';

/** The scores that the named schemes are written for. */
const SCHEME_LEVELS = 5;

/**
 * Ten segments on recency and frequency alone. Published bounds for these names differ; these are the ones most public
 * notebooks use, and the rule table shows them.
 */
const SEGMENTS_10: readonly SegmentRule[] = [
  { segment: 'champions', r: [5, 5], f: [4, 5] },
  { segment: 'loyal_customers', r: [3, 4], f: [4, 5] },
  { segment: 'potential_loyalists', r: [4, 5], f: [2, 3] },
  { segment: 'new_customers', r: [5, 5], f: [1, 1] },
  { segment: 'promising', r: [4, 4], f: [1, 1] },
  { segment: 'need_attention', r: [3, 3], f: [3, 3] },
  { segment: 'about_to_sleep', r: [3, 3], f: [1, 2] },
  { segment: 'at_risk', r: [1, 2], f: [3, 4] },
  { segment: 'cant_loose', r: [1, 2], f: [5, 5] },
  { segment: 'hibernating', r: [1, 2], f: [1, 2] },
];

/** The ten with an eleventh: who bought little and longest ago counts as lost rather than hibernating. */
const SEGMENTS_11: readonly SegmentRule[] = [
  ...SEGMENTS_10.slice(0, -1),
  { segment: 'hibernating', r: [2, 2], f: [1, 2] },
  { segment: 'lost', r: [1, 1], f: [1, 2] },
];

const LOW: ScoreRange = [1, 1];
const HIGH: ScoreRange = [2, 2];

/** The eight types of Chinese practice over recency, frequency and monetary value, each low (1) or high (2). */
const ZH_8: readonly SegmentRule[] = [
  { segment: 'important_value', r: HIGH, f: HIGH, m: HIGH },
  { segment: 'important_development', r: HIGH, f: LOW, m: HIGH },
  { segment: 'important_retention', r: LOW, f: HIGH, m: HIGH },
  { segment: 'important_win_back', r: LOW, f: LOW, m: HIGH },
  { segment: 'general_value', r: HIGH, f: HIGH, m: LOW },
  { segment: 'general_development', r: HIGH, f: LOW, m: LOW },
  { segment: 'general_retention', r: LOW, f: HIGH, m: LOW },
  { segment: 'general_win_back', r: LOW, f: LOW, m: LOW },
];

/** Every segment that has a name and a recommendation in the catalogues. */
export const KNOWN_SEGMENTS: ReadonlySet<string> = new Set([...SEGMENTS_11, ...ZH_8].map((rule) => rule.segment));

/**
 * A scheme's rule table for scores 1 … `bins`. The rules are written for five scores; for another number the scores are
 * stretched so that the lowest and the highest keep their places, and rules that no score falls to are left out.
 */
export function schemeRules(scheme: Scheme, bins: number): readonly SegmentRule[] {
  if (scheme === 'zh8') return ZH_8;
  const rules = scheme === 'segments10' ? SEGMENTS_10 : SEGMENTS_11;
  if (bins === SCHEME_LEVELS) return rules;
  const levelOf = (score: number): number => 1 + Math.round(((score - 1) * (SCHEME_LEVELS - 1)) / (bins - 1));
  const stretched = ([low, high]: ScoreRange): ScoreRange | undefined => {
    const scores = Array.from({ length: bins }, (_, i) => i + 1).filter(
      (score) => levelOf(score) >= low && levelOf(score) <= high,
    );
    return scores.length > 0 ? [scores[0], scores[scores.length - 1]] : undefined;
  };
  return rules.flatMap((rule) => {
    const r = stretched(rule.r);
    const f = stretched(rule.f);
    return r && f ? [{ ...rule, r, f }] : [];
  });
}
