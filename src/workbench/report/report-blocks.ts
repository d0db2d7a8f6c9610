import type { ResultTable } from '@patron/sdk';
import type { ReportBlock } from '../../workbook/index.ts';
import { provenanceLines } from './provenance.ts';
import type { ReportContext } from './report-context.ts';
import { metricDetail, reportColumns } from './result-format.ts';

/** The report of a run: answer first, then figures, each chart with its table, the other tables, notes, and provenance in small type. */
export function reportBlocks(context: ReportContext): ReportBlock[] {
  const { result } = context.record;
  const shown = new Set<string>();
  const blocks: ReportBlock[] = [titleBlock(context), ...metricsBlock(context)];
  for (const chart of result.charts) {
    if (chart.summary) {
      blocks.push({ id: `summary:${chart.id}`, kind: 'text', text: context.render(chart.summary) });
    }
    blocks.push({ id: `chart:${chart.id}`, kind: 'chart', spec: chart, scope: context.record.plugin.id, width: 660 });
    const table = chart.table === undefined ? undefined : result.tables[chart.table];
    if (chart.table === undefined || table === undefined || shown.has(chart.table)) continue;
    shown.add(chart.table);
    blocks.push(...tableBlocks(chart.table, table, context));
  }
  for (const [name, table] of Object.entries(result.tables)) {
    if (!shown.has(name)) blocks.push(...tableBlocks(name, table, context));
  }
  return [...blocks, ...largeTables(context), ...notesBlock(context), ...provenanceBlocks(context)];
}

function titleBlock({ name, render, record }: ReportContext): ReportBlock {
  const headline = record.result.headline;
  return { id: 'title', kind: 'title', text: name, subtitle: headline === undefined ? undefined : render(headline) };
}

function metricsBlock(context: ReportContext): ReportBlock[] {
  const entries = Object.entries(context.record.result.metrics);
  if (entries.length === 0) return [];
  return [
    { id: 'heading:metrics', kind: 'heading', text: context.t('report.figures') },
    {
      id: 'metrics',
      kind: 'metrics',
      items: entries.map(([name, metric]) => ({
        label: metric.title === undefined ? name : context.render(metric.title),
        value: metric.value,
        format: metric.format,
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
    ...provenanceLines(context).map((text, line) => ({
      id: `provenance:${line}`,
      kind: 'text' as const,
      text,
      small: true,
    })),
  ];
}
