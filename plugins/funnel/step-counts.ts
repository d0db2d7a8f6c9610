import { numberAt } from '@patron/sdk';
import { reachedCounts, secondsBetween } from './counts.ts';
import type { FunnelRun } from './funnel-run.ts';
import type { StepNames } from './step-names.ts';
import type { StepCount } from './step-table.ts';

/** Reads the amount of a row; undefined where no amount is mapped. */
export function amountReader({ input }: FunnelRun): ((row: number) => number) | undefined {
  const column = input.fields.amount;
  if (column === undefined) return undefined;
  return (row) => {
    const amount = numberAt(column, row);
    return Number.isNaN(amount) ? 0 : amount;
  };
}

/** Customers, times and amounts by step of a closed funnel. */
export function closedCounts(
  run: FunnelRun,
  names: StepNames,
  amountAt: ((row: number) => number) | undefined,
  found = run.journeys,
): StepCount[] {
  const reached = reachedCounts(found);
  return reached.map((customers, step) => ({
    number: run.steps[step].number,
    event: names.names[step],
    before: reached[Math.max(0, step - 1)],
    customers,
    fromBefore: customers,
    fromStart: customers,
    seconds: step === 0 ? null : secondsBetween(found, run.time, step - 1, step),
    ...(amountAt ? { amount: amountAtStep(found, step, amountAt) } : {}),
  }));
}

function amountAtStep(found: FunnelRun['journeys'], step: number, amountAt: (row: number) => number): number {
  let sum = 0;
  for (let journey = 0; journey < found.count; journey++)
    if (found.depth[journey] > step) sum += amountAt(found.rows[journey * found.steps + step]);
  return sum;
}
