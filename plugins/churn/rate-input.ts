import {
  type AnalysisContext,
  type AnalysisResult,
  daysOf,
  denseCodes,
  isPresent,
  isTime,
  message,
  type Period,
} from '@patron/sdk';
import { type ActiveSpans, OPEN } from './churn-periods.ts';
import {
  proposedWindow,
  type Silences,
  type SpanHistory,
  silencesOf,
  spanHistory,
  windowedEnds,
} from './churn-windows.ts';
import { amountsOf, daysInDuration } from './risk-input.ts';
import { requireRows } from './spell-input.ts';

export interface RateParameters {
  readonly period: Period;
  readonly window: string | null;
  readonly asOf: string | null;
  readonly confidence: number;
}

/** Spans of activity, and what the definition of churn is made of. */
export interface RateInput {
  readonly role: 'contracts' | 'transactions';
  /** With the window after them. */
  readonly spans: ActiveSpans;
  readonly history: SpanHistory;
  readonly silences: Silences;
  readonly asOf: number;
  readonly hasAmount: boolean;
  /** Days without a purchase, or without a contract, that a customer may have and still counts as active. */
  readonly window: number;
  readonly leftOut: NonNullable<AnalysisResult['leftOut']>;
}

/** Reads contracts or purchases. */
export function readRateInput(context: AnalysisContext<RateParameters>): RateInput {
  return context.inputs.contracts ? fromContracts(context) : fromTransactions(context);
}

function fromContracts(context: AnalysisContext<RateParameters>): RateInput {
  const { customer, start, end, amount } = context.inputs.contracts.fields;
  if (!isTime(start) || (end && !isTime(end))) throw new TypeError("'start' and 'end' must be times.");
  requireRows(start.length, 'contracts');
  const first = daysOf(start, context.timeZone);
  const ends = end && isTime(end) ? daysOf(end, context.timeZone) : undefined;
  const last = new Int32Array(first.length).fill(OPEN);
  let latest = Number.NEGATIVE_INFINITY;
  let backwards = 0;
  for (let i = 0; i < first.length; i++) {
    if (first[i] > latest) latest = first[i];
    if (!end || !ends || !isPresent(end, i)) continue;
    last[i] = ends[i];
    if (ends[i] < first[i]) backwards++;
    if (ends[i] > latest) latest = ends[i];
  }
  const leftOut = backwards > 0 ? [{ role: 'contracts', reason: message('leftOut.backwards'), count: backwards }] : [];
  const { codes, count } = denseCodes(customer);
  const spans = { customers: codes, customerCount: count, first, last };
  const worth = amount ? amountsOf(amount) : undefined;
  return defined(context.parameters, 'contracts', spans, worth, latest, leftOut);
}

function fromTransactions(context: AnalysisContext<RateParameters>): RateInput {
  const { customer, time, amount } = context.inputs.transactions.fields;
  if (!isTime(time)) throw new TypeError("'time' must be a time.");
  requireRows(time.length, 'transactions');
  const first = daysOf(time, context.timeZone);
  let latest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < first.length; i++) if (first[i] > latest) latest = first[i];
  const { codes, count } = denseCodes(customer);
  const spans = { customers: codes, customerCount: count, first, last: first };
  const worth = amount ? amountsOf(amount) : undefined;
  return defined(context.parameters, 'transactions', spans, worth, latest, []);
}

/** Settles the window, none for contracts and proposed for purchases unless it is given, and puts it after every span. */
function defined(
  parameters: RateParameters,
  role: RateInput['role'],
  spans: Omit<ActiveSpans, 'amount'>,
  amount: Float64Array | undefined,
  latest: number,
  leftOut: RateInput['leftOut'],
): RateInput {
  const asOf = parameters.asOf === null ? latest : Date.parse(parameters.asOf) / 86_400_000;
  const history = spanHistory(spans, role === 'contracts' ? 1 : 0, asOf);
  const silences = silencesOf(history);
  const usual = role === 'contracts' ? 0 : proposedWindow(silences);
  const window = parameters.window === null ? usual : daysInDuration(parameters.window, 'window');
  const last = windowedEnds(history, spans.last, window);
  return {
    role,
    spans: { ...spans, last, amount },
    history,
    silences,
    asOf,
    hasAmount: amount !== undefined,
    window,
    leftOut,
  };
}
