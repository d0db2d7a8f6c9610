import {
  type AnalysisContext,
  AnalysisError,
  type AnalysisResult,
  type Column,
  customerFeatures,
  daysOf,
  denseCodes,
  isTime,
  type JsonObject,
  message,
  type Note,
  numberColumn,
  numbersOf,
  stringColumn,
} from '@patron/sdk';
import { readOutcome } from './outcome.ts';

export interface RiskInputParameters {
  readonly positive: string | null;
  readonly features: readonly string[];
  readonly cutOff: string | null;
  readonly window: string;
}

/** One customer a row: an outcome and the features that may explain it. */
export interface RiskInput {
  readonly role: 'customers' | 'transactions';
  readonly rows: number;
  readonly customer?: Column;
  readonly outcome: Uint8Array;
  readonly features: Readonly<Record<string, Column>>;
  readonly names: readonly string[];
  readonly notes: readonly Note[];
  readonly settled: JsonObject;
  readonly leftOut: NonNullable<AnalysisResult['leftOut']>;
}

/** Reads a customer table with its outcome, or builds features and outcome from transactions around a cut-off. */
export function readRiskInput(context: AnalysisContext, parameters: RiskInputParameters): RiskInput {
  return context.inputs.customers ? fromCustomers(context, parameters) : fromTransactions(context, parameters);
}

function fromCustomers(context: AnalysisContext, parameters: RiskInputParameters): RiskInput {
  const input = context.inputs.customers;
  const outcome = readOutcome(input.fields.churned, parameters.positive, 'churned', 'positive');
  const names = parameters.features.length > 0 ? parameters.features : Object.keys(input.properties);
  return {
    role: 'customers',
    rows: outcome.values.length,
    customer: input.fields.customer,
    outcome: outcome.values,
    features: input.properties,
    names,
    notes: outcome.notes,
    settled: parameters.positive === null ? { positive: outcome.event } : {},
    leftOut: [],
  };
}

/** Whole days in a duration such as `90d` or `2160h`. */
export function daysInDuration(text: string, parameter: string): number {
  const match = /^\s*(\d+(?:\.\d+)?)\s*(s|m|h|d)\s*$/.exec(text);
  const days: Record<string, number> = { s: 1 / 86_400, m: 1 / 1440, h: 1 / 24, d: 1 };
  const value = match ? Number(match[1]) * days[match[2]] : Number.NaN;
  if (value >= 1) return Math.round(value);
  throw new AnalysisError(`'${parameter}' is '${text}'. Write a number of days, such as 90d.`, {
    text: message('error.duration', { value: text }),
    path: `parameters.${parameter}`,
  });
}

function fromTransactions(context: AnalysisContext, parameters: RiskInputParameters): RiskInput {
  const { customer, time, amount } = context.inputs.transactions.fields;
  if (!isTime(time)) throw new TypeError("'time' must be a time.");
  const days = daysOf(time, context.timeZone);
  const windowDays = daysInDuration(parameters.window, 'window');
  let last = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < days.length; i++) if (days[i] > last) last = days[i];
  const cutOff = parameters.cutOff === null ? last - windowDays : Date.parse(parameters.cutOff) / 86_400_000;
  if (cutOff + windowDays > last)
    throw new AnalysisError(
      `The data end ${Math.round(last - cutOff)} days after the cut-off, before the window of ${windowDays} days is over. Set an earlier 'cutOff' or a shorter 'window'.`,
      {
        text: message('error.windowOpen', { days: Math.round(last - cutOff), window: windowDays }),
        path: 'parameters.cutOff',
      },
    );
  const dense = denseCodes(customer);
  const built = customerFeatures(dense.codes, dense.count, days, {
    cutOff,
    windowDays,
    amounts: amount ? amountsOf(amount) : undefined,
  });
  const size = built.customers.length;
  const gapKnown = built.meanGap.map((gap, i) => (Number.isNaN(gap) ? built.tenure[i] : gap));
  const all: Record<string, Column> = {
    recency: numberColumn(built.recency),
    frequency: numberColumn(built.frequency),
    tenure: numberColumn(built.tenure),
    recentPurchases: numberColumn(built.recent),
    overdue: numberColumn(built.recency.map((recency, i) => recency / Math.max(1, gapKnown[i]))),
    ...(built.amount
      ? {
          amount: numberColumn(built.amount),
          averageAmount: numberColumn(built.amount.map((sum, i) => sum / built.frequency[i])),
        }
      : {}),
  };
  const names = parameters.features.length > 0 ? parameters.features : Object.keys(all);
  const leftOut =
    built.later > 0
      ? [{ role: 'transactions', reason: message('leftOut.later', { window: windowDays }), count: built.later }]
      : [];
  return {
    role: 'transactions',
    rows: size,
    customer: stringColumn(Array.from(built.customers, (code) => dense.label(code))),
    outcome: built.churned,
    features: all,
    names,
    notes: [{ level: 'info', text: message('note.cutOff', { cutOff: isoDay(cutOff), window: windowDays }) }],
    settled: { cutOff: isoDay(cutOff) },
    leftOut,
  };
}

/** Amounts of transactions or contracts; a missing one adds nothing. */
export function amountsOf(column: Column): Float64Array {
  const amounts = numbersOf(column);
  if (!amounts.some((value) => !Number.isFinite(value))) return amounts;
  return amounts.map((value) => (Number.isFinite(value) ? value : 0));
}

function isoDay(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}
