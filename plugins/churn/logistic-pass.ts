import { evenRanges, type Threads } from '@patron/sdk';
import { addGram, GRAM_ROWS, mirror } from './gram.ts';
import { type Crew, spreading } from './spreading.ts';
import { spreadMoments } from './standardise.ts';

/** Log-likelihood, gradient and information at some coefficients; intercept first. */
export interface LogisticPass {
  readonly logLikelihood: number;
  readonly gradient: Float64Array;
  readonly information: Float64Array;
}

interface PassPart {
  readonly columns: readonly Float64Array[];
  readonly outcome: Uint8Array;
  readonly means: Float64Array;
  readonly inverse: Float64Array;
  readonly beta: Float64Array;
  readonly stride: number;
  readonly chunks: readonly [first: number, end: number];
}

/** Rows that are summed together; the sums are added up in their order, so that the digits do not depend on the threads. */
const CHUNK = 1 << 15;

interface PredictPart {
  readonly columns: readonly Float64Array[];
  readonly intercept: number;
  readonly coefficients: Float64Array;
  /** Shared: where the probabilities go. */
  readonly risk: Float64Array;
  readonly rows: readonly [start: number, end: number];
}

/** What `LogisticRows` and `predictLogistic` run on ranges of rows. */
export const logisticKernels = {
  logisticPredict({ columns, intercept, coefficients, risk, rows: [start, end] }: PredictPart): void {
    risk.fill(intercept, start, end);
    columns.forEach((column, c) => {
      const coefficient = coefficients[c];
      for (let i = start; i < end; i++) risk[i] += coefficient * column[i];
    });
    for (let i = start; i < end; i++) {
      const e = Math.exp(-Math.abs(risk[i]));
      risk[i] = risk[i] >= 0 ? 1 / (1 + e) : e / (1 + e);
    }
  },

  logisticPass: (part: PassPart): LogisticPass[] => {
    const length = Math.ceil(part.outcome.length / part.stride);
    const [first, end] = part.chunks;
    return Array.from({ length: end - first }, (_, i) =>
      passChunk(part, (first + i) * CHUNK, Math.min(length, (first + i + 1) * CHUNK)),
    );
  },
};

/** Rows to fit to: columns with means and reciprocal scales, read without a copy, and the threads that read them. */
export class LogisticRows {
  readonly means: Float64Array;
  readonly scales: Float64Array;
  readonly inverse: Float64Array;
  readonly #columns: readonly Float64Array[];
  readonly #outcome: Uint8Array;
  readonly #crew: Crew;

  private constructor(
    crew: Crew,
    columns: readonly Float64Array[],
    outcome: Uint8Array,
    { means, scales }: { readonly means: Float64Array; readonly scales: Float64Array },
  ) {
    this.means = means;
    this.scales = scales;
    this.inverse = scales.map((scale) => (scale > 0 ? 1 / scale : 0));
    this.#columns = columns;
    this.#outcome = outcome;
    this.#crew = crew;
  }

  static async of(threads: Threads, given: readonly Float64Array[], outcome: Uint8Array): Promise<LogisticRows> {
    // A pass multiplies every two columns, so fewer rows are worth a thread than in a plain one.
    const crew = spreading(threads, (outcome.length * given.length) / 4);
    const columns = given.map(crew.shared);
    return new LogisticRows(crew, columns, crew.shared(outcome), await spreadMoments(crew, columns));
  }

