import type { ChartContribution, Column, JsonObject } from '@patron/sdk';
import { onCleanup } from 'solid-js';
import { catalogues, closestLocale, type Locale, locales } from '../../i18n/index.ts';
import type { Disposable, InstalledPlugin } from '../../platform/index.ts';
import type { TableMeta } from '../../tables/index.ts';
import { download, fileNameOf } from '../actions/download.ts';
import { chooseFiles } from '../files/open-files.ts';
import { isRefused } from '../files/read-only.ts';
import { tableItems } from '../palette/palette-items.ts';
import type { Workbench } from '../workbench.ts';
import { readThroughPlugin } from './plugin-importers.ts';

interface Titled {
  readonly id: string;
  readonly title: string;
}
type Point = 'importers' | 'exporters' | 'charts' | 'templates';

/**
 * Commands for what plugins contribute: a template opens its form, an importer asks for a file, an exporter for a table, a
 * chart for a table and its columns. They come and go with the plugins.
 */
export function offerContributions(workbench: Workbench): void {
  const { host } = workbench.commands;
  const { t } = workbench.language;
  const shown = host.commands.register(
    'analysis.show',
    { title: () => t('command.openAnalysis'), inPalette: false, openToPlugins: true, enablement: 'workbookOpen' },
    (argument) => {
      const { analysis, parameters } = (argument ?? {}) as { analysis?: string; parameters?: JsonObject };
      if (typeof analysis !== 'string') throw new Error("'analysis.show' takes { analysis, parameters }.");
      host.analysis(analysis);
      workbench.layout.showForm({ analysis, parameters });
    },
  );
  onCleanup(() => shown.dispose());
  follow(workbench, 'templates', 'plugins.command.template', (plugin, id) => {
    const template = plugin.manifest.contributes?.templates?.find((one) => one.id === id);
    if (template) workbench.layout.showForm({ analysis: template.analysis, parameters: template.parameters });
  });
  follow(workbench, 'importers', 'plugins.command.import', (plugin, id) => importFile(workbench, plugin, id));
  follow(workbench, 'exporters', 'plugins.command.export', (plugin, id) =>
    chooseTable(workbench, (table) => exportTable(workbench, plugin, id, table)),
  );
  follow(workbench, 'charts', 'plugins.command.chart', (plugin, id) => {
    const chart = plugin.manifest.contributes?.charts?.find((one) => one.id === id);
    if (chart) chooseTable(workbench, (table) => chooseColumns(workbench, plugin, chart, table, {}));
  });
}

function follow(
  { commands, analyses }: Workbench,
  point: Point,
  category: 'plugins.command.template' | 'plugins.command.import' | 'plugins.command.export' | 'plugins.command.chart',
  run: (plugin: InstalledPlugin, id: string) => unknown,
): void {
  const registered = new Map<string, Disposable>();
  const listening = commands.host.contributions.handle(point, (_all, { added, removed }) => {
    for (const { item } of removed as readonly { item: Titled }[]) {
      registered.get(item.id)?.dispose();
      registered.delete(item.id);
    }
    for (const { pluginId, item } of added as readonly { pluginId: string; item: Titled }[]) {
      const plugin = analyses.host.plugin(pluginId);
      registered.set(
        item.id,
        commands.host.commands.register(
          `${point}:${item.id}`,
          {
            title: (locale) => plugin.texts.manifestText(item.title, locale),
            category: (locale) => catalogues[closestLocale(locale)][category],
            enablement: 'workbookOpen',
            pluginId,
          },
          () => run(plugin, item.id),
        ),
      );
    }
  });
  onCleanup(() => {
    listening.dispose();
    for (const registration of registered.values()) registration.dispose();
  });
}

function chooseTable(workbench: Workbench, then: (table: TableMeta) => unknown): void {
  const { palette, language, tables } = workbench;
  palette.choose(
    language.t('plugins.chooseTable'),
    tableItems(workbench, (id) => {
      const table = tables.list().find((one) => one.id === id);
      if (table) return then(table);
    }),
  );
}

/** Asks for the column of each field in turn, then makes the chart. */
function chooseColumns(
  workbench: Workbench,
  plugin: InstalledPlugin,
  chart: ChartContribution,
  table: TableMeta,
  chosen: Readonly<Record<string, string>>,
): void {
  const { palette, language } = workbench;
  const field = chart.fields.find(({ name }) => chosen[name] === undefined);
  if (!field) {
    void insertChart(workbench, plugin, chart, table, chosen);
    return;
  }
  const fits = table.columns.filter(({ type }) => field.kind !== 'number' || type === 'number' || type === 'integer');
  const title = plugin.texts.manifestText(field.title, language.locale());
  palette.choose(
    language.t('plugins.chooseColumn', title),
    fits.map(({ name }) => ({
      id: `column:${name}`,
      kind: 'table' as const,
      titles: Object.fromEntries(locales.map((each) => [each, name])) as Record<Locale, string>,
      run: () => chooseColumns(workbench, plugin, chart, table, { ...chosen, [field.name]: name }),
    })),
  );
}

async function insertChart(
  workbench: Workbench,
  plugin: InstalledPlugin,
  chart: ChartContribution,
  table: TableMeta,
  chosen: Readonly<Record<string, string>>,
): Promise<void> {
  const { tables, language, session, plugins, analyses } = workbench;
  await plugins.attempt(async () => {
    const names = Object.values(chosen);
    const read = await tables.client.readColumns(table.id, names);
    const fields: Record<string, Column> = {};
    for (const [field, name] of Object.entries(chosen)) {
      const column = read.find((one) => one.name === name)?.column;
      if (column) fields[field] = column;
    }
    const spec = await analyses.host.buildChart(chart.id, fields);
    const title = plugin.texts.render(spec.title, language.locale());
    const host = session.host();
    const sheet = host.addReportSheet({ reportId: `chart-${crypto.randomUUID()}`, name: title, activate: true });
    host.writeReport(sheet, [
      { id: 'title', kind: 'title', text: title, subtitle: table.name },
      ...(spec.summary
        ? [{ id: 'summary', kind: 'text' as const, text: plugin.texts.render(spec.summary, language.locale()) }]
        : []),
      { id: 'chart', kind: 'chart', spec, scope: plugin.id },
    ]);
  });
}

async function exportTable(workbench: Workbench, plugin: InstalledPlugin, id: string, table: TableMeta): Promise<void> {
  const { tables, plugins, analyses, notifications, language } = workbench;
  const exporter = plugin.manifest.contributes?.exporters?.find((one) => one.id === id);
  if (!exporter) return;
  await plugins.attempt(async () => {
    const columns = await tables.client.readColumns(
      table.id,
      table.columns.map(({ name }) => name),
    );
    const bytes = await analyses.host.exportTable(id, { name: table.name, columns });
    const file = fileNameOf(table.name, exporter.extension.slice(1));
    download(new Blob([new Uint8Array(bytes)], { type: exporter.mimeType }), file);
    notifications.add({ kind: 'success', text: () => language.t('export.done', file) });
  });
}

async function importFile(workbench: Workbench, plugin: InstalledPlugin, id: string): Promise<void> {
  const importer = plugin.manifest.contributes?.importers?.find((one) => one.id === id);
  if (!importer || isRefused(workbench)) return;
  const [file] = await chooseFiles(importer.extensions, false);
  const read = file && (await readThroughPlugin(workbench, id, file));
  if (read) workbench.importDialog.show(read);
}
