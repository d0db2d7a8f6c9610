import {
  AnalysisError,
  type Metric,
  message,
  type Note,
  normalCritical,
  type ResultTable,
  tableFromRows,
} from '@patron/sdk';
import type { Fit } from './likelihood-fit.ts';

/** The interval of a parameter: normal in its logarithm, so that it stays positive. */
function parameterInterval(fit: Fit, index: number, confidence: number): readonly [number, number] | undefined {
  if (!fit.logCovariance) return undefined;
  const reach = normalCritical(confidence) * Math.sqrt(fit.logCovariance[index * fit.names.length + index]);
  return [fit.estimates[index] * Math.exp(-reach), fit.estimates[index] * Math.exp(reach)];
}

/** One metric for each parameter, and the log-likelihood under the given name. */
export function fitMetrics(fit: Fit, confidence: number, logLikelihood: string): Record<string, Metric> {
  const metrics: Record<string, Metric> = {};
  fit.names.forEach((name, i) => {
    metrics[name] = {
      value: fit.estimates[i],
      interval: parameterInterval(fit, i, confidence),
      n: fit.observations,
      title: message(`metric.${name}`),
      format: 'decimal4',
    };
  });
  metrics[logLikelihood] = {
    value: fit.logLikelihood,
    n: fit.observations,
    title: message(`metric.${logLikelihood}`),
    format: 'decimal4',
  };
  return metrics;
}

/** The table `parameters`: estimates with standard errors and intervals, of one or several fits. */
export function parameterTable(
  fits: readonly { readonly model: string; readonly fit: Fit }[],
  confidence: number,
): ResultTable {
  const rows = fits.flatMap(({ model, fit }) =>
    fit.names.map((name, i) => [
      model,
      name,
      fit.estimates[i],
      fit.standardErrors?.[i] ?? null,
      ...(parameterInterval(fit, i, confidence) ?? [null, null]),
    ]),
  );
  return tableFromRows(
    [
      {
        name: 'model',
        title: message('column.model'),
        type: 'string',
        labels: Object.fromEntries(fits.map(({ model }) => [model, message(`model.${model}`)])),
      },
      { name: 'parameter', title: message('column.parameter'), type: 'string' },
      { name: 'estimate', title: message('column.estimate'), type: 'number', format: 'decimal4' },
      { name: 'standardError', title: message('column.standardError'), type: 'number', format: 'decimal4' },
      { name: 'low', title: message('column.low'), type: 'number', format: 'decimal4' },
      { name: 'high', title: message('column.high'), type: 'number', format: 'decimal4' },
    ],
    rows,
    { title: message('table.parameters') },
  );
}

/**
 * The verdict on a fit in plain words.
 * @throws AnalysisError where no maximum was reached.
 */
export function fitNotes(fit: Fit, model: string): Note[] {
  const named = message(`model.${model}`);
  if (fit.verdict === 'unfinished') {
    throw new AnalysisError(
      `The model '${model}' found no most likely parameters in these data; choose another model or a longer calibration.`,
      { text: message('error.unfinished', { model: named }), path: 'parameters.model' },
    );
  }
  if (fit.verdict === 'edge') return [{ level: 'warning', text: message('note.edge', { model: named }) }];
  if (fit.verdict === 'flat') return [{ level: 'warning', text: message('note.flat', { model: named }) }];
  const notes: Note[] = [
    {
      level: 'info',
      text: message('note.converged', { model: named, agreeing: fit.agreeing, starts: fit.starts }),
    },
  ];
  if (fit.condition > 1e5) {
    notes.push({
      level: 'warning',
      text: message('note.condition', { model: named, condition: { value: fit.condition, as: 'integer' } }),
    });
  }
  return notes;
}
