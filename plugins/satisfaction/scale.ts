import { AnalysisError, type Column, message, numberAt } from '@patron/sdk';

/** A rating scale: the whole scores it allows and how the measure counts each of them. */
export interface Scale {
  readonly minimum: number;
  readonly maximum: number;
  /** What one response with this score adds to the mean: NPS −1, 0 or 1; CSAT 0 or 1; CES the score. */
  readonly worth: (score: number) => number;
}

/** Scores of the responses that count, with the rows they stand in. */
export interface Responses {
  /** Row of each response that counts. */
  readonly rows: Uint32Array;
  /** Its score. */
  readonly scores: Uint8Array;
  /** Rows with a number that is no score of the scale. */
  readonly offScale: number;
  /** Rows of customers who answered again later, where only the latest counts. */
  readonly superseded: number;
}

/**
 * Picks the responses that count: whole scores within the scale and, where `latest` is given, only each customer's last.
 * @throws AnalysisError where no response is left.
 */
export function readResponses(
  score: Column,
  scale: Pick<Scale, 'minimum' | 'maximum'>,
  latest?: { readonly codes: ArrayLike<number>; readonly count: number; readonly time?: ArrayLike<number> },
): Responses {
  const rows = new Uint32Array(score.length);
  const scores = new Uint8Array(score.length);
  let used = 0;
  const direct = score.type === 'integer' && score.validity === undefined ? score.values : undefined;
  for (let row = 0; row < score.length; row++) {
    const value = direct ? direct[row] : numberAt(score, row);
    if (!(Number.isInteger(value) && value >= scale.minimum && value <= scale.maximum)) continue;
    rows[used] = row;
    scores[used++] = value;
  }
  const offScale = score.length - used;
  if (used === 0) {
    throw new AnalysisError(
      `No response is a whole number from ${scale.minimum} to ${scale.maximum}; map another column or choose another scale.`,
      {
        text: message('error.noScores', { minimum: scale.minimum, maximum: scale.maximum }),
        path: 'inputs.responses.score',
      },
    );
  }
  const all = { rows: rows.subarray(0, used), scores: scores.subarray(0, used), offScale, superseded: 0 };
  return latest ? keepLatest(all, latest) : all;
}

/** Of equal times, and where there is no time, the later row counts. */
function keepLatest(
  all: Responses,
  { codes, count, time }: { codes: ArrayLike<number>; count: number; time?: ArrayLike<number> },
): Responses {
  const last = new Int32Array(count).fill(-1);
  for (let i = 0; i < all.rows.length; i++) {
    const customer = codes[all.rows[i]];
    const before = last[customer];
    if (before < 0 || time === undefined || time[all.rows[i]] >= time[all.rows[before]]) last[customer] = i;
  }
  const kept = last.filter((index) => index >= 0).sort();
  return {
    rows: Uint32Array.from(kept, (index) => all.rows[index]),
    scores: Uint8Array.from(kept, (index) => all.scores[index]),
    offScale: all.offScale,
    superseded: all.rows.length - kept.length,
  };
}

/** How many responses gave each score; entry i is for score i. */
export function countsOf(scores: Uint8Array, maximum: number): Float64Array {
  const counts = new Float64Array(maximum + 1);
  for (let i = 0; i < scores.length; i++) counts[scores[i]]++;
  return counts;
}
