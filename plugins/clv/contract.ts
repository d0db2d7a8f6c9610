import {
  type AnalysisContext,
  AnalysisError,
  type AnalysisResult,
  type Metric,
  message,
  type Note,
  normalCritical,
  tableFromRows,
} from '@patron/sdk';
import { ageingNotes, contractModelTable } from './contract-comparison.ts';
import { type ContractBase, readContractSpells, readSurvivors, SHARE_COHORT } from './contract-input.ts';
import {
  type ContractModelName,
  contractSurvival,
  discountedLifetime,
  discountedResidual,
  fitContracts,
} from './contract-model.ts';
import { fitMetrics, fitNotes, parameterTable } from './fit-report.ts';
import type { Fit } from './likelihood-fit.ts';

export interface ContractParameters {
  readonly model: ContractModelName;
  readonly horizon: number;
  readonly fitPeriods: number | null;
  readonly customers: number | null;
  readonly discountRate: number;
  readonly valuePerPeriod: number;
  readonly confidence: number;
}

/** `clv.contract`: how long contracts last, from those that were seen to end, and what they are worth. */
export async function contract(context: AnalysisContext<ContractParameters>): Promise<AnalysisResult> {
  const { parameters, inputs } = context;
  const base = inputs.survivors
    ? readSurvivors(inputs.survivors, parameters.customers, parameters.fitPeriods)
    : readContractSpells(inputs.spells, parameters.fitPeriods);
  if (base.counts.ended.every((count) => count === 0)) {
    throw new AnalysisError('No contract ended: without an end no lifetime can be estimated.', {
      text: message('error.noEnds'),
    });
  }
  const fit = await fitContracts(parameters.model, base.counts);
  const other = await fitContracts(parameters.model === 'sbg' ? 'bdw' : 'sbg', base.counts);
  const [simple, ageing] = parameters.model === 'sbg' ? [fit, other] : [other, fit];
  const rows = survivalRows(base, fit, parameters);
  const lifetime = discountedLifetime(fit.estimates, parameters.discountRate);
  const interval = lifetimeInterval(fit, parameters);
  const finite = Number.isFinite(lifetime);
  const metric = (value: number, name: string, format: Metric['format']): Metric => ({
    value: Number.isFinite(value) ? value : null,
    n: base.customers,
    title: message(`metric.${name}`),
    format,
  });
  const { horizon } = parameters;
  const end = base.fitted + horizon;
  const reached = contractSurvival(fit.estimates, end);
  return {
    headline: message('contract.headline', {
      period: end,
      share: { value: reached, as: 'percent' },
    }),
    metrics: {
      contracts: metric(base.customers, 'contracts', 'integer'),
      ...fitMetrics(fit, parameters.confidence, 'logLikelihood'),
      survivalAtHorizon: metric(reached, 'survivalAtHorizon', 'percent'),
      discountedLifetime: {
        ...metric(lifetime, 'discountedLifetime', 'decimal4'),
        interval: finite ? interval : undefined,
      },
      lifetimeValue: {
        ...metric(lifetime * parameters.valuePerPeriod, 'lifetimeValue', 'money'),
        interval:
          finite && interval
            ? [interval[0] * parameters.valuePerPeriod, interval[1] * parameters.valuePerPeriod]
            : undefined,
      },
      aic: metric(2 * fit.names.length - 2 * fit.logLikelihood, 'aic', 'decimal'),
    },
    tables: {
      survival: tableFromRows(
        [
          { name: 'period', title: message('column.period'), type: 'integer' },
          { name: 'actual', title: message('column.actualSurvival'), type: 'number', format: 'percent' },
          { name: 'expected', title: message('column.expectedSurvival'), type: 'number', format: 'percent' },
          { name: 'low', title: message('column.low'), type: 'number', format: 'percent' },
          { name: 'high', title: message('column.high'), type: 'number', format: 'percent' },
          { name: 'retention', title: message('column.retention'), type: 'number', format: 'percent' },
          { name: 'actualRetention', title: message('column.actualRetention'), type: 'number', format: 'percent' },
          { name: 'residualLifetime', title: message('column.residualLifetime'), type: 'number', format: 'decimal' },
        ],
        rows,
        { title: message('table.survival') },
      ),
      parameters: parameterTable([{ model: parameters.model, fit }], parameters.confidence),
      models: contractModelTable(simple, ageing),
    },
    charts: [
      {
        kind: 'line',
        id: 'survival',
        title: message('chart.survival'),
        summary: message('chart.survival.summary'),
        table: 'survival',
        xValues: rows.map(([period]) => period as number),
        x: { title: message('axis.period'), format: 'integer' },
        y: { title: message('axis.survival'), format: 'percent', minimum: 0, maximum: 1 },
        series: [
          { name: message('series.actual'), values: rows.map((row) => row[1]), points: true },
          {
            name: message('series.expected'),
            values: rows.map((row) => row[2]),
            low: rows.map((row) => row[3]),
            high: rows.map((row) => row[4]),
            dashed: true,
          },
        ],
        references: [{ axis: 'x', at: base.fitted, label: message('reference.fitEnd') }],
      },
      {
        kind: 'line',
        id: 'retention',
        title: message('chart.retention'),
        summary: message('chart.retention.summary'),
        table: 'survival',
        xValues: rows.slice(1).map(([period]) => period as number),
        x: { title: message('axis.period'), format: 'integer' },
        y: { title: message('axis.retention'), format: 'percent' },
        series: [
          { name: message('series.actual'), values: rows.slice(1).map((row) => row[6]), points: true },
          { name: message('series.expected'), values: rows.slice(1).map((row) => row[5]), dashed: true },
        ],
      },
    ],
    notes: [
      ...fitNotes(fit, parameters.model),
      ...ageingNotes(simple, ageing, parameters.model),
      ...ownNotes(base, parameters),
    ],
    settled: { customers: base.customers, fitPeriods: base.fitted },
    leftOut: base.leftOut,
  };
}

