import {
  type AnalysisContext,
  AnalysisError,
  type AnalysisResult,
  chiSquareUpperTail,
  type Metric,
  message,
  normalCritical,
} from '@patron/sdk';
import { coefficientLine, coefficientTable, forestChart } from './coefficient-line.ts';
import type { HazardParameters } from './hazard.ts';
import { survivalAt } from './kaplan-meier.ts';
import { modelRows } from './model-rows.ts';
import { readSpells, requireRows } from './spell-input.ts';
import { spreadSpells } from './spells-spread.ts';
import { survivalCurve } from './survival-curve.ts';
import { fitWeibull, type WeibullFit } from './weibull.ts';

export type WeibullParameters = Omit<HazardParameters, 'ties' | 'strata' | 'transform'>;

/** `churn.weibull`: durations by a Weibull curve, with or without covariates that stretch or shorten them. */
export async function weibull(context: AnalysisContext<WeibullParameters>): Promise<AnalysisResult> {
  const { parameters } = context;
  const spell = readSpells(context as unknown as AnalysisContext, parameters);
  requireRows(spell.duration.length, spell.role);
  const none = parameters.covariates.length === 0;
  const model = modelRows(
    none ? { ...spell, input: { ...spell.input, properties: {} } } : spell,
    { ...parameters, strata: [] },
    (duration) => duration > 0 && Number.isFinite(duration),
  );
  if (model.times.every((time) => time === model.times[0]) && model.events === model.times.length)
    throw new AnalysisError('All spells ended at the same time, so no curve can be fitted. Use churn.survival.', {
      text: message('error.oneTime'),
      path: `inputs.${spell.role}`,
    });
  await context.checkpoint();
  const { design } = model;
  const fit = await fitWeibull(model.times, model.ended, design.columns, () => context.checkpoint());
  const flat =
    design.terms.length > 0 ? await fitWeibull(model.times, model.ended, [], () => context.checkpoint()) : fit;
  const z = normalCritical(parameters.confidence);
  const lines = [
    coefficientLine({ name: '(Intercept)', covariate: '(Intercept)' }, 'ok', fit.intercept, fit.interceptError, z),
    ...design.terms.map((term, index) => {
      const place = fit.kept.indexOf(index);
      return place < 0
        ? coefficientLine(term, 'aliased', null, null, z)
        : coefficientLine(term, 'ok', fit.coefficients[place], fit.standardErrors[place], z);
    }),
  ];
  const duration = { type: 'number', length: model.times.length, values: model.times, scale: 1 } as const;
  const reduced = await spreadSpells(context, { duration, ended: model.ended, groupCount: 1 });
  const curve = await survivalCurve(context, reduced.groups[0]);
  const longest = curve.times[curve.times.length - 1];
  const scale = Math.exp(flat.intercept);
  const xValues = Array.from({ length: 101 }, (_, i) => (longest * i) / 100);
  return {
    headline: message(fit.shape > 1 ? 'headline.weibull.rising' : 'headline.weibull.falling', {
      shape: { value: fit.shape, as: 'decimal' },
    }),
    metrics: metrics(fit, flat, model, z),
    tables: {
      coefficients: coefficientTable(lines, 'timeRatio'),
    },
    charts: [
      ...(design.terms.length > 0 ? [forestChart(lines, 'timeRatio', parameters.confidence)] : []),
      {
        kind: 'line',
        id: 'weibull',
        title: message('chart.weibull'),
        summary: message('chart.weibull.summary'),
        xValues,
        x: { title: message('column.time'), format: 'decimal', minimum: 0 },
        y: { title: message('column.survival'), format: 'percent', minimum: 0, maximum: 1 },
        series: [
          { name: message('chart.weibull.data'), step: true, values: xValues.map((x) => survivalAt(curve, x)) },
          {
            name: message('chart.weibull.model'),
            dashed: true,
            values: xValues.map((x) => Math.exp(-((x / scale) ** flat.shape))),
          },
        ],
      },
    ],
    notes: [
      ...spell.notes,
      ...design.notes,
      ...(fit.converged ? [] : [{ level: 'warning' as const, text: message('note.notConverged') }]),
    ],
    settled: spell.settled,
    leftOut: model.leftOut,
  };
}

function metrics(
  fit: WeibullFit,
  flat: WeibullFit,
  model: { times: Float64Array; events: number },
  z: number,
): Record<string, Metric> {
  const plain = (key: string, value: number | null, format: Metric['format'] = 'decimal'): Metric => ({
    value,
    title: message(`metric.${key}`),
    format,
  });
  const scale = Math.exp(fit.intercept);
  const reach = z * fit.interceptError;
  const ratio = 2 * (fit.logLikelihood - flat.logLikelihood);
  const degrees = fit.kept.length;
  return {
    customers: plain('customers', model.times.length, 'integer'),
    events: plain('events', model.events, 'integer'),
    lambda: {
      ...plain('lambda', 1 / scale, 'decimal4'),
      interval: [Math.exp(-fit.intercept - reach), Math.exp(-fit.intercept + reach)],
    },
    rho: {
      ...plain('rho', fit.shape, 'decimal4'),
      interval: [fit.shape * Math.exp(-z * fit.logShapeError), fit.shape * Math.exp(z * fit.logShapeError)],
    },
    scale: plain('scale', scale),
    logLikelihood: plain('logLikelihood', fit.logLikelihood),
    ...(degrees > 0
      ? {
          logLikelihoodNull: plain('logLikelihoodNull', flat.logLikelihood),
          likelihoodRatio: plain('likelihoodRatio', ratio),
          likelihoodRatioP: plain('likelihoodRatioP', chiSquareUpperTail(ratio, degrees), 'pValue'),
        }
      : {}),
    median: plain('median', degrees > 0 ? null : scale * Math.LN2 ** (1 / fit.shape)),
    aic: plain('aic', -2 * fit.logLikelihood + 2 * (degrees + 2)),
  };
}
