import { catalogues, type Locale, locales, type PlainKey } from '../../i18n/index.ts';
import { openResult, resultName } from '../actions/result-actions.ts';
import { openTable } from '../actions/table-actions.ts';
import type { Workbench } from '../workbench.ts';
import type { PaletteItem } from './palette-state.ts';

const settings: readonly { readonly id: string; readonly title: PlainKey }[] = [
  { id: 'language', title: 'settings.language' },
  { id: 'theme', title: 'settings.theme' },
  { id: 'timeZone', title: 'settings.timeZone' },
  { id: 'storage', title: 'settings.storage' },
  { id: 'keys', title: 'settings.keys' },
];

/** Everything the palette can find now. */
export function paletteItems(workbench: Workbench): PaletteItem[] {
  return [
    ...commandItems(workbench),
    ...analysisItems(workbench),
    ...tableItems(workbench, (id) => openTable(workbench, id)),
    ...sheetItems(workbench),
    ...resultItems(workbench, (id) => openResult(workbench, id)),
    ...settings.map(
      ({ id, title }): PaletteItem => ({
        id: `setting:${id}`,
        kind: 'setting',
        titles: both((locale) => catalogues[locale][title]),
        run: () => workbench.layout.showView('settings'),
      }),
    ),
  ];
}

function both(text: (locale: Locale) => string): Record<Locale, string> {
  return { 'en-US': text('en-US'), 'zh-CN': text('zh-CN') };
}

/** A name from the data, the same in every language. */
function named(name: string): Record<Locale, string> {
  return both(() => name);
}

function commandItems({ commands }: Workbench): PaletteItem[] {
  const { host } = commands;
  return host.commands
    .all()
    .filter(({ id, inPalette }) => inPalette !== false && id !== 'workbench.palette' && host.menus.inPalette(id))
    .map((command) => ({
      id: `command:${command.id}`,
      kind: 'command',
      titles: both((locale) => command.title(locale)),
      category: command.category && both((locale) => command.category?.(locale) ?? ''),
      keys: commands.keysOf(command.id),
      disabled: !host.commands.isEnabled(command.id),
      run: () => commands.run(command.id),
    }));
}

function analysisItems({ analyses, layout, session, commands }: Workbench): PaletteItem[] {
  return analyses.list().map(({ id }) => ({
    id: `analysis:${id}`,
    kind: 'analysis',
    titles: Object.fromEntries(locales.map((locale) => [locale, analyses.titles(id)[locale] ?? id])),
    about: analyses.descriptions(id),
    run() {
      if (session.current()) layout.showForm({ analysis: id });
      else commands.run('workbench.import');
    },
  }));
}

/** The tables, each with what is to be done with it. */
export function tableItems({ tables }: Workbench, run: (id: string, name: string) => unknown): PaletteItem[] {
  return tables.list().map(({ id, name }) => ({
    id: `table:${id}`,
    kind: 'table',
    titles: named(name),
    run: () => run(id, name),
  }));
}

function sheetItems({ session }: Workbench): PaletteItem[] {
  if (!session.current()) return [];
  return session
    .sheets()
    .filter(({ hidden }) => !hidden)
    .map(({ id, name }) => ({
      id: `sheet:${id}`,
      kind: 'sheet',
      titles: named(name),
      run: () => session.host().activateSheet(id),
    }));
}

/** The results, each with what is to be done with it. */
export function resultItems(workbench: Workbench, run: (id: string) => unknown): PaletteItem[] {
  return workbench.runs.list().map(({ record }) => ({
    id: `result:${record.id}`,
    kind: 'result',
    titles:
      record.name === undefined
        ? workbench.analyses.titles(record.request.analysis)
        : named(resultName(workbench, record)),
    run: () => run(record.id),
  }));
}
