import {
  type AnalysisContext,
  type AnalysisResult,
  type CellValue,
  columnFromValues,
  denseCodes,
  integerColumn,
  message,
  numberAt,
  numbersOf,
  stringColumn,
  textAt,
} from '@patron/sdk';
import { npsMeasure } from './measure.ts';
import { readResponses } from './scale.ts';

interface FollowUpParameters {
  readonly who: 'detractors' | 'detractors-passives' | 'all';
  readonly dueDays: number;
}

const DAY = 86_400_000;

/**
 * Whom to call: one row for each customer by their latest answer, the lowest scores and, among equals, the most valuable
 * first, with a day by which to call and columns for who does it and what came of it.
 */
export function followUp(context: AnalysisContext): AnalysisResult {
  const { who, dueDays } = context.parameters as unknown as FollowUpParameters;
  const { score, customer, time, comment, value } = context.inputs.responses.fields;
  const measure = npsMeasure({ ...context.parameters, interval: 'adjusted-wald' });
  const codes = denseCodes(customer);
  const times = time ? numbersOf(time) : undefined;
  const responses = readResponses(score, measure.scale, { ...codes, customer, time: times });
  const highest = who === 'detractors' ? 6 : who === 'detractors-passives' ? 8 : measure.scale.maximum;
  const values = value ? numbersOf(value) : undefined;
  const worth = (row: number): number => (values === undefined || Number.isNaN(values[row]) ? -Infinity : values[row]);
  const order = [...responses.scores.keys()]
    .filter((index) => responses.scores[index] <= highest)
    .sort(
      (a, b) =>
        responses.scores[a] - responses.scores[b] ||
        worth(responses.rows[b]) - worth(responses.rows[a]) ||
        responses.rows[a] - responses.rows[b],
    );
  const rows = order.map((index) => responses.rows[index]);
  const scores = order.map((index) => responses.scores[index]);
  const day = (row: number): number | undefined =>
    time && times && !Number.isNaN(times[row])
      ? Math.floor(time.type === 'date' ? times[row] : times[row] / DAY)
      : undefined;
  const iso = (days: number | undefined): CellValue =>
    days === undefined ? null : new Date(days * DAY).toISOString().slice(0, 10);
  const due = (row: number): CellValue => {
    const answered = day(row);
    return answered === undefined ? null : iso(answered + dueDays);
  };
  const atRisk = rows.reduce((sum, row) => sum + Math.max(0, worth(row)), 0);
  const column = (name: string) => ({ name, title: message(`column.${name}`) });
  const classes = Object.fromEntries(measure.classes.map(({ name }) => [name, message(`class.${name}`)]));
  return {
    headline: message('followUp.headline', { n: { value: rows.length, as: 'integer' } }),
    metrics: {
      toCall: { value: rows.length, n: responses.rows.length, title: message('metric.toCall'), format: 'integer' },
      ...(values
        ? {
            valueAtRisk: {
              value: atRisk,
              n: rows.length,
              title: message('metric.valueAtRisk'),
              format: 'money',
            } as const,
          }
        : {}),
    },
    tables: {
      tasks: {
        title: message('table.tasks'),
        rowPer: 'customer',
        columns: [
          { ...column('priority'), column: integerColumn(rows.map((_, index) => index + 1)), format: 'integer' },
          { ...column('customer'), column: stringColumn(rows.map((row) => codes.label(codes.codes[row]))) },
          { ...column('score'), column: integerColumn(scores), format: 'integer' },
          {
            ...column('class'),
            column: stringColumn(scores.map((given) => classOf(measure.classes, given))),
            labels: classes,
          },
          ...(values
            ? [
                {
                  ...column('value'),
                  column: columnFromValues(
                    'number',
                    rows.map((row) => finite(numberAt(value, row))),
                  ),
                  format: 'money' as const,
                },
              ]
            : []),
          { ...column('comment'), column: stringColumn(rows.map((row) => (comment ? textAt(comment, row) : null))) },
          {
            ...column('answered'),
            column: columnFromValues(
              'date',
              rows.map((row) => iso(day(row))),
            ),
            format: 'date',
          },
          { ...column('due'), column: columnFromValues('date', rows.map(due)), format: 'date' },
          { ...column('owner'), column: stringColumn(rows.map(() => null)) },
          {
            ...column('status'),
            column: stringColumn(rows.map(() => 'open')),
            labels: { open: message('status.open') },
          },
          { ...column('outcome'), column: stringColumn(rows.map(() => null)) },
        ],
      },
    },
    charts: [],
    notes: [{ level: 'info', text: message('followUp.note', { days: dueDays }) }],
    leftOut: [
      { role: 'responses', reason: message('leftOut.offScale'), count: responses.offScale },
      { role: 'responses', reason: message('leftOut.superseded'), count: responses.superseded },
    ].filter(({ count }) => count > 0),
  };
}

function classOf(classes: readonly { name: string; from: number; to: number }[], score: number): string {
  return classes.find(({ from, to }) => score >= from && score <= to)?.name ?? '';
}

function finite(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
