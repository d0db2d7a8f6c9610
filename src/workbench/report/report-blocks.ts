import type { ChartSpec, ResultTable } from '@patron/sdk';
import type { ReportBlock } from '../../workbook/index.ts';
import { provenanceLines } from './provenance.ts';
import type { ReportContext } from './report-context.ts';
import { metricDetail, reportColumns } from './result-format.ts';

/** So many figures stand at the top; a model's other figures follow below the tables. */
const KEY_FIGURES = 10;
/** A longer table stands behind the charts, so that nobody has to scroll past it to see them. */
const SHORT_TABLE = 30;

/** The report of a run: answer first, then figures, each chart with its table, the other tables, notes, and provenance in small type. */
export function reportBlocks(context: ReportContext): ReportBlock[] {
  const { result } = context.record;
  const headline = result.headline === undefined ? undefined : context.render(result.headline);
  const shown = new Set<string>();
  const blocks: ReportBlock[] = [titleBlock(context, headline), ...metricsBlock(context, 0, KEY_FIGURES)];
  for (const chart of result.charts) {
    const summary = chart.summary === undefined ? undefined : context.render(chart.summary);
    if (summary !== undefined && summary !== headline)
      blocks.push({ id: `summary:${chart.id}`, kind: 'text', text: summary });
    blocks.push({
      id: `chart:${chart.id}`,
      kind: 'chart',
      spec: chart,
      scope: context.record.plugin.id,
      width: CHART_WIDTH,
      height: chartHeight(chart, context),
    });
    const table = chart.table === undefined ? undefined : result.tables[chart.table];
    if (chart.table === undefined || table === undefined || shown.has(chart.table)) continue;
    if ((table.columns[0]?.column.length ?? 0) > SHORT_TABLE) continue;
    shown.add(chart.table);
    blocks.push(...tableBlocks(chart.table, table, context));
  }
  for (const [name, table] of Object.entries(result.tables)) {
    if (!shown.has(name)) blocks.push(...tableBlocks(name, table, context));
  }
  return [
    ...blocks,
    ...metricsBlock(context, KEY_FIGURES),
    ...largeTables(context),
    ...notesBlock(context),
    ...provenanceBlocks(context),
  ];
}

const CHART_WIDTH = 660;

/** Enough height for every row of a grid and every bar to be named. */
function chartHeight(chart: ChartSpec, { render }: ReportContext): number {
  if (chart.kind === 'heatMap') {
    const longest = Math.max(0, ...chart.columns.map((column) => render(column).length));
    const turned = longest * 6 > (CHART_WIDTH - 200) / Math.max(1, chart.columns.length) ? 60 : 0;
    return Math.min(900, Math.max(360, chart.rows.length * 22 + 150 + turned));
  }
  if (chart.kind === 'bar' && chart.orientation === 'horizontal')
    return Math.min(900, Math.max(chart.categories.length > 5 ? 360 : 240, chart.categories.length * 24 + 110));
  return 360;
}

function titleBlock({ name }: ReportContext, headline: string | undefined): ReportBlock {
  return { id: 'title', kind: 'title', text: name, subtitle: headline };
}

/** Figures from the place `from` on; those at the top are the key figures. */
function metricsBlock(context: ReportContext, from: number, to?: number): ReportBlock[] {
  const { record, t, render } = context;
  const entries = Object.entries(record.result.metrics).slice(from, to);
  if (entries.length === 0) return [];
  const id = from === 0 ? 'metrics' : 'metrics:further';
  return [
    { id: `heading:${id}`, kind: 'heading', text: t(from === 0 ? 'report.figures' : 'report.furtherFigures') },
    {
      id,
      kind: 'metrics',
      items: entries.map(([name, metric]) => ({
        label: metric.title === undefined ? name : render(metric.title),
        value: metric.value,
        format: metric.format,
        unit: metric.format === 'days' ? t('report.days') : undefined,
        detail: metricDetail(metric, context),
      })),
    },
  ];
}

function tableBlocks(name: string, table: ResultTable, context: ReportContext): ReportBlock[] {
  const title = table.title === undefined ? name : context.render(table.title);
  return [
    { id: `heading:table:${name}`, kind: 'heading', text: title },
    { id: `table:${name}`, kind: 'table', columns: reportColumns(table.columns, context) },
  ];
}

function largeTables({ record, tableSheets, t }: ReportContext): ReportBlock[] {
  return Object.keys(record.resultTables).map((name) => ({
    id: `sheet:${name}`,
    kind: 'text' as const,
    text: t('report.largeTable', tableSheets[name] ?? name),
  }));
}

function notesBlock(context: ReportContext): ReportBlock[] {
  const { notes } = context.record.result;
  if (notes.length === 0) return [];
  return [
    { id: 'heading:notes', kind: 'heading', text: context.t('report.notes') },
    {
      id: 'notes',
      kind: 'notes',
      items: notes.map(({ level, text }) => ({ level, text: context.render(text) })),
    },
  ];
}

function provenanceBlocks(context: ReportContext): ReportBlock[] {
  return [
    { id: 'heading:provenance', kind: 'heading', text: context.t('report.provenance') },
    {
      id: 'provenance',
      kind: 'notes',
      items: provenanceLines(context).map((text) => ({ level: 'info' as const, text })),
    },
  ];
}
