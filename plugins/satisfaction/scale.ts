import { AnalysisError, type Column, isPresent, message, numberAt } from '@patron/sdk';

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
  /** Rows without a weight above zero, where there are weights. */
  readonly unweighted: number;
}

/** Whose the responses are and, where known, when they came. */
interface Respondents {
  readonly customer: Column;
  /** Code of each row's customer, below `count`. */
  readonly codes: ArrayLike<number>;
  readonly count: number;
  /** When each row was answered; NaN where that is not known. */
  readonly time?: ArrayLike<number>;
}

/**
 * Picks the responses that count: whole scores within the scale, of a weight above zero where there are weights, and, where
 * `latest` is given, only each customer's last.
 * @throws AnalysisError where no response is left.
 */
export function readResponses(
  score: Column,
  scale: Pick<Scale, 'minimum' | 'maximum'>,
  latest?: Respondents,
  weight?: Column,
): Responses {
  const rows = new Uint32Array(score.length);
  const scores = new Uint8Array(score.length);
  let used = 0;
  let unweighted = 0;
  const direct = score.type === 'integer' && score.validity === undefined ? score.values : undefined;
  for (let row = 0; row < score.length; row++) {
    const value = direct ? direct[row] : numberAt(score, row);
    if (!(Number.isInteger(value) && value >= scale.minimum && value <= scale.maximum)) continue;
    if (weight && !(numberAt(weight, row) > 0)) {
      unweighted++;
      continue;
    }
    rows[used] = row;
    scores[used++] = value;
  }
  const offScale = score.length - used - unweighted;
  requireScores(used, unweighted, scale);
  const all = { rows: rows.subarray(0, used), scores: scores.subarray(0, used), offScale, superseded: 0, unweighted };
  return latest ? keepLatest(all, latest) : all;
}

/**
 * Says why no response is left, where none is.
 * @param unweighted rows with a score and no weight above zero
 */
export function requireScores(used: number, unweighted: number, scale: Pick<Scale, 'minimum' | 'maximum'>): void {
  if (used === 0 && unweighted > 0) {
    throw new AnalysisError('No response has a weight above zero; map another column as the weight, or none.', {
      text: message('error.noWeight'),
      path: 'inputs.responses.weight',
    });
  }
  if (used === 0) {
    throw new AnalysisError(
      `No response is a whole number from ${scale.minimum} to ${scale.maximum}; map another column or choose another scale.`,
      {
        text: message('error.noScores', { minimum: scale.minimum, maximum: scale.maximum }),
        path: 'inputs.responses.score',
      },
    );
  }
}

/**
 * Of equal times, and where there is no time, the later row counts; an answer of unknown time is older than any other. Answers
 * without a customer are each somebody's own.
 */
function keepLatest(all: Responses, { customer, codes, count, time }: Respondents): Responses {
  const last = new Int32Array(count).fill(-1);
  const kept = new Uint8Array(all.rows.length);
  const timeOf = (index: number): number => {
    const value = time === undefined ? 0 : time[all.rows[index]];
    return Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value;
  };
  for (let i = 0; i < kept.length; i++) {
    if (!isPresent(customer, all.rows[i])) {
      kept[i] = 1;
      continue;
    }
    const code = codes[all.rows[i]];
    const before = last[code];
    if (before >= 0 && timeOf(i) < timeOf(before)) continue;
    if (before >= 0) kept[before] = 0;
    kept[i] = 1;
    last[code] = i;
  }
  const rows = all.rows.filter((_, index) => kept[index] === 1);
  return {
    ...all,
    rows,
    scores: all.scores.filter((_, index) => kept[index] === 1),
    superseded: kept.length - rows.length,
  };
}
