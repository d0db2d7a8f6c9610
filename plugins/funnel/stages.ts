import {
  type AnalysisContext,
  AnalysisError,
  type AnalysisResult,
  message,
  type Note,
  numbersOf,
  tableFromRows,
  textAt,
  wilsonInterval,
} from '@patron/sdk';
import { SMALL_SAMPLE } from './comparison.ts';
import { shareOf } from './counts.ts';
import { type StepCount, stepColumns, stepRow, stepTable } from './step-table.ts';
import { largestDrop, takeaway } from './takeaway.ts';

export interface StageParameters {
  readonly stages: readonly string[];
}

/** A funnel from stage counts alone: a table with a stage and how many reached it, in total and by group. */
export function stages(context: AnalysisContext<StageParameters>): AnalysisResult {
  const input = context.inputs.stages;
  const amounts = numbersOf(input.fields.count);
  const { order, group } = input.fields;
  const places = order === undefined ? undefined : numbersOf(order);
  const place = new Map<string, number>();
  const totals = new Map<string, number>();
  const byGroup = new Map<string, Map<string, number>>();
  for (let row = 0; row < input.rows; row++) {
    const stage = textAt(input.fields.stage, row) ?? '';
    if (!(amounts[row] >= 0))
      throw new AnalysisError(
        `In stages.count: row ${row + 1} ('${stage}') holds ${amounts[row]}; a stage cannot have fewer than nobody.`,
        {
          path: 'inputs.stages.count',
          text: message('error.negative', { row: row + 1, stage }),
        },
      );
    if (!place.has(stage)) place.set(stage, places === undefined ? place.size : places[row]);
    totals.set(stage, (totals.get(stage) ?? 0) + amounts[row]);
    if (group === undefined) continue;
    const name = textAt(group, row) ?? '';
    const own = byGroup.get(name) ?? new Map<string, number>();
    own.set(stage, (own.get(stage) ?? 0) + amounts[row]);
    byGroup.set(name, own);
  }
  const names = stageOrder(place, context.parameters.stages);
  if (names.length === 0)
    throw new AnalysisError(
      'In stages.stage: the table has no stages. Map a column of stage names and one of counts.',
      {
        path: 'inputs.stages.stage',
        text: message('error.noStages'),
      },
    );
  const counts = countsOf(names, totals);
  const last = counts.length - 1;
  const entered = counts[0].customers;
  const growing = names.filter(
    (name, index) => index > 0 && (totals.get(name) ?? 0) > (totals.get(names[index - 1]) ?? 0),
  );
  const share = shareOf(counts[last].customers, entered);
  const drop = largestDrop(counts);
  const notes: Note[] = [
    { level: 'info', text: message('note.interval') },
    { level: 'info', text: message('note.stages') },
  ];
  if (growing.length > 0)
    notes.push({ level: 'warning', text: message('note.growing', { stages: growing.join(', ') }) });
  if (entered < SMALL_SAMPLE)
    notes.push({ level: 'warning', text: message('note.smallSample', { customers: entered }) });
  const groups = [...byGroup].map(([name, own]) => ({ name, counts: countsOf(names, own) }));
  return {
    headline: takeaway(counts, (index) => names[index]),
    metrics: {
      conversion: {
        value: share,
        title: message('metric.conversion'),
        format: 'percent',
        n: entered,
        ...(entered > 0 && growing.length === 0 ? { interval: wilsonInterval(counts[last].customers, entered) } : {}),
        ...(entered < SMALL_SAMPLE ? { smallSample: true } : {}),
      },
      entered: { value: entered, title: message('metric.entered'), format: 'integer' },
      converted: { value: counts[last].customers, title: message('metric.converted'), format: 'integer' },
      largestDropStep: {
        value: drop < 0 ? null : drop + 1,
        title: message('metric.largestDropStep'),
        format: 'integer',
      },
    },
    tables: {
      steps: withoutTimes(stepTable(counts, false, {})),
      ...(groups.length === 0
        ? {}
        : {
            breakdown: withoutTimes(
              tableFromRows(
                [
                  {
                    name: 'value',
                    title: message('field.group'),
                    type: 'string',
                  },
                  ...stepColumns(false),
                ],
                groups.flatMap(({ name, counts: own }) =>
                  own.map((_, index) => [name === '' ? null : name, ...stepRow(own, index, false)]),
                ),
                { title: message('table.breakdown') },
              ),
            ),
          }),
    },
    charts: [
      {
        kind: 'funnel',
        id: 'funnel',
        title: message('chart.funnel'),
        summary: takeaway(counts, (index) => names[index]),
        table: 'steps',
        steps: names,
        series:
          groups.length > 1 && groups.length <= 5
            ? groups.map(({ name, counts: own }) => ({
                name: name === '' ? message('breakdown.none') : name,
                values: own.map(({ customers }) => customers),
              }))
            : [{ name: message('column.customers'), values: counts.map(({ customers }) => customers) }],
      },
    ],
    notes,
  };
}

function stageOrder(place: ReadonlyMap<string, number>, wished: readonly string[]): string[] {
  wished.forEach((stage, index) => {
    if (!place.has(stage))
      throw new AnalysisError(
        `At stages.${index}: the table has no stage '${stage}'. It has '${[...place.keys()].join("', '")}'.`,
        {
          path: `parameters.stages.${index}`,
          text: message('error.noStage', { stage, stages: [...place.keys()].join(', ') }),
        },
      );
  });
  if (wished.length > 0) return [...wished];
  return [...place].sort((a, b) => a[1] - b[1]).map(([stage]) => stage);
}

function countsOf(names: readonly string[], totals: ReadonlyMap<string, number>): StepCount[] {
  return names.map((event, index) => {
    const customers = totals.get(event) ?? 0;
    const before = index === 0 ? customers : (totals.get(names[index - 1]) ?? 0);
    const first = totals.get(names[0]) ?? 0;
    return {
      number: index + 1,
      event,
      before,
      customers,
      fromBefore: Math.min(customers, before),
      fromStart: Math.min(customers, first),
      seconds: null,
    };
  });
}

function withoutTimes(table: ReturnType<typeof stepTable>): ReturnType<typeof stepTable> {
  return { ...table, columns: table.columns.filter(({ name }) => name !== 'medianSeconds' && name !== 'meanSeconds') };
}
