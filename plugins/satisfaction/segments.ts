import { type ChartSpec, type DenseCodes, message, type ResultTable, tableFromRows } from '@patron/sdk';
import { adjustForMany, difference, type Tally, without } from './estimate.ts';
import { type ScoreRun, SMALL_SAMPLE } from './score-run.ts';

/** Segments with at least one response, the largest first. */
function answered(tallies: readonly Tally[]): number[] {
  return tallies
    .map((_, code) => code)
    .filter((code) => tallies[code].n > 0 && tallies[code].weight > 0)
    .sort((a, b) => tallies[b].n - tallies[a].n);
}

/** Each segment's measure and its difference from all other responses, p-values corrected for many comparisons. */
export function segmentsTable(run: ScoreRun, whole: Tally, codes: DenseCodes, tallies: readonly Tally[]): ResultTable {
  const { measure, confidence } = run;
  const order = answered(tallies);
  const differences = order.map((code) => {
    const rest = without(whole, tallies[code]);
    return rest.n > 0 && rest.weight > 0
      ? difference(run.estimate(tallies[code]), run.estimate(rest), confidence)
      : undefined;
  });
  const adjusted = adjustForMany(differences.map((value) => value?.p ?? 1));
  const value = (name: string) =>
    ({ name, title: message(`column.${name}`), type: 'number', format: measure.format }) as const;
  return tableFromRows(
    [
      { name: 'segment', title: message('column.segment'), type: 'string' },
      { name: 'responses', title: message('metric.responses'), type: 'integer', format: 'integer' },
      { name: measure.name, title: message(`metric.${measure.name}`), type: 'number', format: measure.format },
      value('low'),
      value('high'),
      value('difference'),
      { name: 'p', title: message('column.p'), type: 'number', format: 'pValue' },
      { name: 'pAdjusted', title: message('column.pAdjusted'), type: 'number', format: 'pValue' },
      { name: 'significant', title: message('column.significant'), type: 'boolean' },
      { name: 'smallSample', title: message('column.smallSample'), type: 'boolean' },
    ],
    order.map((code, index) => {
      const own = run.estimate(tallies[code]);
      const apart = differences[index];
      return [
        codes.label(code),
        own.n,
        own.value * measure.factor,
        own.low * measure.factor,
        own.high * measure.factor,
        apart ? apart.value * measure.factor : null,
        apart?.p ?? null,
        apart ? adjusted[index] : null,
        apart !== undefined && adjusted[index] < 1 - confidence,
        own.n < SMALL_SAMPLE,
      ];
    }),
    { title: message('table.segments') },
  );
}

/** Bars with whiskers, the largest segments first, twenty at most. */
export function segmentsChart(run: ScoreRun, codes: DenseCodes, tallies: readonly Tally[]): ChartSpec {
  const { factor, format, name } = run.measure;
  const shown = answered(tallies).slice(0, 20);
  const estimates = shown.map((code) => run.estimate(tallies[code]));
  return {
    kind: 'bar',
    id: 'segments',
    title: message(`chart.segments.${name}`),
    table: 'segments',
    orientation: 'horizontal',
    categories: shown.map((code) => codes.label(code)),
    series: [
      {
        name: message(`metric.${name}`),
        values: estimates.map(({ value }) => value * factor),
        low: estimates.map(({ low }) => low * factor),
        high: estimates.map(({ high }) => high * factor),
      },
    ],
    value: { title: message(`metric.${name}`), format },
  };
}
