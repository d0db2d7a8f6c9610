import type { AnalysisContribution, Text } from '@patron/sdk';
import { type Accessor, createMemo, createSignal, onCleanup } from 'solid-js';
import { type Locale, locales } from '../../i18n/index.ts';
import type { InstalledPlugin, PluginHost } from '../../platform/index.ts';

/** An analysis as the shell shows it, every text in the language in use. */
export interface ListedAnalysis {
  readonly id: string;
  readonly plugin: InstalledPlugin;
  readonly title: string;
  readonly description?: string;
  readonly category: NonNullable<AnalysisContribution['category']>;
  readonly icon?: string;
  /** The manifest's entry with `%key%` texts looked up. */
  readonly contribution: AnalysisContribution;
}

export interface Analyses {
  readonly host: PluginHost;
  readonly list: Accessor<readonly ListedAnalysis[]>;
  readonly plugins: Accessor<readonly InstalledPlugin[]>;
  find(id: string): ListedAnalysis | undefined;
  /** An analysis's title in every language. */
  titles(id: string): Readonly<Partial<Record<Locale, string>>>;
  /** What an analysis says of itself, in every language. */
  descriptions(id: string): Readonly<Partial<Record<Locale, string>>>;
  /** A text of a plugin's result or error. A plugin that is gone leaves the key. */
  render(pluginId: string, text: Text, locale?: string): string;
  /** The name of a segment in a plugin's catalogue (`segment.<id>`), or the id. */
  segmentName(pluginId: string, segment: string): string;
}

export function createAnalyses(host: PluginHost, locale: Accessor<Locale>): Analyses {
  const [status, setStatus] = createSignal(0);
  const [contributed, setContributed] = createSignal(0);
  const listening = [
    host.onChange(() => setStatus((before) => before + 1)),
    host.contributions.handle('analyses', () => setContributed((before) => before + 1)),
  ];
  onCleanup(() => {
    for (const each of listening) each.dispose();
  });
  const plugins = createMemo(() => {
    status();
    return [...host.plugins()];
  });
  const list = createMemo(() => {
    contributed();
    return host.analyses().map(({ plugin, contribution }): ListedAnalysis => {
      const localized = plugin.texts.localized(contribution, locale());
      return {
        id: contribution.id,
        plugin,
        title: localized.title,
        description: localized.description,
        category: contribution.category ?? 'other',
        icon: contribution.icon,
        contribution: localized,
      };
    });
  });
  function inEveryLanguage(id: string, part: 'title' | 'description'): Partial<Record<Locale, string>> {
    const known = host.analyses().find(({ contribution }) => contribution.id === id);
    const text = known?.contribution[part];
    if (!known || text === undefined) return {};
    return Object.fromEntries(locales.map((each) => [each, known.plugin.texts.manifestText(text, each)]));
  }
  return {
    host,
    list,
    plugins,
    find: (id) => list().find((analysis) => analysis.id === id),
    titles: (id) => inEveryLanguage(id, 'title'),
    descriptions: (id) => inEveryLanguage(id, 'description'),
    render(pluginId, text, language) {
      const plugin = host.plugins().find(({ id }) => id === pluginId);
      if (plugin) return plugin.texts.render(text, language ?? locale());
      return typeof text === 'string' ? text : text.key;
    },
    segmentName(pluginId, segment) {
      const plugin = host.plugins().find(({ id }) => id === pluginId);
      return plugin?.texts.catalogue(locale())[`segment.${segment}`] ?? segment;
    },
  };
}
