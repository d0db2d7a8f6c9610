import { type Fit, fitLikelihood, type Pause } from './likelihood-fit.ts';
import type { PurchaseModel } from './purchase-model.ts';
import { sampleRows, type WeightedRows } from './weighted-rows.ts';

/** Above this many distinct rows the search begins on a sample of about that many. */
const SAMPLE = 5_000;

/** Fits a purchase model to the weighted distinct rows of a customer base. */
export function fitPurchases(model: PurchaseModel, rows: WeightedRows, pause?: Pause): Promise<Fit> {
  const curvature = model.curvature?.(rows);
  const stride = Math.floor(rows.size / SAMPLE);
  const sample = stride > 1 ? sampleRows(rows, stride) : undefined;
  const likelihood = {
    names: model.parameters,
    loss: model.loss(rows),
    observations: rows.total,
    starts: model.starts(rows),
    curvature,
    sample: sample && model.loss(sample),
  };
  return fitLikelihood(likelihood, pause);
}
