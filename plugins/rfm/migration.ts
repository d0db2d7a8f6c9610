import {
  type Analysis,
  AnalysisError,
  type AnalysisResult,
  customerKeys,
  message,
  type Note,
  PERIODS,
  type Period,
  periodOfDay,
  periodStart,
  wilsonInterval,
} from '@patron/sdk';
import { dateText, parseDate } from './as-of.ts';
import { type CustomerFacts, defaultAsOf, factsFromTransactions, timeOf } from './customer-facts.ts';
import { flowsBetween, NOT_YET, type Snapshot } from './migration-flows.ts';
import { balanceTable, matrixTable, migrationCharts, movedCustomersTable } from './migration-tables.ts';
import type { SegmentGrid } from './rules.ts';
import { SMALL_SAMPLE } from './segment-statistics.ts';
import { gridOf, type Segmentation, segmentCustomers } from './segmentation.ts';
import { factOptions, ruleJson, type SegmentsParameters } from './segments.ts';

const DAY = 86_400_000;
const DEFAULT_GAP = 90 * DAY;
interface MigrationParameters extends SegmentsParameters {
  readonly previousAsOf: string | null;
  /** How often between the two dates the segments are made anew, to date the changes. */
  readonly every: Period | 'none';
}

/** `rfm.migration`: who moved from which segment to which between two dates, when, and how much money moved along. */
export const migration: Analysis<MigrationParameters> = async (context) => {
  const { parameters, timeZone } = context;
  const grid = gridOf(parameters);
  const input = context.inputs.transactions;
  const keys = customerKeys(input.fields.customer);
  const options = { ...factOptions(parameters), keys };
  const asOf = options.asOf ?? (input.rows > 0 ? defaultAsOf(timeOf(input.fields.time), timeZone) : Number.NaN);
  const previous = parseDate(parameters.previousAsOf, 'previousAsOf') ?? asOf - DEFAULT_GAP;
  if (previous >= asOf) {
    throw new AnalysisError(
      `'previousAsOf' (${dateText(previous)}) is not before 'asOf' (${dateText(asOf)}); choose an earlier date.`,
      {
        text: message('error.datesOrder', { previous: dateText(previous), asOf: dateText(asOf) }),
        path: 'parameters.previousAsOf',
      },
    );
  }
  const moments = momentsBetween(previous, asOf, parameters.every);
  const snapshots: Snapshot[] = [];
  let facts: CustomerFacts | undefined;
  for (const [index, moment] of moments.entries()) {
    context.progress(index, moments.length, message('progress.date', { date: dateText(moment) }));
    facts = factsFromTransactions(input, timeZone, { ...options, asOf: moment });
    const segmentation = segmentCustomers(facts, parameters);
    snapshots.push(snapshotOf(moment, keys.count, facts, segmentation));
    await context.checkpoint();
  }
  return report(parameters, grid, facts as CustomerFacts, snapshots);
};

const MOST_DATES = 120;

function momentsBetween(previous: number, asOf: number, every: Period | 'none'): number[] {
  const period = PERIODS.find((known) => known === every);
  const moments = [previous];
  if (period) {
    let index = periodOfDay(Math.floor(previous / DAY), period) + 1;
    for (; periodStart(index, period) * DAY < asOf; index++) {
      if (periodStart(index, period) * DAY > previous) moments.push(periodStart(index, period) * DAY);
      if (moments.length > MOST_DATES) {
        throw new AnalysisError(
          `Between the two dates lie more than ${MOST_DATES} of 'every' = '${every}'; choose a longer period.`,
          { text: message('error.tooManyDates', { limit: MOST_DATES }), path: 'parameters.every' },
        );
      }
    }
  }
  return [...moments, asOf];
}

function snapshotOf(moment: number, count: number, facts: CustomerFacts, { segments, scores }: Segmentation): Snapshot {
  const byCode = new Uint8Array(count).fill(NOT_YET);
  const points = new Uint8Array(count);
  const units = new Float64Array(count);
  for (let i = 0; i < facts.customers; i++) {
    const code = facts.codes[i];
    byCode[code] = segments[i];
    points[code] = scores.r[i] + scores.f[i] + scores.m[i];
    units[code] = facts.monetary[i];
  }
  return { moment, segments: byCode, points, units };
}

function report(
  parameters: MigrationParameters,
  grid: SegmentGrid,
  facts: CustomerFacts,
  snapshots: readonly Snapshot[],
): AnalysisResult {
  const before = snapshots[0];
  const now = snapshots[snapshots.length - 1];
  const flows = flowsBetween(grid.segments.length, facts, before, now);
  const { known, moved, falling } = flows;
  const previous = dateText(before.moment);
  const asOf = dateText(now.moment);
  const share = known === 0 ? 0 : moved / known;
  const atStake = flows.unitsAtStake / facts.scale;
  const notes: Note[] = [
    { level: 'info', text: message('note.migration', { previous, asOf }) },
    { level: 'info', text: message('note.direction') },
    { level: 'info', text: message('note.changedOn', { dates: snapshots.length }) },
  ];
  return {
    headline: message('headline.migration', {
      share: { value: share, as: 'percent' },
      previous,
      asOf,
      falling,
      money: { value: atStake, as: 'money' },
    }),
    metrics: {
      customersBefore: { value: known, title: message('metric.customersBefore'), format: 'integer' },
      customers: { value: facts.customers, title: message('metric.customers'), format: 'integer' },
      newCustomers: { value: facts.customers - known, title: message('metric.newCustomers'), format: 'integer' },
      moved: {
        value: known === 0 ? null : share,
        interval: wilsonInterval(moved, known),
        n: known,
        title: message('metric.moved'),
        format: 'percent',
        smallSample: known < SMALL_SAMPLE,
      },
      moneyAtStake: { value: atStake, n: falling, title: message('metric.moneyAtStake'), format: 'money' },
    },
    tables: {
      balance: balanceTable(grid, flows),
      matrix: matrixTable(grid, flows, facts.scale),
      customers: movedCustomersTable(grid, facts, snapshots),
    },
    charts: migrationCharts(grid, flows),
    notes,
    settled: {
      ...(parameters.asOf === null && { asOf }),
      ...(parameters.previousAsOf === null && { previousAsOf: previous }),
      ...(parameters.rules === null && { rules: grid.rules.map(ruleJson) }),
    },
    leftOut:
      facts.rowsAfterAsOf > 0
        ? [{ role: 'transactions', reason: message('leftOut.afterAsOf'), count: facts.rowsAfterAsOf }]
        : undefined,
  };
}
