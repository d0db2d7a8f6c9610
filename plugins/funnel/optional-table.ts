import {
  type ChartSpec,
  message,
  type ResultTable,
  type RowTableColumn,
  type Text,
  tableFromRows,
  wilsonInterval,
} from '@patron/sdk';
import { adjustForMany, compareShares } from './comparison.ts';
import { shareOf } from './counts.ts';
import type { OptionalStep } from './optional-steps.ts';
import type { StepCount } from './step-table.ts';
import { verdictLabels, verdictOf } from './verdict.ts';

/** The rows of a table of steps with those that need not happen at their places; `required` are the others. */
export function withOptional(required: readonly StepCount[], optional: readonly OptionalStep[]): StepCount[] {
  const rows: StepCount[] = optional.map(({ step, after, did, seconds }) => ({
    number: step.number,
    event: step.name,
    optional: true,
    before: required[after].customers,
    customers: did,
    fromBefore: did,
    fromStart: did,
    seconds,
  }));
  return [...required, ...rows].sort((a, b) => a.number - b.number);
}

/** Conversion with and without each step that need not happen. */
export function optionalTable(steps: readonly OptionalStep[]): ResultTable {
  const tests = steps.map(({ before, did, convertedWith, convertedWithout }) =>
    compareShares(convertedWith, did, convertedWithout, before - did),
  );
  const adjusted = adjustForMany(tests.map(({ p }) => p));
  const title = (name: string): Text => message(`column.${name}`);
  const whole = (name: string): RowTableColumn => ({ name, title: title(name), type: 'integer', format: 'integer' });
  const percent = (name: string): RowTableColumn => ({ name, title: title(name), type: 'number', format: 'percent' });
  const chance = (name: string): RowTableColumn => ({ name, title: title(name), type: 'number', format: 'pValue' });
  const interval = (part: number, all: number): (number | null)[] =>
    all > 0 ? [...wilsonInterval(part, all)] : [null, null];
  return tableFromRows(
    [
      whole('step'),
      { name: 'event', title: title('event'), type: 'string' },
      whole('cameTo'),
      whole('did'),
      percent('share'),
      percent('low'),
      percent('high'),
      percent('conversionWith'),
      percent('conversionWithLow'),
      percent('conversionWithHigh'),
      percent('conversionWithout'),
      percent('conversionWithoutLow'),
      percent('conversionWithoutHigh'),
      percent('difference'),
      percent('differenceLow'),
      percent('differenceHigh'),
      chance('p'),
      chance('pAdjusted'),
      { name: 'verdict', title: title('verdict'), type: 'string', labels: verdictLabels },
    ],
    steps.map(({ step, before, did, convertedWith, convertedWithout }, index) => {
      const { difference, low, high, p, enough } = tests[index];
      const both = did > 0 && did < before;
      return [
        step.number,
        step.name,
        before,
        did,
        shareOf(did, before),
        ...interval(did, before),
        shareOf(convertedWith, did),
        ...interval(convertedWith, did),
        shareOf(convertedWithout, before - did),
        ...interval(convertedWithout, before - did),
        ...(both ? [difference, low, high, p, adjusted[index]] : [null, null, null, null, null]),
        verdictOf(difference, adjusted[index], enough),
      ];
    }),
    { title: message('table.optional') },
  );
}

/** Conversion with and without each step that need not happen, side by side. */
export function optionalChart(steps: readonly OptionalStep[]): ChartSpec {
  const series = (name: string, converted: (step: OptionalStep) => number, all: (step: OptionalStep) => number) => {
    const intervals = steps.map((step) => (all(step) > 0 ? wilsonInterval(converted(step), all(step)) : [null, null]));
    return {
      name: message(name),
      values: steps.map((step) => shareOf(converted(step), all(step))),
      low: intervals.map(([low]) => low),
      high: intervals.map(([, high]) => high),
    };
  };
  return {
    kind: 'bar',
    id: 'optional',
    title: message('table.optional'),
    summary: message('note.optional'),
    table: 'optional',
    orientation: 'horizontal',
    categories: steps.map(({ step }) => step.name),
    value: { title: message('metric.conversion'), format: 'percent', minimum: 0 },
    series: [
      series(
        'column.conversionWith',
        ({ convertedWith }) => convertedWith,
        ({ did }) => did,
      ),
      series(
        'column.conversionWithout',
        ({ convertedWithout }) => convertedWithout,
        ({ before, did }) => before - did,
      ),
    ],
  };
}
