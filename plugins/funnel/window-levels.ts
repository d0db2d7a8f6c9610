import {
  type AnalysisContext,
  AnalysisError,
  type AnalysisResult,
  denseCodes,
  integerColumn,
  type Json,
  message,
  numberAt,
  readUnits,
  stringColumn,
  tableFromRows,
  type WindowFunnelMode,
  wilsonInterval,
  windowFunnel,
} from '@patron/sdk';
import { checkNames, classify, eventNames } from './classify.ts';
import { shareOf } from './counts.ts';
import { durationOf } from './duration.ts';
import { type Step, stepsOf } from './steps.ts';

export interface WindowParameters {
  readonly steps: Json;
  readonly window: string;
  readonly modes: Json;
  readonly unknownEvents: 'stop' | 'zero';
}

const MODES: readonly WindowFunnelMode[] = [
  'strict_order',
  'strict_deduplication',
  'strict_increase',
  'strict_once',
  'allow_reentry',
];

/** The level of each customer by the rules of SQL's `windowFunnel`, for figures that must agree with a warehouse's. */
export function windowLevels(context: AnalysisContext<WindowParameters>): AnalysisResult {
  const { parameters, inputs } = context;
  const input = inputs.events;
  const steps = stepsOf(parameters.steps);
  checkPlain(steps);
  const modes = modesOf(parameters.modes);
  const names = eventNames(input.fields.event);
  checkNames(names, steps, 'steps', parameters.unknownEvents === 'zero' || input.rows === 0);
  const { codes, count, label } = denseCodes(input.fields.customer);
  const time = Float64Array.from({ length: input.rows }, (_, row) => timeOf(input.fields.time, row));
  const { code, classOfCode, classes } = classify(input, names, steps, [], codes, (row) => time[row]);
  const reader = readUnits({ units: count, unit: codes, time, timeUnit: 1, code, classOfCode, keepAll: true });
  const levels = windowFunnel(reader, classes, {
    conditions: steps.length,
    window: durationOf(parameters.window, 'window'),
    modes,
  });
  const reached = steps.map((_, step) => levels.reduce((sum, level) => sum + (level > step ? 1 : 0), 0));
  const last = reached[reached.length - 1];
  const shares = reached.map((customers) => wilsonInterval(customers, reached[0]));
  return {
    headline: message('headline.window', {
      share: { value: shareOf(last, reached[0]) ?? 0, as: 'percent' },
      customers: reached[0],
      steps: steps.length,
    }),
    metrics: {
      conversion: {
        value: shareOf(last, reached[0]),
        title: message('metric.conversion'),
        format: 'percent',
        n: reached[0],
        ...(reached[0] > 0 ? { interval: wilsonInterval(last, reached[0]) } : {}),
      },
    },
    tables: {
      steps: tableFromRows(
        [
          { name: 'step', title: message('column.step'), type: 'integer', format: 'integer' },
          { name: 'event', title: message('column.event'), type: 'string' },
          { name: 'customers', title: message('column.customers'), type: 'integer', format: 'integer' },
          { name: 'fromFirst', title: message('column.fromFirst'), type: 'number', format: 'percent' },
          { name: 'fromFirstLow', title: message('column.fromFirstLow'), type: 'number', format: 'percent' },
          { name: 'fromFirstHigh', title: message('column.fromFirstHigh'), type: 'number', format: 'percent' },
        ],
        reached.map((customers, step) => [
          step + 1,
          steps[step].name,
          customers,
          shareOf(customers, reached[0]),
          ...shares[step],
        ]),
        { title: message('table.steps') },
      ),
      levels: {
        title: message('table.levels'),
        rowPer: 'customer',
        columns: [
          {
            name: 'customer',
            title: message('column.customer'),
            column: stringColumn(Array.from({ length: count }, (_, unit) => label(unit))),
          },
          { name: 'level', title: message('column.level'), column: integerColumn(levels), format: 'integer' },
        ],
      },
    },
    charts: [
      {
        kind: 'funnel',
        id: 'funnel',
        title: message('chart.funnel'),
        table: 'steps',
        steps: steps.map(({ name }) => name),
        series: [{ name: message('column.customers'), values: reached }],
      },
    ],
    notes: [
      { level: 'info', text: message('note.interval') },
      { level: 'info', text: message('note.windowFunnel', { modes: modes.length === 0 ? '–' : modes.join(', ') }) },
    ],
  };
}

/** Conditions know neither an order of their own nor a window. */
function checkPlain(steps: readonly Step[]): void {
  for (const { number, optional, anchored, window } of steps) {
    const rule = optional
      ? 'optional'
      : anchored
        ? 'anchored'
        : window < Number.POSITIVE_INFINITY
          ? 'window'
          : undefined;
    if (rule === undefined) continue;
    throw new AnalysisError(`At steps.${number - 1}.${rule}: 'windowFunnel' has no such rule; take it out.`, {
      path: `parameters.steps.${number - 1}.${rule}`,
      text: message('error.windowRule', { number, rule }),
    });
  }
}

function modesOf(value: Json): WindowFunnelMode[] {
  const list = Array.isArray(value) ? value : [];
  const unknown = list.find((mode) => !MODES.includes(mode as WindowFunnelMode));
  if (unknown === undefined) return list as WindowFunnelMode[];
  throw new AnalysisError(`At modes: '${String(unknown)}' is none of ${MODES.join(', ')}.`, {
    path: 'parameters.modes',
    text: message('error.mode', { mode: String(unknown), modes: MODES.join(', ') }),
  });
}

function timeOf(column: Parameters<typeof numberAt>[0], row: number): number {
  return numberAt(column, row) * (column.type === 'date' ? 86_400_000 : 1);
}
