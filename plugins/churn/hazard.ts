import {
  type AnalysisContext,
  AnalysisError,
  type AnalysisResult,
  type BarChart,
  type CellValue,
  chiSquareUpperTail,
  denseCodes,
  isPresent,
  type LineChart,
  type Metric,
  message,
  type Note,
  normalCritical,
  normalTwoSided,
  numbersOf,
  type ResultTable,
  type Text,
  tableFromRows,
} from '@patron/sdk';
import { type Concordance, concordance } from './concordance.ts';
import { type CoxFit, coxData, fitCox, fullBeta, type Ties, walkRiskSets } from './cox.ts';
import { alphabetical, type DesignMatrix, designMatrix } from './design-matrix.ts';
import { type ProportionalityTest, proportionality, type TimeTransform } from './proportionality.ts';
import { readSpells, requireRows, type SpellInput, type SpellParameters } from './spell-input.ts';

export interface HazardParameters extends SpellParameters {
  readonly ties: Ties;
  readonly covariates: readonly string[];
  readonly strata: readonly string[];
  readonly recode: Readonly<Record<string, string>>;
  readonly transform: TimeTransform;
  readonly confidence: number;
}

/** Rows and columns that a fit starts from. */
export interface ModelRows {
  readonly design: DesignMatrix;
  readonly times: Float64Array;
  readonly ended: Uint8Array;
  readonly events: number;
  readonly stratum?: Uint32Array;
  readonly strataNames: readonly string[];
  readonly leftOut: NonNullable<AnalysisResult['leftOut']>;
}

/**
 * Complete rows of the spells with their covariates and strata.
 * @throws AnalysisError where no row or no event is left
 */
export function modelRows(
  spell: SpellInput,
  parameters: Pick<HazardParameters, 'covariates' | 'recode' | 'strata'>,
  usable: (duration: number) => boolean,
): ModelRows {
  const { properties } = spell.input;
  const chosen =
    parameters.covariates.length > 0
      ? parameters.covariates
      : Object.keys(properties).filter((name) => !parameters.strata.includes(name));
  const duration = numbersOf(spell.duration);
  const strata = parameters.strata.length > 0 ? readStrata(spell, parameters.strata, parameters.recode) : undefined;
  let unusable = 0;
  let noStratum = 0;
  for (let i = 0; i < duration.length; i++) {
    if (!usable(duration[i])) unusable++;
    else if (strata?.missing[i] === 1) noStratum++;
  }
  const design = designMatrix(properties, chosen, duration.length, {
    recode: parameters.recode,
    rows: (row) => usable(duration[row]) && strata?.missing[row] !== 1,
  });
  const { rows } = design;
  const ended = Uint8Array.from(rows, (row) => spell.ended[row]);
  const events = ended.reduce((sum, value) => sum + value, 0);
  requireRows(rows.length, spell.role);
  if (events === 0)
    throw new AnalysisError("No spell has ended, so there is nothing to explain. Check 'ended' or set 'event'.", {
      text: message('error.noEvents'),
      path: `inputs.${spell.role}`,
    });
  return {
    design,
    times: Float64Array.from(rows, (row) => duration[row]),
    ended,
    events,
    stratum: strata ? Uint32Array.from(rows, (row) => strata.codes[row]) : undefined,
    strataNames: strata?.names ?? [],
    leftOut: [
      ...spell.leftOut,
      ...(unusable > 0 ? [{ role: spell.role, reason: message('leftOut.duration'), count: unusable }] : []),
      ...(noStratum > 0 ? [{ role: spell.role, reason: message('leftOut.strata'), count: noStratum }] : []),
      ...[...design.incomplete].map(([column, count]) => ({
        role: spell.role,
        reason: message('leftOut.missing', { column }),
        count,
      })),
    ],
  };
}

interface Strata {
  readonly codes: Uint32Array;
  readonly missing: Uint8Array;
  readonly names: readonly string[];
}

