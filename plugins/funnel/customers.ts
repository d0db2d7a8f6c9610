import {
  type AnalysisContext,
  AnalysisError,
  type AnalysisResult,
  type Column,
  integerColumn,
  message,
  numberColumn,
  stringColumn,
} from '@patron/sdk';
import { type FunnelParameters, runFunnel } from './funnel-run.ts';
import { stepNames } from './step-names.ts';
import { ruleNotes } from './takeaway.ts';

export interface CustomerParameters extends FunnelParameters {
  readonly show: 'all' | 'converted' | 'dropped';
  readonly atStep: number | null;
}

/** Who got how far: a row for each customer that entered, with when and how long it took. */
export async function customers(context: AnalysisContext<CustomerParameters>): Promise<AnalysisResult> {
  const { parameters, inputs } = context;
  const run = await runFunnel(context);
  const names = stepNames(run.steps, parameters.order);
  const { journeys } = run;
  const { show, atStep } = parameters;
  if (atStep !== null && !(Number.isInteger(atStep) && atStep >= 1 && atStep <= journeys.steps))
    throw new AnalysisError(`At atStep: expected a step of 1 to ${journeys.steps}, got ${atStep}.`, {
      path: 'parameters.atStep',
      text: message('error.afterStep', { steps: journeys.steps, got: atStep }),
    });
  const chosen: number[] = [];
  for (let journey = 0; journey < journeys.count; journey++) {
    const depth = journeys.depth[journey];
    const complete = depth === journeys.steps;
    if ((show === 'converted' && !complete) || (show === 'dropped' && complete)) continue;
    if (atStep === null || depth === atStep) chosen.push(journey);
  }
  const timeOf = (journey: number, step: number): number => run.time(journeys.rows[journey * journeys.steps + step]);
  const time = inputs.events.fields.time;
  const moments = (step: (journey: number) => number): Column => {
    const values = Float64Array.from(chosen, (journey) => timeOf(journey, step(journey)));
    if (time.type === 'date')
      return { type: 'date', length: values.length, values: values.map((value) => value / 86_400_000) };
    return {
      type: 'timestamp',
      length: values.length,
      values,
      unit: 1,
      zoned: time.type === 'timestamp' && time.zoned,
    };
  };
  const format = time.type === 'date' ? 'date' : 'timestamp';
  const seconds = (journey: number): number =>
    (timeOf(journey, journeys.depth[journey] - 1) - timeOf(journey, 0)) / 1000;
  const converted = chosen.filter((journey) => journeys.depth[journey] === journeys.steps).length;
  return {
    headline: message(`headline.customers.${show}`, { customers: chosen.length, converted }),
    metrics: {
      customers: { value: chosen.length, title: message('metric.listed'), format: 'integer' },
      converted: { value: converted, title: message('metric.converted'), format: 'integer' },
    },
    tables: {
      customers: {
        title: message('table.customers'),
        rowPer: 'customer',
        columns: [
          {
            name: 'customer',
            title: message('column.customer'),
            column: stringColumn(chosen.map((journey) => run.unit.label(journeys.unit[journey]))),
          },
          {
            name: 'step',
            title: message('column.furthestStep'),
            column: integerColumn(Uint16Array.from(chosen, (journey) => journeys.depth[journey])),
            format: 'integer',
          },
          {
            name: 'event',
            title: message('column.furthestEvent'),
            column: stringColumn(chosen.map((journey) => names.names[journeys.depth[journey] - 1])),
            labels: names.labels,
          },
          {
            name: 'outcome',
            title: message('column.outcome'),
            column: stringColumn(
              chosen.map((journey) => (journeys.depth[journey] === journeys.steps ? 'converted' : 'dropped')),
            ),
            labels: { converted: message('outcome.converted'), dropped: message('outcome.dropped') },
          },
          { name: 'enteredAt', title: message('column.enteredAt'), column: moments(() => 0), format },
          {
            name: 'reachedAt',
            title: message('column.reachedAt'),
            column: moments((journey) => journeys.depth[journey] - 1),
            format,
          },
          {
            name: 'seconds',
            title: message('column.elapsed'),
            column: numberColumn(Float64Array.from(chosen, seconds)),
            format: 'duration',
          },
        ],
      },
    },
    charts: [],
    notes: [...run.notes, ...ruleNotes({ ...parameters, window: run.window, exclusions: run.exclusions.length })],
    settled: { window: run.window },
    leftOut: run.leftOut,
  };
}
