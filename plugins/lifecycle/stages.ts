import {
  type Analysis,
  AnalysisError,
  type AnalysisResult,
  type CellValue,
  type ChartSpec,
  type Column,
  decimalColumn,
  integerColumn,
  type Json,
  median,
  message,
  type Note,
  numberColumn,
  type ResultColumn,
  type ResultTable,
  type RowTableColumn,
  stringVector,
  type Text,
  tableFromRows,
  validityOf,
  wallClock,
  wilsonInterval,
} from '@patron/sdk';
import { type Source, sourceOf } from './source.ts';
import { NEVER, NO_STAGE, type StageHistory, stageHistory } from './stage-history.ts';
import {
  EVENT_RULES,
  PURCHASE_RULES,
  parseStageRules,
  ruleJson,
  ruleText,
  type StageRule,
  stageName,
} from './stage-rules.ts';

const DAY = 86_400_000;
const SMALL_SAMPLE = 30;

interface StagesParameters {
  readonly asOf: string | null;
  readonly rules: Json;
  readonly purchaseEvents: Json;
}

/** `lifecycle.stages`: the one stage each customer is in, why, since when, and how many get from stage to stage. */
export const stages: Analysis<StagesParameters> = async (context): Promise<AnalysisResult> => {
  const { parameters, timeZone } = context;
  const source = sourceOf(context);
  const purchaseEvents = namesOf(parameters.purchaseEvents);
  const rules = parameters.rules === null ? defaultRules(source, purchaseEvents) : parseStageRules(parameters.rules);
  const asOfDay = asOfOf(parameters.asOf) ?? dayAfterLast(source, timeZone);
  const history = await stageHistory(source, {
    rules,
    asOfDay,
    purchaseEvents,
    timeZone,
    pause(done, total) {
      context.progress(done, total, message('progress.history'));
      return context.checkpoint();
    },
  });
  if (history.customers === 0) {
    throw new AnalysisError(`No row is earlier than the as-of date '${dayText(asOfDay)}'; choose a later date.`, {
      text: message('error.asOfTooEarly', { date: dayText(asOfDay) }),
      path: 'parameters.asOf',
    });
  }
  await context.checkpoint();
  const figures = rules.map((_, index) => figuresOf(history, index, asOfDay));
  const movedBack = countMovedBack(history);
  const last = figures[figures.length - 1];
  return {
    headline: message('headline.stages', {
      stage: stageName(rules[rules.length - 1]),
      share: { value: last.customers / history.customers, as: 'percent' },
      movedBack,
    }),
    metrics: {
      customers: { value: history.customers, title: message('metric.customers'), format: 'integer' },
      movedBack: {
        value: movedBack / history.customers,
        interval: wilsonInterval(movedBack, history.customers),
        n: history.customers,
        title: message('metric.movedBack'),
        format: 'percent',
        smallSample: history.customers < SMALL_SAMPLE,
      },
    },
    tables: {
      stages: stagesTable(history, rules, figures),
      customers: customersTable(history, rules, asOfDay),
    },
    charts: charts(rules, figures),
    notes: notes(source, asOfDay, purchaseEvents),
    settled: {
      ...(parameters.asOf === null && { asOf: dayText(asOfDay) }),
      ...(parameters.rules === null && { rules: rules.map(ruleJson) }),
    },
    leftOut:
      history.rowsAfter > 0
        ? [{ role: source.role, reason: message('leftOut.afterAsOf'), count: history.rowsAfter }]
        : undefined,
  };
};

/** Rules for purchases alone where nothing tells a purchase from another row. */
function defaultRules({ role, input }: Source, purchaseEvents: readonly string[]): readonly StageRule[] {
  const told = purchaseEvents.length > 0 || (role === 'events' && input.fields.amount !== undefined);
  return told ? EVENT_RULES : PURCHASE_RULES;
}

function namesOf(given: Json): readonly string[] {
  if (given === null) return [];
  if (Array.isArray(given) && given.every((name) => typeof name === 'string')) return given as readonly string[];
  throw new AnalysisError('\'purchaseEvents\' must be a list of event names such as ["order"].', {
    text: message('error.purchaseEvents'),
    path: 'parameters.purchaseEvents',
  });
}

