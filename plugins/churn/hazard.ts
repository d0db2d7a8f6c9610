import {
  type AnalysisContext,
  AnalysisError,
  type AnalysisResult,
  chiSquareUpperTail,
  type Metric,
  message,
  type Note,
  normalCritical,
  type Text,
} from '@patron/sdk';
import {
  type CoefficientLine,
  coefficientLine,
  coefficientTable,
  forestChart,
  type TermStatus,
} from './coefficient-line.ts';
import { type Concordance, concordance } from './concordance.ts';
import { baselineHazards, type CoxFit, fitCox, fullBeta, type Ties } from './cox.ts';
import { coxData } from './cox-data.ts';
import type { DesignMatrix } from './design-matrix.ts';
import { baselineOf, proportionalityTable } from './hazard-report.ts';
import { type ModelRows, modelRows } from './model-rows.ts';
import { type ProportionalityTest, proportionality, type TimeTransform } from './proportionality.ts';
import { readSpells, requireRows, type SpellParameters } from './spell-input.ts';

export interface HazardParameters extends SpellParameters {
  readonly ties: Ties;
  readonly covariates: readonly string[];
  readonly strata: readonly string[];
  readonly recode: Readonly<Record<string, string>>;
  readonly transform: TimeTransform;
  readonly confidence: number;
}

/** `churn.hazard`: what makes customers leave sooner or later, by Cox's proportional hazards. */
export async function hazard(context: AnalysisContext<HazardParameters>): Promise<AnalysisResult> {
  const { parameters } = context;
  const spell = readSpells(context as unknown as AnalysisContext, parameters);
  requireRows(spell.duration.length, spell.role);
  await context.checkpoint();
  const model = modelRows(spell, parameters, (duration) => duration >= 0 && Number.isFinite(duration));
  const { design } = model;
  if (design.terms.length === 0)
    throw new AnalysisError(
      "There is no covariate to explain the hazard by. Name at least one column in 'covariates'.",
      {
        text: message('error.noCovariates'),
        path: 'parameters.covariates',
      },
    );
  context.progress(1, 4, message('progress.fit'));
  const data = await coxData(context, model.times, model.ended, design.columns, model.stratum);
  const fit = await fitCox(data, parameters.ties, () => context.checkpoint());
  if (fit.kept.length === 0)
    throw new AnalysisError('No covariate varies among the spells at risk, so no hazard ratio can be estimated.', {
      text: message('error.allAliased'),
      path: 'parameters.covariates',
    });
  context.progress(3, 4);
  await context.checkpoint();
  const agreement = await concordance(context, data.rows, fullBeta(fit));
  const tests = await proportionality(
    context,
    fit,
    design.terms.map(({ covariate }) => covariate),
    parameters.transform,
  );
  const lines = coefficientLines(fit, design, parameters.confidence);
  const baseline = baselineOf(await baselineHazards(fit), model.strataNames);
  return {
    headline: headline(lines),
    metrics: metrics(fit, model, agreement, parameters.confidence, tests),
    tables: {
      coefficients: coefficientTable(lines, 'hazardRatio'),
      proportionality: proportionalityTable(tests),
      baseline: baseline.table,
    },
    charts: [forestChart(lines, 'hazardRatio', parameters.confidence), baseline.chart],
    notes: [...spell.notes, ...design.notes, ...notes(fit, lines, model, tests)],
    settled: { ...spell.settled, covariates: covariatesOf(design) },
    leftOut: model.leftOut,
  };
}

function covariatesOf(design: DesignMatrix): string[] {
  return [...new Set(design.terms.map(({ covariate }) => covariate.replaceAll(':', '*')))];
}

function coefficientLines(fit: CoxFit, design: DesignMatrix, confidence: number): CoefficientLine[] {
  const z = normalCritical(confidence);
  return design.terms.map((term, index) => {
    const place = fit.kept.indexOf(index);
    const status: TermStatus = place < 0 ? 'aliased' : fit.infinite.includes(place) ? 'infinite' : 'ok';
    return coefficientLine(
      term,
      status,
      status === 'ok' ? fit.coefficients[place] : null,
      status === 'ok' ? fit.standardErrors[place] : null,
      z,
    );
  });
}

