import { AnalysisError, type Json, message } from '@patron/sdk';

/** First and last score that a rule takes, both included. */
export type ScoreRange = readonly [number, number];

/** One line of the rule table: customers whose scores lie in all ranges belong to the segment. */
export interface SegmentRule {
  readonly segment: string;
  readonly r: ScoreRange;
  readonly f: ScoreRange;
  /** Absent: any. */
  readonly m?: ScoreRange;
  /** Heading of a segment that is none of the known ones; by default its id. */
  readonly name?: string;
  /** What to do with these customers, in place of the recommendation that comes with the segment. */
  readonly treatment?: string;
}

/** A rule table that gives every cell exactly one segment. */
export interface SegmentGrid {
  readonly levels: number;
  readonly byMonetary: boolean;
  readonly rules: readonly SegmentRule[];
  /** Segment ids in the order of the rules. */
  readonly segments: readonly string[];
  /** Index into `segments` by cell: `(r − 1) · levels + f − 1`, times `levels` plus `m − 1` where `byMonetary`. */
  readonly cells: Uint8Array;
}

/**
 * Reads the parameter `rules` and checks it over all cells.
 * @throws AnalysisError naming the rule that is malformed, the cells that no rule takes, or those that two take.
 */
export function parseRules(given: Json, levels: number): readonly SegmentRule[] {
  if (!Array.isArray(given) || given.length === 0) {
    throw new AnalysisError('\'rules\' must be a list such as [{"segment": "champions", "r": [5, 5], "f": [4, 5]}].', {
      text: message('error.rulesShape'),
      path: 'parameters.rules',
    });
  }
  return given.map((rule: Json, index) => parseRule(rule, index, levels));
}

function parseRule(rule: Json, index: number, levels: number): SegmentRule {
  const path = `parameters.rules.${index}`;
  const fields = rule !== null && typeof rule === 'object' && !Array.isArray(rule) ? rule : {};
  const { segment, name, treatment } = fields as { readonly [key: string]: Json };
  if (typeof segment !== 'string' || segment === '') {
    throw new AnalysisError(`Rule ${index + 1} names no segment; give it a text as 'segment'.`, {
      text: message('error.ruleSegment', { rule: index + 1 }),
      path: `${path}.segment`,
    });
  }
  const rangeOf = (score: 'r' | 'f' | 'm'): ScoreRange | undefined => {
    const range = (fields as { readonly [key: string]: Json })[score];
    if (range === undefined || range === null) return undefined;
    const pair = typeof range === 'number' ? [range, range] : range;
    const whole = Array.isArray(pair) && pair.length === 2 && pair.every((end) => Number.isInteger(end));
    if (whole) {
      const [low, high] = pair as number[];
      if (low >= 1 && high <= levels && low <= high) return [low, high];
    }
    throw new AnalysisError(
      `Rule ${index + 1} ('${segment}'): '${score}' must be a score or a pair [from, to] within 1 … ${levels}.`,
      { text: message('error.ruleRange', { rule: index + 1, segment, score, levels }), path: `${path}.${score}` },
    );
  };
  const all: ScoreRange = [1, levels];
  return {
    segment,
    r: rangeOf('r') ?? all,
    f: rangeOf('f') ?? all,
    m: rangeOf('m'),
    name: typeof name === 'string' && name !== '' ? name : undefined,
    treatment: typeof treatment === 'string' && treatment !== '' ? treatment : undefined,
  };
}

const LISTED = 6;

/** Lays the rules over all cells. @throws AnalysisError listing gaps and overlaps by cell. */
export function segmentGrid(rules: readonly SegmentRule[], levels: number): SegmentGrid {
  const byMonetary = rules.some((rule) => rule.m !== undefined);
  const depth = byMonetary ? levels : 1;
  const segments = [...new Set(rules.map((rule) => rule.segment))];
  const owner = new Int16Array(levels * levels * depth).fill(-1);
  const overlaps = new Map<string, string[]>();
  rules.forEach((rule, index) => {
    const m = byMonetary ? (rule.m ?? [1, levels]) : [1, 1];
    for (let r = rule.r[0]; r <= rule.r[1]; r++) {
      for (let f = rule.f[0]; f <= rule.f[1]; f++) {
        for (let k = m[0]; k <= m[1]; k++) {
          const cell = ((r - 1) * levels + f - 1) * depth + k - 1;
          if (owner[cell] < 0) owner[cell] = index;
          else {
            const pair = `${owner[cell]} ${index}`;
            overlaps.set(pair, [...(overlaps.get(pair) ?? []), cellName(cell, levels, depth)]);
          }
        }
      }
    }
  });
  const [overlap] = overlaps;
  if (overlap) {
    const [first, second] = overlap[0].split(' ').map(Number);
    throw new AnalysisError(
      `Rules ${first + 1} ('${rules[first].segment}') and ${second + 1} ('${rules[second].segment}') both take ${listed(overlap[1])}; narrow one of them.`,
      {
        text: message('error.rulesOverlap', {
          first: first + 1,
          firstSegment: rules[first].segment,
          second: second + 1,
          secondSegment: rules[second].segment,
          cells: listed(overlap[1]),
        }),
        path: `parameters.rules.${second}`,
      },
    );
  }
  const gaps = [...owner.keys()].filter((cell) => owner[cell] < 0).map((cell) => cellName(cell, levels, depth));
  if (gaps.length > 0) {
    throw new AnalysisError(
      `No rule takes ${listed(gaps)}: ${gaps.length} of ${owner.length} cells are left over; widen a rule or add one.`,
      {
        text: message('error.rulesGap', { cells: listed(gaps), count: gaps.length, all: owner.length }),
        path: 'parameters.rules',
      },
    );
  }
  const cells = Uint8Array.from(owner, (index) => segments.indexOf(rules[index].segment));
  return { levels, byMonetary, rules, segments, cells };
}

function cellName(cell: number, levels: number, depth: number): string {
  const m = cell % depth;
  const f = Math.floor(cell / depth) % levels;
  const r = Math.floor(cell / depth / levels);
  return `R${r + 1} F${f + 1}${depth > 1 ? ` M${m + 1}` : ''}`;
}

function listed(cells: readonly string[]): string {
  return cells.length <= LISTED ? cells.join(', ') : `${cells.slice(0, LISTED).join(', ')} … (${cells.length})`;
}

/** Segment of each customer (index into `grid.segments`) from levels 1 … `grid.levels`. */
export function segmentsOf(grid: SegmentGrid, r: Uint8Array, f: Uint8Array, m: Uint8Array): Uint8Array {
  const { levels, byMonetary, cells } = grid;
  const segments = new Uint8Array(r.length);
  if (byMonetary) {
    for (let i = 0; i < segments.length; i++) {
      segments[i] = cells[((r[i] - 1) * levels + f[i] - 1) * levels + m[i] - 1];
    }
  } else {
    for (let i = 0; i < segments.length; i++) segments[i] = cells[(r[i] - 1) * levels + f[i] - 1];
  }
  return segments;
}

/** A rule's ranges as people write them: `R 4–5 · F 2–3`. */
export function ruleText(rule: SegmentRule): string {
  const range = (score: string, [low, high]: ScoreRange): string => `${score} ${low === high ? low : `${low}–${high}`}`;
  return [range('R', rule.r), range('F', rule.f), ...(rule.m ? [range('M', rule.m)] : [])].join(' · ');
}
