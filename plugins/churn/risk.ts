import {
  type AnalysisContext,
  AnalysisError,
  type AnalysisResult,
  type Column,
  type Metric,
  message,
  type Note,
  normalCritical,
  seededRandom,
  sortedIndices,
  wilsonInterval,
} from '@patron/sdk';
import { coefficientTable, forestChart } from './coefficient-line.ts';
import {
  auc,
  brier,
  calibrationBins,
  logLoss,
  precisionRecall,
  rocCurve,
  type SortedRisks,
  sortRisks,
} from './discrimination.ts';
import { leakageNotes } from './leakage.ts';
import { MADE_FEATURES } from './made-features.ts';
import { explain } from './reasons.ts';
import { customersTable } from './risk-customers.ts';
import { type RiskInputParameters, readRiskInput } from './risk-input.ts';
import { boostedModel, logisticModel, type RiskModel } from './risk-model.ts';
import {
  calibrationChart,
  calibrationTable,
  curveChart,
  importanceChart,
  importanceTable,
  profitChart,
  thresholdTable,
} from './risk-report.ts';
import { requireRows } from './spell-input.ts';
import { atThreshold, bestThreshold, type Money, type ThresholdRow } from './threshold.ts';

export interface RiskParameters extends RiskInputParameters, Money {
  readonly model: 'logistic' | 'boosted-trees';
  readonly split: string;
  readonly seed: number;
  readonly penalty: number;
  readonly recode: Readonly<Record<string, string>>;
  readonly confidence: number;
}

/** `churn.risk`: how likely each customer is to churn, why, and whom it pays to contact. */
export async function risk(context: AnalysisContext<RiskParameters>): Promise<AnalysisResult> {
  const { parameters } = context;
  const input = readRiskInput(context as unknown as AnalysisContext, parameters);
  requireRows(input.rows, input.role);
  requireBoth(input.outcome, input.role);
  requireFeatures(input.names);
  const cutOff = input.role === 'customers' ? parameters.cutOff : null;
  const leaks =
    input.role === 'customers'
      ? leakageNotes(input.features, input.names, input.outcome, cutOff, context.timeZone)
      : [];
  context.progress(1, 5, message('progress.fit'));
  await context.checkpoint();
  const share = holdoutShare(parameters.split);
  const fitModel = parameters.model === 'boosted-trees' ? boostedModel : logisticModel;
  const model = await fitModel({
    features: input.features,
    names: input.names,
    outcome: input.outcome,
    recode: parameters.recode,
    penalty: parameters.penalty,
    confidence: parameters.confidence,
    learn: share === 0 ? undefined : (rows, outcome) => splitRows(rows.length, outcome, share, parameters.seed),
    random: seededRandom(parameters.seed),
    threads: context,
    checkpoint: () => context.checkpoint(),
  });
  context.progress(3, 5, message('progress.judge'));
  await context.checkpoint();
  requireFeatures(model.covariates);
  requireBoth(model.outcome, input.role);
  const judged = share === 0 ? { risk: model.risk, outcome: model.outcome } : heldOut(model);
  requireBoth(judged.outcome, input.role);
  const sorted = sortRisks(judged.risk, judged.outcome);
  const best = bestThreshold(sorted, parameters);
  const order = sortedIndices(model.risk).reverse();
  const titles = input.role === 'transactions' ? MADE_FEATURES : {};
  const explained = explain(model, input.features, parameters.recode, order, titles);
  await context.checkpoint();
  const precision = precisionRecall(sorted);
  const roc = rocCurve(sorted);
  const bins = calibrationBins(sorted, 10);
  return {
    headline: headline(sorted, best, parameters),
    metrics: metrics(model, judged, sorted, best, precision.averagePrecision, parameters),
    tables: {
      ...(model.logistic ? { coefficients: coefficientTable(model.logistic.lines, 'oddsRatio', titles) } : {}),
      importance: importanceTable(model.covariates, explained.importance, titles),
      calibration: calibrationTable(bins, parameters.confidence),
      threshold: thresholdTable(sorted, parameters, best),
      customers: customersTable(
        model,
        input.customer as Column | undefined,
        explained,
        input.role === 'transactions' ? input.features : {},
        order,
        parameters,
        share > 0,
      ),
    },
    charts: [
      ...(model.logistic ? [forestChart(model.logistic.lines, 'oddsRatio', parameters.confidence, titles)] : []),
      importanceChart(model.covariates, explained.importance, titles),
      calibrationChart(bins, parameters.confidence),
      curveChart('roc', roc.x, roc.y, true),
      curveChart('precisionRecall', precision.x, precision.y, false),
      profitChart(sorted, parameters, best),
    ],
    notes: [...input.notes, ...leaks, ...model.notes, ...notes(model, parameters, share, judged.outcome)],
    settled: { ...input.settled, features: [...model.covariates].filter((name) => input.features[name]) },
    leftOut: [
      ...input.leftOut,
      ...[...model.incomplete].map(([column, count]) => ({
        role: input.role,
        reason: message('leftOut.missing', { column }),
        count,
      })),
    ],
  };
}

