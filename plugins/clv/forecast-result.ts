import { type AnalysisResult, type ChartSpec, message, type ResultTable } from '@patron/sdk';
import type { Crew } from './crew.ts';
import { customerTable } from './customer-table.ts';
import { parameterTable } from './fit-report.ts';
import {
  comparisonCharts,
  gapChart,
  histogramOf,
  matrixCharts,
  repeatChart,
  spendChart,
  trackingCharts,
} from './forecast-charts.ts';
import { forecastMetrics } from './forecast-metrics.ts';
import { forecastNotes } from './forecast-notes.ts';
import type { Forecast } from './forecast-outcome.ts';
import { holdoutTable, matrixTable, repeatTable, trackingTable } from './forecast-tables.ts';
import { matrixOf } from './frequency-recency-matrix.ts';
import { modelTable, withModels } from './model-comparison.ts';
import { countRepeats, trackPurchases } from './tracking.ts';

/** The number of repeats from which on customers are counted together. */
function highestRepeat(frequency: Float64Array): number {
  let most = 0;
  for (const x of frequency) if (x > most) most = x;
  return Math.min(20, Math.max(7, most));
}

/** Lays a forecast out as metrics, tables and charts. */
export async function forecastResult(found: Forecast, crew: Crew): Promise<AnalysisResult> {
  const { base, settings, holdout, rows, prediction, totals, compared = [] } = found;
  const { log } = base;
  const tracking = log ? trackPurchases(log, prediction) : undefined;
  await crew.checkpoint();
  const repeats = countRepeats(rows, prediction, highestRepeat(base.frequency));
  await crew.checkpoint();
  const matrix = matrixOf(found);
  const fits = [
    { model: settings.model as string, fit: found.fit },
    ...compared.slice(1).map(({ name, fit }) => ({ model: name as string, fit })),
    ...(found.spend ? [{ model: 'gamma-gamma', fit: found.spend.fit }] : []),
  ];
  const tables: Record<string, ResultTable> = { parameters: parameterTable(fits, settings.confidence) };
  if (compared.length > 0) tables.models = modelTable(compared, holdout?.actual);
  tables.customers = await customerTable(found, crew);
  await crew.checkpoint();
  const charts: ChartSpec[] = [];
  if (log && tracking) {
    tables.tracking = trackingTable(found, tracking);
    const others = compared.slice(1);
    const [cumulative, incremental] = trackingCharts(found, tracking);
    const tracks = new Map(others.map((model) => [model, trackPurchases(log, model.prediction)]));
    charts.push(
      withModels(cumulative, others, (model) => Array.from(tracks.get(model)?.expectedCumulative ?? [])),
      withModels(incremental, others, (model) => Array.from(tracks.get(model)?.expected ?? [])),
    );
  }
  if (holdout) {
    tables.holdout = holdoutTable(holdout.groups);
    charts.push(...comparisonCharts(holdout));
  }
  tables.repeats = repeatTable(repeats);
  tables.matrix = matrixTable(matrix);
  charts.push(repeatChart(repeats), ...matrixCharts(matrix, settings), ...gapChart(found));
  await crew.checkpoint();
  charts.push(
    ...spendChart(found),
    histogramOf('alive', found.pAlive, message('chart.alive'), message('column.pAlive'), 'percent', 20, 1),
  );
  await crew.checkpoint();
  return {
    headline: message(totals.value ? 'forecast.headline.value' : 'forecast.headline', {
      customers: { value: base.customers, as: 'integer' },
      purchases: { value: totals.purchases.value, as: 'integer' },
      horizon: { value: settings.horizon, as: 'decimal' },
      unit: message(`unit.${settings.unit}`),
      ...(totals.value ? { value: { value: totals.value.value, as: 'integer' as const } } : {}),
    }),
    metrics: forecastMetrics(found),
    tables,
    charts,
    notes: forecastNotes(found),
  };
}