function asOfOf(given: string | null): number | undefined {
  if (given === null) return undefined;
  const day = Date.parse(given.slice(0, 10)) / DAY;
  if (!Number.isNaN(day)) return day;
  throw new AnalysisError(`'asOf' is '${given}', which is no date; write it as 2011-12-10.`, {
    text: message('error.date', { given }),
    path: 'parameters.asOf',
  });
}

function dayAfterLast({ time }: Source, timeZone: string): number {
  let last = time.values[0];
  for (let row = 1; row < time.length; row++) if (time.values[row] > last) last = time.values[row];
  return Math.floor(wallClock(time, last, timeZone) / DAY) + 1;
}

function dayText(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

interface StageFigures {
  readonly customers: number;
  /** Customers who ever reached the stage. */
  readonly reached: number;
  /** Of those who reached the stage before, how many reached this one too. */
  readonly reachedBefore: number;
  readonly converted: number;
  /** Median days from reaching the stage before to reaching this one. */
  readonly daysToReach: number | null;
  /** Median days that the customers in the stage have been in it. */
  readonly daysIn: number | null;
  readonly units: number;
}

function figuresOf(history: StageHistory, index: number, asOfDay: number): StageFigures {
  const reached = history.reached[index];
  const before = index > 0 ? history.reached[index - 1] : undefined;
  const waits: number[] = [];
  const stays: number[] = [];
  let reachedCount = 0;
  let reachedBefore = 0;
  let converted = 0;
  let units = 0;
  for (let i = 0; i < history.customers; i++) {
    if (reached[i] !== NEVER) reachedCount++;
    if (before && before[i] !== NEVER) {
      reachedBefore++;
      if (reached[i] !== NEVER) {
        converted++;
        waits.push(Math.max(0, reached[i] - before[i]));
      }
    }
    if (history.stage[i] === index) {
      stays.push(asOfDay - history.since[i]);
      units += history.units?.[i] ?? 0;
    }
  }
  const middle = (values: number[]): number | null => (values.length > 0 ? median(Float64Array.from(values)) : null);
  return {
    customers: stays.length,
    reached: reachedCount,
    reachedBefore,
    converted,
    daysToReach: middle(waits),
    daysIn: middle(stays),
    units,
  };
}

function countMovedBack({ stage, highest, customers }: StageHistory): number {
  let count = 0;
  for (let i = 0; i < customers; i++) count += Number(isMovedBack(stage[i], highest[i]));
  return count;
}

function isMovedBack(stage: number, highest: number): boolean {
  return highest !== NO_STAGE && (stage === NO_STAGE || highest > stage);
}

const column = (
  name: string,
  type: RowTableColumn['type'],
  format?: RowTableColumn['format'],
  labels?: RowTableColumn['labels'],
): RowTableColumn => ({ name, title: message(`column.${name}`), type, format, labels });

const NONE = 'none';

function stageLabels(rules: readonly StageRule[]): Record<string, Text> {
  return { ...Object.fromEntries(rules.map((rule) => [rule.stage, stageName(rule)])), [NONE]: message('stage.none') };
}

function ruleLabels(rules: readonly StageRule[]): Record<string, Text> {
  return { ...Object.fromEntries(rules.map((rule) => [rule.stage, ruleText(rule)])), [NONE]: message('rule.none') };
}

function stagesTable(
  history: StageHistory,
  rules: readonly StageRule[],
  figures: readonly StageFigures[],
): ResultTable {
  const rows = rules.map((rule, index): CellValue[] => {
    const { customers, reached, reachedBefore, converted, daysToReach, daysIn, units } = figures[index];
    const interval = reachedBefore > 0 ? wilsonInterval(converted, reachedBefore) : [null, null];
    return [
      rule.stage,
      rule.stage,
      customers,
      customers / history.customers,
      ...wilsonInterval(customers, history.customers),
      reached,
      reachedBefore > 0 ? converted / reachedBefore : null,
      ...interval,
      daysToReach,
      daysIn,
      ...(history.units ? [units / history.scale] : []),
      customers < SMALL_SAMPLE,
    ];
  });
  return tableFromRows(
    [
      column('stage', 'string', undefined, stageLabels(rules)),
      column('rule', 'string', undefined, ruleLabels(rules)),
      column('customers', 'integer', 'integer'),
      column('share', 'number', 'percent'),
      column('shareLow', 'number', 'percent'),
      column('shareHigh', 'number', 'percent'),
      column('reached', 'integer', 'integer'),
      column('conversion', 'number', 'percent'),
      column('conversionLow', 'number', 'percent'),
      column('conversionHigh', 'number', 'percent'),
      column('medianDaysToReach', 'number', 'days'),
      column('medianDaysInStage', 'number', 'days'),
      ...(history.units ? [column('amount', 'number', 'money')] : []),
      column('smallSample', 'boolean'),
    ],
    rows,
    { title: message('table.stages'), rowsBehind: { table: 'customers', column: 'stage', by: 'stage' } },
  );
}

function customersTable(history: StageHistory, rules: readonly StageRule[], asOfDay: number): ResultTable {
  const { customers, stage, highest, since } = history;
  const ids = [...rules.map((rule) => rule.stage), NONE];
  const coded = (stages: Uint8Array): Column => ({
    type: 'string',
    layout: 'dictionary',
    length: customers,
    codes: stages.map((index) => (index === NO_STAGE ? rules.length : index)),
    dictionary: stringVector(ids),
  });
  const day = (days: Int32Array): Column => ({
    type: 'date',
    length: customers,
    values: days,
    validity: validityOf(customers, (i) => days[i] !== NEVER),
  });
  const whole = (value: (i: number) => number): Column =>
    integerColumn(Int32Array.from({ length: customers }, (_, i) => value(i)));
  const result = (name: string, held: Column, format?: ResultColumn['format'], labels?: ResultColumn['labels']) => ({
    name,
    title: message(`column.${name}`),
    column: held,
    format,
    labels,
  });
  const movedBack: Column = {
    type: 'boolean',
    length: customers,
    values: Uint8Array.from({ length: customers }, (_, i) => Number(isMovedBack(stage[i], highest[i]))),
  };
  const { units, scale } = history;
  return {
    title: message('table.customers'),
    rowPer: 'customer',
    columns: [
      result('customer', history.keys.columnOf(history.codes)),
      result('stage', coded(stage), undefined, stageLabels(rules)),
      result('evidence', coded(stage), undefined, ruleLabels(rules)),
      result('since', day(since), 'date'),
      result(
        'daysInStage',
        whole((i) => asOfDay - since[i]),
        'days',
      ),
      result('highestStage', coded(highest), undefined, stageLabels(rules)),
      result('movedBack', movedBack),
      result('firstOn', day(history.firstDay), 'date'),
      result('lastOn', day(history.lastDay), 'date'),
      result(
        'daysSinceLast',
        whole((i) => asOfDay - history.lastDay[i]),
        'days',
      ),
      result('events', integerColumn(history.events), 'integer'),
      result('activeDays', integerColumn(history.activeDays), 'integer'),
      result('purchases', integerColumn(history.purchases), 'integer'),
      ...(units ? [result('amount', scale > 1 ? decimalColumn(units, scale) : numberColumn(units), 'money')] : []),
      ...rules.map((rule, index) => ({
        name: `${rule.stage}On`,
        title: message('column.reachedOn', { stage: stageName(rule) }),
        column: day(history.reached[index]),
        format: 'date' as const,
      })),
    ],
  };
}

function charts(rules: readonly StageRule[], figures: readonly StageFigures[]): ChartSpec[] {
  const names = rules.map(stageName);
  return [
    {
      kind: 'bar',
      id: 'stages',
      title: message('chart.stages'),
      summary: message('chart.stages.summary'),
      table: 'stages',
      orientation: 'horizontal',
      categories: names,
      series: [{ name: message('column.customers'), values: figures.map(({ customers }) => customers) }],
      value: { format: 'integer' },
    },
    {
      kind: 'funnel',
      id: 'reached',
      title: message('chart.reached'),
      summary: message('chart.reached.summary'),
      table: 'stages',
      steps: names,
      series: [{ name: message('column.reached'), values: figures.map(({ reached }) => reached) }],
    },
  ];
}

function notes({ input }: Source, asOfDay: number, purchaseEvents: readonly string[]): Note[] {
  const purchases =
    purchaseEvents.length > 0
      ? message('note.purchases.events', { events: purchaseEvents.join(', ') })
      : input.fields.amount
        ? message('note.purchases.amount')
        : message('note.purchases.all');
  return [
    { level: 'info', text: message('note.stages', { asOf: dayText(asOfDay) }) },
    { level: 'info', text: purchases },
    { level: 'info', text: message('note.reached') },
    { level: 'info', text: message('note.intervals') },
  ];
}