function requireFeatures(names: readonly string[]): void {
  if (names.length > 0) return;
  throw new AnalysisError(
    "There is no feature to predict from. Name columns in 'features' that are numbers, or texts of at most 100 levels.",
    { text: message('error.noFeatures'), path: 'parameters.features' },
  );
}

function requireBoth(outcome: Uint8Array, role: string): void {
  const events = outcome.reduce((sum, value) => sum + value, 0);
  if (events > 0 && events < outcome.length) return;
  const key = events === 0 ? 'error.noChurn' : 'error.allChurn';
  const english =
    outcome.length === 0
      ? 'No customer has a value in every feature. Leave out features with many blanks.'
      : events === 0
        ? "No customer churned, so there is nothing to learn from. Check 'churned' or set 'positive'."
        : "Every customer churned, so there is nothing to learn from. Check 'churned' or set 'positive'.";
  throw new AnalysisError(english, {
    text: message(outcome.length === 0 ? 'error.noComplete' : key),
    path: `inputs.${role}`,
  });
}

function holdoutShare(split: string): number {
  if (split === 'none') return 0;
  const share = Number(/^holdout:(0?\.\d+)$/.exec(split)?.[1]);
  if (share > 0 && share < 1) return share;
  throw new AnalysisError(`'split' is '${split}'. Write none, or holdout with a share such as holdout:0.2.`, {
    text: message('error.split', { value: split }),
    path: 'parameters.split',
  });
}

/** 1 for rows to learn from: each outcome gives the same share to the holdout. */
function splitRows(length: number, outcome: Uint8Array, share: number, seed: number): Uint8Array {
  const random = seededRandom(seed);
  const learn = new Uint8Array(length).fill(1);
  for (const wanted of [0, 1]) {
    const rows: number[] = [];
    for (let i = 0; i < length; i++) if (outcome[i] === wanted) rows.push(i);
    const out = Math.round(rows.length * share);
    for (let i = 0; i < out; i++) {
      const pick = i + random.integer(rows.length - i);
      const row = rows[pick];
      rows[pick] = rows[i];
      rows[i] = row;
      learn[row] = 0;
    }
  }
  return learn;
}

function heldOut(model: RiskModel): { risk: Float64Array; outcome: Uint8Array } {
  return {
    risk: model.risk.filter((_, i) => model.learnt[i] === 0),
    outcome: model.outcome.filter((_, i) => model.learnt[i] === 0),
  };
}

function headline(sorted: SortedRisks, best: ThresholdRow, parameters: RiskParameters) {
  const total = sorted.churned.length + sorted.stayed.length;
  return message(best.contacted > 0 ? 'headline.risk' : 'headline.risk.none', {
    share: { value: best.contacted / total, as: 'percent' },
    recall: { value: best.recall ?? 0, as: 'percent' },
    profit: { value: best.profit, as: 'money' },
    threshold: { value: best.threshold, as: 'percent' },
    cost: { value: parameters.costOfContact, as: 'money' },
  });
}

