import { isShared } from '@patron/sdk';
import { type Crew, type PartKernel, partBounds, runParts } from './crew.ts';
import { type Discount, discountedTime, residualTime } from './discounting.ts';
import { Curves, Panels } from './panels.ts';
import type { PurchaseModelName } from './purchase-model.ts';
import { PURCHASE_MODELS } from './purchase-models.ts';
import { drawCurves, type TimeFunctions, visitRows, watchedSpan, worthCurves } from './time-functions.ts';
import { partOf, type RowsPart, type WeightedRows } from './weighted-rows.ts';

/** What is foretold of every row of a base. */
export interface RowValues {
  readonly alive: Float64Array;
  /** Expected purchases within the horizon. */
  readonly expected: Float64Array;
  /** The same, discounted. */
  readonly discounted: Float64Array;
  /** Expected purchases of all time to come, discounted; not a number where nothing is discounted. */
  readonly residual: Float64Array;
  /** Standard error of ln(expected), by the delta method; not a number where the fit has no covariance. */
  readonly logError: Float64Array;
}

/** What is asked of a model about its customers. */
export interface Question {
  readonly model: PurchaseModelName;
  readonly parameters: Float64Array;
  readonly horizon: number;
  readonly discount: Discount;
  /** The covariance of the logarithms of the parameters, where errors are wanted. */
  readonly logCovariance?: Float64Array;
}

/** By how much the logarithm of a parameter is moved for a slope. */
const STEP = 1e-4;

/** The active time within the horizon; discounted; of all time to come; and the slopes of the logarithm of the first. */
function functionsOf({ model, parameters, horizon, discount, logCovariance }: Question): TimeFunctions {
  const { predict } = PURCHASE_MODELS[model];
  const prediction = predict(parameters);
  const force = Math.log1p(discount.rate) / discount.length;
  const moved = logCovariance
    ? Array.from(parameters, (_, j) =>
        [STEP, -STEP].map((by) => predict(parameters.map((value, k) => (k === j ? value * Math.exp(by) : value)))),
      )
    : [];
  return {
    count: 3 + moved.length,
    pace: prediction.pace,
    alike: prediction.alike,
    write: (x, T, out, at) => {
      out[at] = prediction.activeTime(x, T, horizon);
      out[at + 1] = discount.rate > 0 ? discountedTime(prediction, x, T, horizon, discount) : out[at];
      out[at + 2] = force > 0 ? residualTime(prediction, x, T, force) : Number.NaN;
      moved.forEach(([above, below], j) => {
        const ratio = above.activeTime(x, T, horizon) / below.activeTime(x, T, horizon);
        out[at + 3 + j] = ratio > 0 ? Math.log(ratio) / (2 * STEP) : 0;
      });
    },
  };
}

interface CurveInput {
  readonly question: Question;
  readonly first: number;
  readonly last: number;
  readonly frequency: number;
}

export const timeCurves: PartKernel<CurveInput, Float64Array> = {
  name: 'timeCurves',
  run: ({ question, first, last, frequency }) => {
    const functions = functionsOf(question);
    return drawCurves(functions, frequency, new Panels(functions.pace, first, last)).coefficients;
  },
};

/** Curves over the times from `first` to `last`, of the frequencies that have many rows, or of all alike. */
interface DrawnCurves {
  readonly first: number;
  readonly last: number;
  readonly frequencies: readonly number[];
  readonly coefficients: readonly Float64Array[];
}

interface ValuesInput {
  readonly question: Question;
  readonly part: RowsPart;
  readonly drawn: DrawnCurves;
  /** Of the whole base; shared where parts run on several threads. */
  readonly values: RowValues;
}

export const customerValues: PartKernel<ValuesInput, void> = { name: 'customerValues', run: fillValues };

function fillValues({ question, part, drawn, values }: ValuesInput): void {
  const { parameters, logCovariance } = question;
  const [r, alpha] = parameters;
  const order = parameters.length;
  const functions = functionsOf(question);
  const panels = new Panels(functions.pace, drawn.first, drawn.last);
  const curves = new Map(
    drawn.frequencies.map((x, i) => [x, new Curves(panels, functions.count, drawn.coefficients[i])]),
  );
  const slopes = logCovariance && new Float64Array((part.end - part.start) * order);
  PURCHASE_MODELS[question.model].alive(part, parameters, values.alive, slopes);
  const own = new Float64Array(order);
  visitRows(
    functions,
    part,
    ({ frequency }) => curves.get(functions.alike ? 0 : frequency),
    (row, x, found) => {
      const whole = alpha + part.T[row];
      const rate = (values.alive[row] * (r + x)) / whole;
      values.expected[row] = rate * found[0];
      values.discounted[row] = rate * found[1];
      values.residual[row] = rate * found[2];
      if (!slopes || !logCovariance) return;
      for (let j = 0; j < order; j++) own[j] = slopes[(row - part.start) * order + j] + found[3 + j];
      own[0] += r / (r + x);
      own[1] -= alpha / whole;
      let variance = 0;
      for (let j = 0; j < order; j++) {
        for (let k = 0; k < order; k++) variance += own[j] * logCovariance[j * order + k] * own[k];
      }
      values.logError[row] = Math.sqrt(Math.max(0, variance));
    },
  );
}

/** Answers for every row, on all threads where the rows are shared. */
export async function predictRows(question: Question, rows: WeightedRows, crew: Crew): Promise<RowValues> {
  const everywhere = crew.threads > 1 && isShared(rows.T);
  const make = (): Float64Array =>
    (everywhere ? new Float64Array(new SharedArrayBuffer(rows.size * 8)) : new Float64Array(rows.size)).fill(
      Number.NaN,
    );
  const values: RowValues = {
    alive: make(),
    expected: make(),
    discounted: make(),
    residual: make(),
    logError: make(),
  };
  const { pace, alike } = PURCHASE_MODELS[question.model].predict(question.parameters);
  const span = watchedSpan(rows);
  const panels = new Panels(pace, span.first, span.last);
  const frequencies = alike
    ? [0].filter(() => worthCurves(rows.size, panels))
    : rows.levels.filter(({ start, end }) => worthCurves(end - start, panels)).map(({ frequency }) => frequency);
  const drawing = frequencies.map((frequency): CurveInput => ({ question, ...span, frequency }));
  const coefficients = await runParts(crew, timeCurves, drawing, everywhere);
  const drawn: DrawnCurves = { ...span, frequencies, coefficients };
  const parts = partBounds(rows.size).map(
    ([start, end]): ValuesInput => ({ question, part: partOf(rows, start, end), drawn, values }),
  );
  await runParts(crew, customerValues, parts, everywhere);
  return values;
}