/** Rows by the combination of their strata columns' values. */
function readStrata(spell: SpellInput, names: readonly string[], recode: Readonly<Record<string, string>>): Strata {
  const length = spell.duration.length;
  let codes = new Uint32Array(length);
  let labels = [''];
  const missing = new Uint8Array(length);
  for (const name of names) {
    const column = spell.input.properties[name];
    if (!column)
      throw new AnalysisError(`There is no column '${name}' to stratify by.`, {
        text: message('error.noColumn', { column: name }),
        path: 'parameters.strata',
      });
    const dense = denseCodes(column);
    const recoded = new Map<string, number>();
    const texts: string[] = [];
    const place = Uint32Array.from({ length: dense.count }, (_, code) => {
      const label = dense.label(code);
      const text = Object.hasOwn(recode, label) ? recode[label] : label;
      const known = recoded.get(text);
      if (known !== undefined) return known;
      recoded.set(text, texts.length);
      texts.push(text);
      return texts.length - 1;
    });
    const combined = new Map<number, number>();
    const next = new Uint32Array(length);
    const nextLabels: string[] = [];
    for (let i = 0; i < length; i++) {
      if (!isPresent(column, i)) {
        missing[i] = 1;
        continue;
      }
      const key = codes[i] * texts.length + place[dense.codes[i]];
      let code = combined.get(key);
      if (code === undefined) {
        code = nextLabels.length;
        combined.set(key, code);
        const before = labels[codes[i]];
        nextLabels.push(`${before}${before === '' ? '' : ', '}${name}=${texts[place[dense.codes[i]]]}`);
      }
      next[i] = code;
    }
    codes = next;
    labels = nextLabels;
    if (labels.length > 10_000)
      throw new AnalysisError(`The strata ${names.join(', ')} make more than 10,000 classes. Choose fewer.`, {
        text: message('error.tooManyStrata'),
        path: 'parameters.strata',
      });
  }
  const order = labels.map((_, code) => code).sort((a, b) => alphabetical(labels[a], labels[b]));
  const rank = new Uint32Array(labels.length);
  order.forEach((code, place) => {
    rank[code] = place;
  });
  return { codes: codes.map((code) => rank[code]), missing, names: order.map((code) => labels[code]) };
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
  const data = coxData(model.times, model.ended, design.columns, model.stratum);
  const fit = await fitCox(data, parameters.ties, () => context.checkpoint());
  if (fit.kept.length === 0)
    throw new AnalysisError('No covariate varies among the spells at risk, so no hazard ratio can be estimated.', {
      text: message('error.allAliased'),
      path: 'parameters.covariates',
    });
  context.progress(3, 4);
  await context.checkpoint();
  const agreement = concordance(data, fullBeta(fit));
  const tests = proportionality(
    fit,
    design.terms.map(({ covariate }) => covariate),
    parameters.transform,
  );
  const lines = coefficientLines(fit, design, parameters.confidence);
  const baseline = baselineOf(fit, model.strataNames);
  return {
    headline: headline(lines),
    metrics: metrics(fit, model, agreement, parameters.confidence, tests),
    tables: {
      coefficients: coefficientTable(lines),
      proportionality: proportionalityTable(tests),
      baseline: baseline.table,
    },
    charts: [forest(lines, parameters.confidence), baseline.chart],
    notes: [...spell.notes, ...design.notes, ...notes(fit, lines, model, tests)],
    settled: { ...spell.settled, covariates: covariatesOf(design) },
    leftOut: model.leftOut,
  };
}

function covariatesOf(design: DesignMatrix): string[] {
  return [...new Set(design.terms.map(({ covariate }) => covariate.replaceAll(':', '*')))];
}

export type TermStatus = 'ok' | 'aliased' | 'infinite';