function ownNotes(base: ContractBase, { discountRate, confidence }: ContractParameters): Note[] {
  const notes: Note[] = [
    {
      level: 'info',
      text: message('note.contract', {
        fitted: base.fitted,
        rate: { value: discountRate, as: 'percent' },
        confidence: { value: confidence, as: 'percent' },
      }),
    },
  ];
  if (base.assumed) notes.push({ level: 'info', text: message('note.shares', { customers: SHARE_COHORT }) });
  if (discountRate === 0) notes.push({ level: 'info', text: message('note.undiscounted') });
  return notes;
}

type SurvivalRow = (number | null)[];

function survivalRows(base: ContractBase, fit: Fit, parameters: ContractParameters): SurvivalRow[] {
  const last = Math.max(base.observed.length - 1, base.fitted + parameters.horizon);
  const reach = normalCritical(parameters.confidence);
  return Array.from({ length: last + 1 }, (_, t) => {
    const expected = contractSurvival(fit.estimates, t);
    // The band is normal in the logit, which keeps it between 0 and 1.
    const error = t === 0 ? 0 : errorOf(fit, (at) => logit(contractSurvival(at, t)));
    const residual = discountedResidual(fit.estimates, t, parameters.discountRate);
    const observed = base.observed[t];
    return [
      t,
      observed ?? null,
      expected,
      Number.isNaN(error) ? null : t === 0 ? 1 : inverseLogit(logit(expected) - reach * error),
      Number.isNaN(error) ? null : t === 0 ? 1 : inverseLogit(logit(expected) + reach * error),
      t === 0 ? null : expected / contractSurvival(fit.estimates, t - 1),
      t === 0 || observed === undefined || base.observed[t - 1] === 0 ? null : observed / base.observed[t - 1],
      Number.isFinite(residual) ? residual : null,
    ];
  });
}

function lifetimeInterval(fit: Fit, { discountRate, confidence }: ContractParameters): [number, number] | undefined {
  const lifetime = discountedLifetime(fit.estimates, discountRate);
  const error = errorOf(fit, (at) => Math.log(discountedLifetime(at, discountRate)));
  if (!Number.isFinite(lifetime) || Number.isNaN(error)) return undefined;
  const factor = Math.exp(normalCritical(confidence) * error);
  return [lifetime / factor, lifetime * factor];
}

/** The standard error of a function of the parameters by the delta method, its slopes by central differences. */
function errorOf(fit: Fit, f: (parameters: Float64Array) => number): number {
  const covariance = fit.logCovariance;
  if (!covariance) return Number.NaN;
  const order = fit.estimates.length;
  const step = 1e-5;
  const slopes = fit.names.map((_, j) => {
    const moved = (by: number): number => f(fit.estimates.map((value, k) => (k === j ? value * Math.exp(by) : value)));
    return (moved(step) - moved(-step)) / (2 * step);
  });
  let variance = 0;
  for (let j = 0; j < order; j++)
    for (let k = 0; k < order; k++) variance += slopes[j] * covariance[j * order + k] * slopes[k];
  return Math.sqrt(Math.max(0, variance));
}

function logit(share: number): number {
  return Math.log(share / (1 - share));
}

function inverseLogit(value: number): number {
  return 1 / (1 + Math.exp(-value));
}