  /** A pass over every `stride`-th row at standardised `beta`. */
  async pass(beta: Float64Array, stride = 1): Promise<LogisticPass> {
    const chunks = Math.ceil(Math.ceil(this.#outcome.length / stride) / CHUNK);
    const parts = await this.#crew.run(
      logisticKernels,
      'logisticPass',
      evenRanges(chunks, Math.min(chunks, this.#crew.threads)).map(
        (range): PassPart => ({
          columns: this.#columns,
          outcome: this.#outcome,
          means: this.means,
          inverse: this.inverse,
          beta,
          stride,
          chunks: range,
        }),
      ),
    );
    const order = beta.length;
    const gradient = new Float64Array(order);
    const information = new Float64Array(order * order);
    let logLikelihood = 0;
    for (const part of parts.flat()) {
      logLikelihood += part.logLikelihood;
      for (let i = 0; i < gradient.length; i++) gradient[i] += part.gradient[i];
      for (let i = 0; i < information.length; i++) information[i] += part.information[i];
    }
    mirror(information, order);
    return { logLikelihood, gradient, information };
  }
}

function passChunk(part: PassPart, first: number, end: number): LogisticPass {
  const { columns, outcome, means, inverse, beta, stride } = part;
  const order = beta.length;
  const gradient = new Float64Array(order);
  const gram = new Float64Array(order * order);
  const block = new Float64Array(order * GRAM_ROWS);
  const predictor = new Float64Array(GRAM_ROWS);
  const root = new Float64Array(GRAM_ROWS);
  let logLikelihood = 0;
  for (let start = first; start < end; start += GRAM_ROWS) {
    const size = Math.min(GRAM_ROWS, end - start);
    predictor.fill(beta[0]);
    for (let c = 1; c < order; c++)
      loadColumn(
        columns[c - 1],
        start,
        size,
        stride,
        means[c - 1],
        inverse[c - 1],
        beta[c],
        block,
        c * GRAM_ROWS,
        predictor,
      );
    for (let i = 0; i < size; i++) {
      const eta = predictor[i];
      const y = outcome[(start + i) * stride];
      const e = Math.exp(-Math.abs(eta));
      const mean = eta >= 0 ? 1 / (1 + e) : e / (1 + e);
      logLikelihood += y * eta - Math.max(eta, 0) - Math.log1p(e);
      predictor[i] = y - mean;
      root[i] = Math.sqrt(e) / (1 + e);
    }
    weigh(block, order, size, predictor, root, gradient);
    addGram(block, block, order, size, gram);
  }
  return { logLikelihood, gradient, information: gram };
}

function loadColumn(
  column: Float64Array,
  start: number,
  size: number,
  stride: number,
  mean: number,
  inverse: number,
  coefficient: number,
  block: Float64Array,
  at: number,
  predictor: Float64Array,
): void {
  for (let i = 0; i < size; i++) {
    const value = (column[(start + i) * stride] - mean) * inverse;
    block[at + i] = value;
    predictor[i] += coefficient * value;
  }
}

/** Adds the block to the gradient, then weighs it by the root of each row's variance. */
function weigh(
  block: Float64Array,
  order: number,
  size: number,
  residual: Float64Array,
  root: Float64Array,
  gradient: Float64Array,
): void {
  let sum = 0;
  for (let i = 0; i < size; i++) {
    sum += residual[i];
    block[i] = root[i];
  }
  gradient[0] += sum;
  for (let c = 1; c < order; c++) {
    const at = c * GRAM_ROWS;
    let slope = 0;
    for (let i = 0; i < size; i++) {
      const value = block[at + i];
      slope += value * residual[i];
      block[at + i] = value * root[i];
    }
    gradient[c] += slope;
  }
}

/** The probability of each row at coefficients in the columns' own units. */
export async function predictLogistic(
  crew: Crew,
  columns: readonly Float64Array[],
  { intercept, coefficients }: { readonly intercept: number; readonly coefficients: Float64Array },
  length: number,
): Promise<Float64Array> {
  const risk = crew.room(new Float64Array(0), length);
  const seen = columns.map(crew.shared);
  await crew.run(
    logisticKernels,
    'logisticPredict',
    evenRanges(length, crew.threads).map(
      (rows): PredictPart => ({ columns: seen, intercept, coefficients, risk, rows }),
    ),
  );
  return risk;
}
