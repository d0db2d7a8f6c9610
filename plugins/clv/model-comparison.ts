import { type ChartSpec, chiSquareUpperTail, message, type Note, type ResultTable, tableFromRows } from '@patron/sdk';
import type { Crew } from './crew.ts';
import type { Fit } from './likelihood-fit.ts';
import { fitPurchases } from './purchase-fit.ts';
import type { PurchaseModelName, PurchasePrediction } from './purchase-model.ts';
import { PURCHASE_MODELS } from './purchase-models.ts';
import type { WeightedRows } from './weighted-rows.ts';

/** A model fitted to the same customers as the one that was asked for. */
export interface ComparedModel {
  readonly name: PurchaseModelName;
  readonly fit: Fit;
  readonly prediction: PurchasePrediction;
  /** Expected purchases in the holdout, where there is one. */
  readonly later?: number;
}

/** Fits the other models too; those that find no maximum are left out. */
export async function compareModels(
  own: ComparedModel,
  rows: WeightedRows,
  crew: Crew,
  laterOf: (name: PurchaseModelName, fit: Fit) => Promise<number | undefined>,
): Promise<ComparedModel[]> {
  const compared = [own];
  for (const model of Object.values(PURCHASE_MODELS)) {
    if (model.name === own.name) continue;
    const fit = await fitPurchases(model, rows, crew);
    if (fit.verdict === 'unfinished') continue;
    const later = await laterOf(model.name, fit);
    compared.push({ name: model.name, fit, prediction: model.predict(fit.estimates), later });
  }
  return compared;
}

function aicOf({ fit }: ComparedModel): number {
  return 2 * fit.names.length - 2 * fit.logLikelihood;
}

/** The models from the best on: how well they fit, and the weight that Akaike's criterion gives each (Burnham & Anderson 2002, 2.9). */
export function modelTable(compared: readonly ComparedModel[], actualLater: number | undefined): ResultTable {
  const ordered = [...compared].sort((a, b) => aicOf(a) - aicOf(b));
  const best = aicOf(ordered[0]);
  const whole = ordered.reduce((sum, model) => sum + Math.exp((best - aicOf(model)) / 2), 0);
  return tableFromRows(
    [
      {
        name: 'model',
        title: message('column.model'),
        type: 'string',
        labels: Object.fromEntries(ordered.map(({ name }) => [name, message(`model.${name}`)])),
      },
      { name: 'parameters', title: message('column.parameters'), type: 'integer' },
      { name: 'logLikelihood', title: message('metric.logLikelihood'), type: 'number', format: 'decimal4' },
      { name: 'aic', title: message('metric.aic'), type: 'number', format: 'decimal' },
      { name: 'bic', title: message('metric.bic'), type: 'number', format: 'decimal' },
      { name: 'behind', title: message('column.behind'), type: 'number', format: 'decimal' },
      { name: 'weight', title: message('column.akaikeWeight'), type: 'number', format: 'percent' },
      { name: 'holdoutExpected', title: message('metric.holdoutExpected'), type: 'number', format: 'integer' },
      { name: 'holdoutError', title: message('metric.holdoutError'), type: 'number', format: 'percent' },
    ],
    ordered.map((model) => [
      model.name,
      model.fit.names.length,
      model.fit.logLikelihood,
      aicOf(model),
      Math.log(model.fit.observations) * model.fit.names.length - 2 * model.fit.logLikelihood,
      aicOf(model) - best,
      Math.exp((best - aicOf(model)) / 2) / whole,
      model.later ?? null,
      model.later !== undefined && actualLater ? model.later / actualLater - 1 : null,
    ]),
    { title: message('table.models') },
  );
}

/** Which model fits best, and whether a rate of stopping that grows with age is needed. */
export function modelNotes(compared: readonly ComparedModel[]): Note[] {
  const [own] = compared;
  const best = compared.reduce((least, model) => (aicOf(model) < aicOf(least) ? model : least));
  const behind = aicOf(own) - aicOf(best);
  const key = best === own ? 'best' : behind < 2 ? 'alike' : behind < 10 ? 'better' : 'muchBetter';
  const notes: Note[] = [
    {
      level: key === 'muchBetter' ? 'warning' : 'info',
      text: message(`note.models.${key}`, {
        model: message(`model.${own.name}`),
        best: message(`model.${best.name}`),
        behind: { value: behind, as: 'decimal' },
      }),
    },
  ];
  const pareto = compared.find(({ name }) => name === 'pareto-nbd');
  const gompertz = compared.find(({ name }) => name === 'ggompertz-nbd');
  if (pareto && gompertz) {
    const ratio = Math.max(0, 2 * (gompertz.fit.logLikelihood - pareto.fit.logLikelihood));
    // Pareto/NBD lies on the edge b = 0 of GGompertz/NBD: half of the time the ratio is 0 (Self & Liang 1987).
    const p = ratio > 0 ? chiSquareUpperTail(ratio, 1) / 2 : 1;
    notes.push({
      level: 'info',
      text: message(p < 0.05 ? 'note.models.ageing' : 'note.models.ageless', {
        ratio: { value: ratio, as: 'decimal' },
        p: { value: p, as: 'decimal4' },
      }),
    });
  }
  return notes;
}

/** A chart of lines with the expectations of the other models beside that of the one asked for. */
export function withModels(
  chart: ChartSpec,
  others: readonly ComparedModel[],
  values: (model: ComparedModel) => readonly number[],
): ChartSpec {
  if (chart.kind !== 'line') return chart;
  const further = others.map((model) => ({
    name: message(`model.${model.name}`),
    values: values(model),
    dashed: true,
  }));
  return { ...chart, series: [...chart.series, ...further] };
}
