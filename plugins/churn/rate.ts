import {
  type AnalysisContext,
  AnalysisError,
  type AnalysisResult,
  type Metric,
  message,
  type Note,
  periodOfDay,
  wilsonInterval,
} from '@patron/sdk';
import { type ChurnPeriod, churnByPeriod, OPEN } from './churn-periods.ts';
import { proposedWindow, type WindowRow, windowRows } from './churn-windows.ts';
import { type RateInput, type RateParameters, readRateInput } from './rate-input.ts';
import { rateChart, rateTable, share, windowChart, windowTable } from './rate-report.ts';
import { requireRows } from './spell-input.ts';

const MOST_PERIODS = 600;
/** Windows that the chosen one is shown among. */
const WINDOWS = { contracts: [0, 7, 14, 30, 60, 90, 180], transactions: [30, 60, 90, 120, 180, 270, 365] };

/** `churn.rate`: how many customers, and how much of their revenue, are lost by period. */
export async function rate(context: AnalysisContext<RateParameters>): Promise<AnalysisResult> {
  const { parameters } = context;
  const input = readRateInput(context);
  await context.checkpoint();
  const { spans, asOf } = input;
  requireRows(spans.first.length, input.role);
  let earliest = OPEN;
  for (const day of spans.first) if (day < earliest) earliest = day;
  const periodCount = periodOfDay(asOf, parameters.period) - periodOfDay(earliest, parameters.period) + 1;
  if (periodCount > MOST_PERIODS)
    throw new AnalysisError(
      `The data span ${periodCount} periods, more than ${MOST_PERIODS}. Choose a longer 'period'.`,
      {
        text: message('error.tooManyPeriods', { count: periodCount, limit: MOST_PERIODS }),
        path: 'parameters.period',
      },
    );
  // With purchases, who is active is known once a whole window has passed.
  const knownFrom = (window: number): number => (input.role === 'contracts' ? earliest : earliest + window);
  const all = churnByPeriod(spans, parameters.period, asOf, knownFrom(input.window));
  await context.checkpoint();
  // Before the first customers there is nothing to lose.
  const periods = all.filter(({ customers, joined, returned }) => customers + joined + returned > 0);
  const counted = periods.filter(({ complete, customers }) => complete && customers > 0);
  const windows = sensitivity(input, parameters, knownFrom);
  const total = totals(counted);
  return {
    headline:
      total.customers > 0
        ? message('headline.rate', {
            share: { value: total.churned / total.customers, as: 'percent' },
            periods: counted.length,
            period: message(`period.${parameters.period}`),
          })
        : message('headline.rate.none'),
    metrics: metrics(total, input, parameters.confidence, counted.length),
    tables: {
      rate: rateTable(periods, parameters, input.hasAmount),
      windows: windowTable(windows, parameters.confidence, input.window),
    },
    charts: [rateChart(counted, parameters, input.hasAmount), windowChart(windows, parameters.confidence)],
    notes: notes(periods, input, total.customers),
    settled: {
      asOf: new Date(asOf * 86_400_000).toISOString().slice(0, 10),
      ...(input.window > 0 ? { window: `${input.window}d` } : {}),
    },
    leftOut: input.leftOut,
  };
}

function sensitivity(
  { role, history, silences, window }: RateInput,
  { period }: RateParameters,
  knownFrom: (window: number) => number,
): WindowRow[] {
  const proposed = role === 'transactions' || silences.over.length > 0 ? [proposedWindow(silences)] : [];
  const days = [...new Set([...WINDOWS[role], window, ...proposed])].sort((a, b) => a - b);
  return windowRows(history, silences, days, period, knownFrom);
}

type Totals = Pick<ChurnPeriod, 'customers' | 'churned' | 'revenue' | 'lost' | 'contraction' | 'expansion'>;

function totals(periods: readonly ChurnPeriod[]): Totals {
  const sum = { customers: 0, churned: 0, revenue: 0, lost: 0, contraction: 0, expansion: 0 };
  for (const period of periods) for (const key of Object.keys(sum) as (keyof typeof sum)[]) sum[key] += period[key];
  return sum;
}

function metrics(total: Totals, input: RateInput, confidence: number, periods: number): Record<string, Metric> {
  const { customers, churned } = total;
  return {
    churnRate: {
      value: share(churned, customers),
      ...(customers > 0 ? { interval: wilsonInterval(churned, customers, confidence) } : {}),
      n: customers,
      title: message('metric.meanChurnRate'),
      format: 'percent',
      ...(customers < 30 ? { smallSample: true } : {}),
    },
    churned: { value: churned, title: message('metric.churned'), format: 'integer' },
    periods: { value: periods, title: message('metric.periods'), format: 'integer' },
    ...(input.hasAmount
      ? {
          grossRevenueChurn: {
            value: share(total.lost + total.contraction, total.revenue),
            title: message('metric.grossRevenueChurn'),
            format: 'percent' as const,
          },
          netRevenueChurn: {
            value: share(total.lost + total.contraction - total.expansion, total.revenue),
            title: message('metric.netRevenueChurn'),
            format: 'percent' as const,
          },
        }
      : {}),
    window: { value: input.window, title: message('metric.window'), format: 'days' },
    proposedWindow: { value: proposedWindow(input.silences), title: message('metric.proposedWindow'), format: 'days' },
  };
}

function notes(periods: readonly ChurnPeriod[], input: RateInput, customers: number): Note[] {
  const list: Note[] = [];
  if (customers === 0) list.push({ level: 'warning', text: message('note.noPeriods') });
  if (periods.at(-1)?.complete === false) list.push({ level: 'info', text: message('note.incompletePeriod') });
  if (input.role === 'transactions' && periods[0]?.complete === false)
    list.push({ level: 'info', text: message('note.firstPeriods', { days: input.window }) });
  list.push({
    level: 'info',
    text:
      input.role === 'transactions'
        ? message('note.window', { days: input.window })
        : message(input.window > 0 ? 'note.contractsWindow' : 'note.contracts', { days: input.window }),
  });
  return list;
}
