import {
  type AnalysisContext,
  AnalysisError,
  type AnalysisResult,
  type ChartSpec,
  chiSquareUpperTail,
  denseCodes,
  meanInterval,
  message,
  numbersOf,
  type ResultTable,
  tableFromRows,
  wilsonInterval,
} from '@patron/sdk';
import { npsMeasure } from './measure.ts';
import { readResponses } from './scale.ts';

interface ClassFacts {
  readonly name: string;
  n: number;
  valued: number;
  sum: number;
  squares: number;
  known: number;
  churned: number;
}

/** What promoters, passives and detractors are worth and how many of them left, by each customer's latest answer. */
export function outcome(context: AnalysisContext): AnalysisResult {
  const confidence = context.parameters.confidence as number;
  const { score, customer, time, value, churned } = context.inputs.responses.fields;
  if (!value && !churned) {
    throw new AnalysisError(
      "There is nothing to compare the classes by: map 'value', what a customer is worth, or 'churned', whether the customer left.",
      { text: message('error.noOutcome'), path: 'inputs.responses.value' },
    );
  }
  const measure = npsMeasure({ ...context.parameters, interval: 'adjusted-wald' });
  const latest = { ...denseCodes(customer), customer, time: time && numbersOf(time) };
  const responses = readResponses(score, measure.scale, latest);
  const values = value && numbersOf(value);
  const left = churned && numbersOf(churned);
  const facts = measure.classes.map(
    ({ name }): ClassFacts => ({ name, n: 0, valued: 0, sum: 0, squares: 0, known: 0, churned: 0 }),
  );
  responses.scores.forEach((given, index) => {
    const row = responses.rows[index];
    const fact = facts[measure.classes.findIndex(({ from, to }) => given >= from && given <= to)];
    fact.n++;
    if (values && !Number.isNaN(values[row])) {
      fact.valued++;
      fact.sum += values[row];
      fact.squares += values[row] ** 2;
    }
    if (left && !Number.isNaN(left[row])) {
      fact.known++;
      if (left[row] > 0) fact.churned++;
    }
  });
  const p = left ? independence(facts) : undefined;
  return {
    headline: headline(facts, Boolean(left), Boolean(values)),
    metrics: {
      customers: { value: responses.scores.length, title: message('metric.customers'), format: 'integer' },
      ...(p === undefined ? {} : { churnP: { value: p, title: message('metric.churnP'), format: 'pValue' } as const }),
    },
    tables: { classes: classesTable(facts, confidence) },
    charts: left ? [churnChart(facts, confidence)] : [],
    notes: [{ level: 'info', text: message('outcome.note', { confidence: { value: confidence, as: 'percent' } }) }],
    leftOut: [
      { role: 'responses', reason: message('leftOut.offScale'), count: responses.offScale },
      { role: 'responses', reason: message('leftOut.superseded'), count: responses.superseded },
    ].filter(({ count }) => count > 0),
  };
}

function headline(facts: readonly ClassFacts[], churn: boolean, worth: boolean): AnalysisResult['headline'] {
  const [detractors, , promoters] = facts;
  if (churn && detractors.known > 0 && promoters.known > 0) {
    return message('outcome.churnHeadline', {
      detractors: { value: detractors.churned / detractors.known, as: 'percent' },
      promoters: { value: promoters.churned / promoters.known, as: 'percent' },
    });
  }
  if (worth && detractors.valued > 0 && promoters.valued > 0) {
    return message('outcome.valueHeadline', {
      detractors: { value: detractors.sum / detractors.valued, as: 'money' },
      promoters: { value: promoters.sum / promoters.valued, as: 'money' },
    });
  }
  return undefined;
}

/** Pearson's χ² test that churn does not depend on the class; undefined where a class is empty or nobody left or stayed. */
function independence(facts: readonly ClassFacts[]): number | undefined {
  const known = facts.reduce((sum, fact) => sum + fact.known, 0);
  const churned = facts.reduce((sum, fact) => sum + fact.churned, 0);
  const filled = facts.filter((fact) => fact.known > 0);
  if (filled.length < 2 || churned === 0 || churned === known) return undefined;
  let chiSquare = 0;
  for (const fact of filled) {
    const gone = (fact.known * churned) / known;
    const stayed = fact.known - gone;
    chiSquare += (fact.churned - gone) ** 2 / gone + (fact.known - fact.churned - stayed) ** 2 / stayed;
  }
  return chiSquareUpperTail(chiSquare, filled.length - 1);
}

function classesTable(facts: readonly ClassFacts[], confidence: number): ResultTable {
  const number = (name: string, format: 'money' | 'percent') =>
    ({ name, title: message(`column.${name}`), type: 'number', format }) as const;
  return tableFromRows(
    [
      {
        name: 'class',
        title: message('column.class'),
        type: 'string',
        labels: Object.fromEntries(facts.map(({ name }) => [name, message(`class.${name}`)])),
      },
      { name: 'customers', title: message('metric.customers'), type: 'integer', format: 'integer' },
      number('meanValue', 'money'),
      number('meanValueLow', 'money'),
      number('meanValueHigh', 'money'),
      number('totalValue', 'money'),
      number('churnRate', 'percent'),
      number('churnLow', 'percent'),
      number('churnHigh', 'percent'),
    ],
    facts.map((fact) => {
      const mean = fact.valued > 0 ? fact.sum / fact.valued : null;
      const spread =
        mean === null ? 0 : Math.max(0, fact.squares - fact.valued * mean * mean) / Math.max(1, fact.valued - 1);
      const interval = mean === null ? undefined : meanInterval(mean, spread, fact.valued, confidence);
      const churn = fact.known > 0 ? wilsonInterval(fact.churned, fact.known, confidence) : [null, null];
      return [
        fact.name,
        fact.n,
        mean,
        interval?.[0] ?? null,
        interval?.[1] ?? null,
        fact.valued > 0 ? fact.sum : null,
        fact.known > 0 ? fact.churned / fact.known : null,
        ...churn,
      ];
    }),
    { title: message('table.classes') },
  );
}

function churnChart(facts: readonly ClassFacts[], confidence: number): ChartSpec {
  const intervals = facts.map((fact) =>
    fact.known > 0 ? wilsonInterval(fact.churned, fact.known, confidence) : undefined,
  );
  return {
    kind: 'bar',
    id: 'churn',
    title: message('chart.churn'),
    table: 'classes',
    categories: facts.map(({ name }) => message(`class.${name}`)),
    series: [
      {
        name: message('column.churnRate'),
        values: facts.map((fact) => (fact.known > 0 ? fact.churned / fact.known : null)),
        low: intervals.map((interval) => interval?.[0] ?? null),
        high: intervals.map((interval) => interval?.[1] ?? null),
      },
    ],
    value: { title: message('column.churnRate'), format: 'percent' },
  };
}