function metrics(
  model: RiskModel,
  judged: { risk: Float64Array; outcome: Uint8Array },
  sorted: SortedRisks,
  best: ThresholdRow,
  averagePrecision: number,
  parameters: RiskParameters,
): Record<string, Metric> {
  const { confidence } = parameters;
  const z = normalCritical(confidence);
  const n = judged.outcome.length;
  const churned = sorted.churned.length;
  const half = atThreshold(sorted, 0.5, parameters);
  const area = auc(sorted);
  const score = brier(judged.risk, judged.outcome);
  const fit = model.logistic?.fit;
  const title = (key: string): Pick<Metric, 'title'> => ({ title: message(`metric.${key}`) });
  const rate = (key: string, hits: number, of: number): Metric => ({
    value: of > 0 ? hits / of : null,
    ...(of > 0 ? { interval: wilsonInterval(hits, of, confidence) } : {}),
    n: of,
    ...title(key),
    format: 'percent',
    ...(of < 30 ? { smallSample: true } : {}),
  });
  const plain = (key: string, value: number | null, format: Metric['format'] = 'decimal'): Metric => ({
    value,
    ...title(key),
    format,
  });
  return {
    customers: plain('customers', model.rows.length, 'integer'),
    churned: plain(
      'churned',
      model.outcome.reduce((sum, value) => sum + value, 0),
      'integer',
    ),
    churnRate: rate(
      'churnRate',
      model.outcome.reduce((sum, value) => sum + value, 0),
      model.rows.length,
    ),
    bestThreshold: plain('bestThreshold', best.threshold, 'percent'),
    bestProfit: plain('bestProfit', best.profit, 'money'),
    auc: {
      value: area?.value ?? null,
      ...(area
        ? {
            interval: [
              Math.max(0, area.value - z * area.standardError),
              Math.min(1, area.value + z * area.standardError),
            ],
          }
        : {}),
      n,
      ...title('auc'),
      format: 'decimal4',
    },
    averagePrecision: plain('averagePrecision', averagePrecision, 'decimal4'),
    accuracy: rate('accuracy', half.truePositives + half.trueNegatives, n),
    precision: rate('precision', half.truePositives, half.contacted),
    recall: rate('recall', half.truePositives, churned),
    brier: {
      value: score.value,
      interval: [
        Math.max(0, score.value - z * score.standardError),
        Math.min(1, score.value + z * score.standardError),
      ],
      n,
      ...title('brier'),
      format: 'decimal4',
    },
    logLoss: plain('logLoss', logLoss(judged.risk, judged.outcome), 'decimal4'),
    truePositives: plain('truePositives', half.truePositives, 'integer'),
    falsePositives: plain('falsePositives', half.falsePositives, 'integer'),
    falseNegatives: plain('falseNegatives', half.falseNegatives, 'integer'),
    trueNegatives: plain('trueNegatives', half.trueNegatives, 'integer'),
    ...(fit
      ? {
          logLikelihood: plain('logLikelihood', fit.logLikelihood),
          nullDeviance: plain('nullDeviance', -2 * fit.logLikelihoodNull),
          deviance: plain('deviance', -2 * fit.logLikelihood),
          aic: plain('aic', -2 * fit.logLikelihood + 2 * (fit.kept.length + 1)),
          rank: plain('rank', fit.kept.length + 1, 'integer'),
          aliased: plain(
            'aliased',
            model.logistic?.lines.filter(({ status }) => status === 'aliased').length ?? 0,
            'integer',
          ),
        }
      : {
          logLikelihood: plain('logLikelihood', -logLoss(judged.risk, judged.outcome) * n),
          trees: plain('trees', model.trees?.roots.length ?? 0, 'integer'),
        }),
  };
}

function notes(model: RiskModel, parameters: RiskParameters, share: number, judged: Uint8Array): Note[] {
  const list: Note[] = [];
  const named = (status: string): string =>
    (model.logistic?.lines ?? [])
      .filter((line) => line.status === status)
      .slice(0, 8)
      .map(({ term }) => term)
      .join(', ');
  if (named('aliased') !== '') list.push({ level: 'info', text: message('note.aliased', { terms: named('aliased') }) });
  if (named('infinite') !== '')
    list.push({ level: 'warning', text: message('note.infinite.risk', { terms: named('infinite') }) });
  if (model.logistic && !model.logistic.fit.converged)
    list.push({ level: 'warning', text: message('note.notConverged') });
  list.push(
    share === 0
      ? { level: parameters.model === 'logistic' ? 'info' : 'warning', text: message('note.inSample') }
      : { level: 'info', text: message('note.holdout', { customers: judged.length, seed: String(parameters.seed) }) },
  );
  if (parameters.penalty > 0 && model.logistic)
    list.push({ level: 'info', text: message('note.penalty', { penalty: parameters.penalty }) });
  const events = model.outcome.reduce((sum, value) => sum + value, 0);
  const terms = model.logistic?.fit.kept.length ?? 0;
  if (Math.min(events, model.outcome.length - events) < 10 * terms)
    list.push({ level: 'warning', text: message('note.fewEvents', { events, terms }) });
  const incomplete = [...model.incomplete.values()].reduce((sum, count) => sum + count, 0);
  list.push({ level: 'info', text: message('note.why') });
  if (incomplete > 0) list.push({ level: 'info', text: message('note.incomplete', { count: incomplete }) });
  return list;
}