function metrics(
  fit: CoxFit,
  model: ModelRows,
  agreement: Concordance | undefined,
  confidence: number,
  tests: readonly ProportionalityTest[],
): Record<string, Metric> {
  const ratio = 2 * (fit.logLikelihood - fit.logLikelihoodNull);
  const degrees = fit.kept.length;
  const reach = agreement ? normalCritical(confidence) * agreement.standardError : 0;
  const overall = tests.find(({ covariate }) => covariate === 'GLOBAL');
  const metric = (key: string, value: number | null, format: Metric['format']): Metric => ({
    value,
    title: message(`metric.${key}`),
    format,
  });
  return {
    customers: metric('customers', model.times.length, 'integer'),
    events: metric('events', model.events, 'integer'),
    logLikelihood: metric('logLikelihood', fit.logLikelihood, 'decimal'),
    logLikelihoodNull: metric('logLikelihoodNull', fit.logLikelihoodNull, 'decimal'),
    likelihoodRatio: metric('likelihoodRatio', ratio, 'decimal'),
    likelihoodRatioP: metric('likelihoodRatioP', chiSquareUpperTail(ratio, degrees), 'pValue'),
    wald: metric('wald', fit.wald, 'decimal'),
    score: metric('score', fit.score, 'decimal'),
    degrees: metric('degrees', degrees, 'integer'),
    concordance: {
      value: agreement?.value ?? null,
      ...(agreement
        ? { interval: [Math.max(0, agreement.value - reach), Math.min(1, agreement.value + reach)] as const }
        : {}),
      n: model.times.length,
      title: message('metric.concordance'),
      format: 'decimal4',
    },
    concordanceSe: metric('concordanceSe', agreement?.standardError ?? null, 'decimal4'),
    aic: metric('aic', -2 * fit.logLikelihood + 2 * degrees, 'decimal'),
    proportionality: metric('proportionality', overall?.statistic ?? null, 'decimal'),
    proportionalityP: metric('proportionalityP', overall?.pValue ?? null, 'pValue'),
  };
}

function headline(lines: readonly CoefficientLine[]): Text {
  const known = lines.filter(({ p }) => p !== null && p < 0.05);
  if (known.length === 0) return message('headline.hazard.none');
  const strongest = known.reduce((best, line) => ((line.p ?? 1) < (best.p ?? 1) ? line : best));
  return message((strongest.ratio ?? 1) > 1 ? 'headline.hazard.raises' : 'headline.hazard.lowers', {
    term: strongest.term,
    ratio: { value: strongest.ratio ?? 1, as: 'decimal' },
    low: { value: strongest.low ?? 1, as: 'decimal' },
    high: { value: strongest.high ?? 1, as: 'decimal' },
  });
}

function notes(
  fit: CoxFit,
  lines: readonly CoefficientLine[],
  model: ModelRows,
  tests: readonly ProportionalityTest[],
): Note[] {
  const list: Note[] = [];
  const named = (status: TermStatus): string =>
    lines
      .filter((line) => line.status === status)
      .slice(0, 8)
      .map(({ term }) => term)
      .join(', ');
  if (lines.some(({ status }) => status === 'aliased'))
    list.push({ level: 'warning', text: message('note.aliased', { terms: named('aliased') }) });
  if (lines.some(({ status }) => status === 'infinite'))
    list.push({ level: 'warning', text: message('note.infinite.hazard', { terms: named('infinite') }) });
  if (!fit.converged) list.push({ level: 'warning', text: message('note.notConverged') });
  if (model.events < 10 * fit.kept.length)
    list.push({
      level: 'warning',
      text: message('note.fewEvents', { events: model.events, terms: fit.kept.length }),
    });
  const overall = tests.find(({ covariate }) => covariate === 'GLOBAL');
  const doubtful = tests.filter(({ covariate, pValue }) => covariate !== 'GLOBAL' && pValue < 0.05);
  if (doubtful.length > 0)
    list.push({
      level: 'warning',
      text: message('note.proportionality', {
        covariates: doubtful.map(({ covariate }) => covariate).join(', '),
        p: { value: overall?.pValue ?? 1, as: 'pValue' },
      }),
    });
  else if (overall)
    list.push({
      level: 'info',
      text: message('note.proportionalityHolds', { p: { value: overall.pValue, as: 'pValue' } }),
    });
  list.push({ level: 'info', text: message(`note.ties.${fit.ties}`) });
  return list;
}