/** One line of the table of coefficients; a term that could not be estimated has no numbers. */
export interface CoefficientLine {
  readonly term: string;
  readonly covariate: string;
  readonly level: string | null;
  readonly status: TermStatus;
  readonly coef: number | null;
  readonly ratio: number | null;
  readonly se: number | null;
  readonly z: number | null;
  readonly p: number | null;
  readonly low: number | null;
  readonly high: number | null;
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

/** The line of one estimate and its standard error; `low` and `high` bound the ratio. */
export function coefficientLine(
  term: DesignMatrix['terms'][number],
  status: TermStatus,
  coef: number | null,
  se: number | null,
  critical: number,
): CoefficientLine {
  const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
  const known = coef !== null && se !== null;
  return {
    term: term.name,
    covariate: term.covariate,
    level: term.level ?? null,
    status,
    coef,
    ratio: known ? finite(Math.exp(coef)) : null,
    se,
    z: known ? finite(coef / se) : null,
    p: known ? finite(normalTwoSided(coef / se)) : null,
    low: known ? finite(Math.exp(coef - critical * se)) : null,
    high: known ? finite(Math.exp(coef + critical * se)) : null,
  };
}

function coefficientTable(lines: readonly CoefficientLine[]): ResultTable {
  return tableFromRows(
    [
      { name: 'term', title: message('column.term'), type: 'string' },
      { name: 'coef', title: message('column.coef'), type: 'number', format: 'decimal4' },
      { name: 'hazardRatio', title: message('column.hazardRatio'), type: 'number', format: 'decimal4' },
      { name: 'se', title: message('column.se'), type: 'number', format: 'decimal4' },
      { name: 'z', title: message('column.z'), type: 'number', format: 'decimal' },
      { name: 'p', title: message('column.p'), type: 'number', format: 'pValue' },
      { name: 'low', title: message('column.low'), type: 'number', format: 'decimal4' },
      { name: 'high', title: message('column.high'), type: 'number', format: 'decimal4' },
      { name: 'covariate', title: message('column.covariate'), type: 'string' },
      { name: 'level', title: message('column.level'), type: 'string' },
      { name: 'status', title: message('column.status'), type: 'string', labels: STATUS_LABELS },
    ],
    lines.map((line): CellValue[] => [
      line.term,
      line.coef,
      line.ratio,
      line.se,
      line.z,
      line.p,
      line.low,
      line.high,
      line.covariate,
      line.level,
      line.status,
    ]),
    { title: message('table.coefficients') },
  );
}

export const STATUS_LABELS: Readonly<Record<TermStatus, Text>> = {
  ok: message('status.ok'),
  aliased: message('status.aliased'),
  infinite: message('status.infinite'),
};

function proportionalityTable(tests: readonly ProportionalityTest[]): ResultTable {
  return tableFromRows(
    [
      {
        name: 'covariate',
        title: message('column.covariate'),
        type: 'string',
        labels: { GLOBAL: message('value.global') },
      },
      { name: 'chiSquare', title: message('column.chiSquare'), type: 'number', format: 'decimal' },
      { name: 'degrees', title: message('column.degrees'), type: 'integer', format: 'integer' },
      { name: 'p', title: message('column.p'), type: 'number', format: 'pValue' },
    ],
    tests.map(({ covariate, statistic, degrees, pValue }) => [covariate, statistic, degrees, pValue]),
    { title: message('table.proportionality') },
  );
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

const FOREST_TERMS = 30;

/** Ratios with their intervals, the surest first. */
function forest(lines: readonly CoefficientLine[], confidence: number): BarChart {
  const shown = lines
    .filter(({ ratio, high }) => ratio !== null && high !== null)
    .sort((a, b) => (a.p ?? 1) - (b.p ?? 1))
    .slice(0, FOREST_TERMS);
  return {
    kind: 'bar',
    id: 'hazardRatios',
    title: message('chart.hazardRatios'),
    summary: message('chart.hazardRatios.summary', { confidence: { value: confidence, as: 'percent' } }),
    table: 'coefficients',
    orientation: 'horizontal',
    categories: shown.map(({ term }) => term),
    series: [
      {
        name: message('column.hazardRatio'),
        values: shown.map(({ ratio }) => ratio),
        low: shown.map(({ low }) => low),
        high: shown.map(({ high }) => high),
      },
    ],
    value: { title: message('column.hazardRatio'), format: 'decimal', minimum: 0 },
  };
}

const BASELINE_TIMES = 2000;

/** The survival of a customer with the mean of every covariate, by stratum (Breslow's or Efron's estimate). */
function baselineOf(fit: CoxFit, strataNames: readonly string[]): { table: ResultTable; chart: LineChart } {
  const strata = fit.data.strata.length - 1;
  const byStratum: { time: number; hazard: number }[][] = Array.from({ length: strata }, () => []);
  walkRiskSets(fit.data, fullBeta(fit), fit.ties, ({ time, stratum, hazard: increment }) => {
    byStratum[stratum].push({ time, hazard: increment });
  });
  const curves = byStratum.map((steps) => {
    let sum = 0;
    return steps.reverse().map(({ time, hazard: increment }) => {
      sum += increment;
      return { time, hazard: sum };
    });
  });
  const distinct = curves.reduce((total, curve) => total + curve.length, 0);
  const step = Math.max(1, Math.ceil(distinct / BASELINE_TIMES));
  const rows = curves.flatMap((curve, stratum) =>
    curve
      .filter((_, i) => (i + 1) % step === 0 || i === curve.length - 1)
      .map(({ time, hazard: cumulative }): CellValue[] => [
        strataNames[stratum] ?? 'all',
        time,
        cumulative,
        Math.exp(-cumulative),
      ]),
  );
  const table = tableFromRows(
    [
      { name: 'stratum', title: message('column.stratum'), type: 'string', labels: { all: message('value.all') } },
      { name: 'time', title: message('column.time'), type: 'number', format: 'decimal' },
      { name: 'cumulativeHazard', title: message('column.cumulativeHazard'), type: 'number', format: 'decimal4' },
      { name: 'survival', title: message('column.survival'), type: 'number', format: 'percent' },
    ],
    rows,
    { title: message('table.baseline') },
  );
  const drawn = curves.slice(0, 8);
  const times = [...new Set([0, ...drawn.flatMap((curve) => curve.map(({ time }) => time))])].sort((a, b) => a - b);
  const every = Math.max(1, Math.ceil(times.length / 200));
  const xValues = times.filter((_, i) => i % every === 0 || i === times.length - 1);
  const chart: LineChart = {
    kind: 'line',
    id: 'baseline',
    title: message('chart.baseline'),
    summary: message('chart.baseline.summary'),
    table: 'baseline',
    xValues,
    x: { title: message('column.time'), format: 'decimal', minimum: 0 },
    y: { title: message('column.survival'), format: 'percent', minimum: 0, maximum: 1 },
    series: drawn.map((curve, stratum) => ({
      name: strataNames[stratum] ?? message('value.all'),
      step: true,
      values: xValues.map((x) => {
        let hazardThere = 0;
        for (const { time, hazard: cumulative } of curve) {
          if (time > x) break;
          hazardThere = cumulative;
        }
        return Math.exp(-hazardThere);
      }),
    })),
  };
  return { table, chart };
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
