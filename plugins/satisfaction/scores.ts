import { type ChartSpec, message, type ResultTable, tableFromRows, wilsonInterval } from '@patron/sdk';
import type { ScoreRun } from './score-run.ts';

interface ScoreCount {
  readonly score: number;
  readonly className: string;
  readonly count: number;
}

function countScores({ measure, tallies: { counts } }: ScoreRun): ScoreCount[] {
  const { minimum, maximum } = measure.scale;
  return Array.from({ length: maximum - minimum + 1 }, (_, index) => {
    const score = minimum + index;
    const className = measure.classes.find(({ from, to }) => score >= from && score <= to)?.name ?? '';
    return { score, className, count: counts[score] };
  });
}

/** How many responses gave each score, with the interval of the share. */
export function scoresTable(run: ScoreRun): ResultTable {
  const n = run.tallies.responses;
  return tableFromRows(
    [
      { name: 'score', title: message('column.score'), type: 'integer', format: 'integer' },
      {
        name: 'class',
        title: message('column.class'),
        type: 'string',
        labels: Object.fromEntries(run.measure.classes.map(({ name }) => [name, message(`class.${name}`)])),
      },
      { name: 'count', title: message('column.count'), type: 'integer', format: 'integer' },
      { name: 'share', title: message('column.share'), type: 'number', format: 'percent' },
      { name: 'low', title: message('column.low'), type: 'number', format: 'percent' },
      { name: 'high', title: message('column.high'), type: 'number', format: 'percent' },
    ],
    countScores(run).map(({ score, className, count }) => [
      score,
      className,
      count,
      count / n,
      ...wilsonInterval(count, n, run.confidence),
    ]),
    { title: message('table.scores') },
  );
}

/** A bar for each score, a series for each class so that the classes tell apart. */
export function scoresChart(run: ScoreRun): ChartSpec {
  const counts = countScores(run);
  return {
    kind: 'bar',
    id: 'scores',
    title: message('chart.scores'),
    table: 'scores',
    stacked: true,
    categories: counts.map(({ score }) => String(score)),
    series: run.measure.classes.map(({ name }) => ({
      name: message(`class.${name}`),
      values: counts.map(({ className, count }) => (className === name ? count : null)),
    })),
    value: { title: message('column.count'), format: 'integer' },
    category: { title: message('column.score') },
  };
}
