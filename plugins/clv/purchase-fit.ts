import { isShared } from '@patron/sdk';
import { alone, type Crew, type PartKernel, partBounds, runParts } from './crew.ts';
import { addUp, type Evaluation, evaluationOf, type Fit, fitLikelihood, objectiveOf } from './likelihood-fit.ts';
import { baseRates, type PurchaseModel, type PurchaseModelName } from './purchase-model.ts';
import { PURCHASE_MODELS } from './purchase-models.ts';
import { partOf, type RowsPart, sampleRows, type WeightedRows } from './weighted-rows.ts';

/** Above this many distinct rows the search begins on a sample of about that many. */
const SAMPLE = 5_000;

interface SumsInput {
  readonly model: PurchaseModelName;
  readonly part: RowsPart;
  readonly parameters: Float64Array;
}

export const purchaseSums: PartKernel<SumsInput, Float64Array> = {
  name: 'purchaseSums',
  run: ({ model, part, parameters }) => PURCHASE_MODELS[model].sums(part, parameters, true),
};

/** Fits a purchase model to the weighted distinct rows of a customer base: on all threads where the rows are shared. */
export async function fitPurchases(model: PurchaseModel, rows: WeightedRows, crew: Crew = alone): Promise<Fit> {
  const order = model.parameters.length;
  const { watched } = baseRates(rows);
  const evaluationOver = (base: WeightedRows) => {
    const parts = partBounds(base.size).map(([start, end]) => partOf(base, start, end));
    return async (point: Float64Array): Promise<Evaluation> => {
      const parameters = point.map(Math.exp);
      const inputs = parts.map((part): SumsInput => ({ model: model.name, part, parameters }));
      const sums = await runParts(crew, purchaseSums, inputs, crew.threads > 1 && isShared(base.T));
      return evaluationOf(addUp(sums), parameters, base.total, order);
    };
  };
  const stride = Math.floor(rows.size / SAMPLE);
  const sample = stride > 1 ? sampleRows(rows, stride) : rows;
  const whole = partOf(sample);
  const likelihood = {
    names: model.parameters,
    observations: rows.total,
    starts: model.starts(rows),
    centre: model.timePowers.map((power) => power * Math.log(watched)),
    search: objectiveOf((parameters) => model.sums(whole, parameters, false), sample.total),
    sampled: stride > 1,
    evaluations: [...(stride > 30 ? [sampleRows(rows, Math.floor(stride / 10))] : []), rows].map(evaluationOver),
  };
  const fit = await fitLikelihood(likelihood, () => crew.checkpoint());
  // Where α runs to 0 some customers would buy without end: no prediction is of use.
  return fit.verdict === 'edge' && fit.estimates[1] < 1e-5 * watched ? { ...fit, verdict: 'unfinished' } : fit;
}
