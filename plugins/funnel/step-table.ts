import {
  median,
  message,
  type ResultTable,
  type RowTableColumn,
  type Text,
  tableFromRows,
  wilsonInterval,
} from '@patron/sdk';
import { meanOf, shareOf } from './counts.ts';

/** One row of a table of steps. */
export interface StepCount {
  /** Its place in the funnel as it was given, counted from 1. */
  readonly number: number;
  readonly event: string;
  readonly optional?: boolean;
  /** Customers of the step before. */
  readonly before: number;
  readonly customers: number;
  /** Customers of the step before who went on to this one; the customers themselves in a closed funnel. */
  readonly fromBefore: number;
  /** Customers who came all the way from the first step. */
  readonly fromStart: number;
  /** Seconds from the step before. */
  readonly seconds: Float64Array | null;
  readonly amount?: number;
}

/** Columns of a table of steps, the same in all analyses. */
export function stepColumns(withAmount: boolean): RowTableColumn[] {
  const title = (name: string): Text => message(`column.${name}`);
  return [
    { name: 'step', title: title('step'), type: 'integer', format: 'integer' },
    { name: 'event', title: title('event'), type: 'string' },
    { name: 'customers', title: title('customers'), type: 'integer', format: 'integer' },
    { name: 'dropped', title: title('dropped'), type: 'integer', format: 'integer' },
    { name: 'fromPrevious', title: title('fromPrevious'), type: 'number', format: 'percent' },
    { name: 'fromPreviousLow', title: title('fromPreviousLow'), type: 'number', format: 'percent' },
    { name: 'fromPreviousHigh', title: title('fromPreviousHigh'), type: 'number', format: 'percent' },
    { name: 'fromFirst', title: title('fromFirst'), type: 'number', format: 'percent' },
    { name: 'fromFirstLow', title: title('fromFirstLow'), type: 'number', format: 'percent' },
    { name: 'fromFirstHigh', title: title('fromFirstHigh'), type: 'number', format: 'percent' },
    { name: 'medianSeconds', title: title('medianSeconds'), type: 'number', format: 'duration' },
    { name: 'meanSeconds', title: title('meanSeconds'), type: 'number', format: 'duration' },
    ...(withAmount
      ? ([
          { name: 'amount', title: title('amount'), type: 'number', format: 'money' },
          { name: 'amountPerCustomer', title: title('amountPerCustomer'), type: 'number', format: 'money' },
        ] as const)
      : []),
  ];
}

/** The values of one row of `stepColumns`. */
export function stepRow(counts: readonly StepCount[], index: number, withAmount: boolean): (string | number | null)[] {
  const { number, event, optional, before, customers, fromBefore, fromStart, seconds, amount = 0 } = counts[index];
  const fromPrevious = index === 0 ? shareOf(customers, customers) : shareOf(fromBefore, before);
  const fromFirst = index === 0 ? fromPrevious : shareOf(fromStart, counts[0].customers);
  const previousInterval =
    index === 0 || before === 0 ? [fromPrevious, fromPrevious] : wilsonInterval(fromBefore, before);
  const firstInterval =
    index === 0 || counts[0].customers === 0 ? [fromFirst, fromFirst] : wilsonInterval(fromStart, counts[0].customers);
  return [
    number,
    event,
    customers,
    index === 0 || optional ? null : before - fromBefore,
    fromPrevious,
    ...previousInterval,
    fromFirst,
    ...firstInterval,
    seconds === null || seconds.length === 0 ? null : median(seconds),
    seconds === null ? null : meanOf(seconds),
    ...(withAmount ? (optional ? [null, null] : [amount, shareOf(amount, customers)]) : []),
  ];
}

/** The table of steps of one funnel. */
export function stepTable(
  counts: readonly StepCount[],
  withAmount: boolean,
  labels: Readonly<Record<string, Text>>,
): ResultTable {
  const columns = stepColumns(withAmount).map((column) => (column.name === 'event' ? { ...column, labels } : column));
  return tableFromRows(
    columns,
    counts.map((_, index) => stepRow(counts, index, withAmount)),
    { title: message('table.steps') },
  );
}
