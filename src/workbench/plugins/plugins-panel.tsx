import Plus from 'lucide-solid/icons/plus';
import { createMemo, createSignal, For, type JSX, Show } from 'solid-js';
import { type InstalledPlugin, renderPlatformText } from '../../platform/index.ts';
import { Button } from '../controls/button.tsx';
import { SelectField } from '../controls/field.tsx';
import { MenuButton } from '../controls/menu.tsx';
import { Panel, PanelEmpty, PanelHeading } from '../shell/panel.tsx';
import { useWorkbench } from '../workbench.ts';
import { AddressDialog } from './address-dialog.tsx';
import { CatalogueDialog } from './catalogue-dialog.tsx';
import { InstallDialog } from './install-dialog.tsx';
import { PluginEntry } from './plugin-entry.tsx';
import styles from './plugins-panel.module.css';

const filters = ['all', 'installed', 'builtIn', 'off', 'failed'] as const;
type Filter = (typeof filters)[number];

/** The plugins: those that the user installed and those that come with the app. */
export function PluginsPanel(): JSX.Element {
  const { analyses, language, plugins } = useWorkbench();
  const { t, locale } = language;
  const [filter, setFilter] = createSignal<Filter>('all');
  const [asking, setAsking] = createSignal<'address' | 'catalogue' | null>(null);
  const shown = (wanted: Filter): readonly InstalledPlugin[] => {
    plugins.changes();
    return analyses.plugins().filter((plugin) => isOf(wanted, plugin));
  };
  const broken = createMemo(() => {
    plugins.changes();
    return plugins.library.failed();
  });
  const count = (wanted: Filter): number => shown(wanted).length + (wanted === 'failed' ? broken().length : 0);
  const installed = createMemo(() => shown(filter()).filter(({ source }) => source !== 'built-in'), [], {
    equals: sameItems,
  });
  const builtIn = createMemo(() => shown(filter()).filter(({ source }) => source === 'built-in'), [], {
    equals: sameItems,
  });
  const all = (): boolean => filter() === 'all';
  const chooseFile = (): void => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = '.zip,application/zip';
    input.addEventListener('change', () => {
      const file = input.files?.[0];
      if (file) void plugins.openFile(file);
    });
    input.click();
  };
  return (
    <Panel
      title={t('plugins.title')}
      actions={
        <MenuButton
          label={t('plugins.install')}
          class={styles.add}
          entries={[
            { id: 'file', label: t('plugins.installFile'), run: chooseFile },
            { id: 'catalogue', label: t('plugins.installCatalogue'), run: () => void setAsking('catalogue') },
            { id: 'address', label: t('plugins.installAddress'), run: () => void setAsking('address') },
          ]}
        >
          <Plus size={16} aria-hidden="true" />
        </MenuButton>
      }
    >
      <div class={styles.filter}>
        <SelectField
          label={t('plugins.filter')}
          hideLabel
          value={filter()}
          options={filters.map((each) => ({ value: each, label: t(`plugins.filter.${each}`, count(each)) }))}
          onChange={(chosen) => setFilter(chosen as Filter)}
        />
      </div>
      <Show when={broken().length > 0 && (all() || filter() === 'failed')}>
        <PanelHeading>{t('plugins.broken')}</PanelHeading>
        <ul class={styles.list}>
          <For each={broken()}>
            {({ id, error }) => (
              <li class={styles.item}>
                <span class={styles.name}>{id}</span>
                <span class={styles.problem}>{renderPlatformText(error.text, locale())}</span>
                <div class={styles.actions}>
                  <Button onClick={() => void plugins.attempt(() => plugins.library.uninstall(id))}>
                    {t('plugins.uninstall')}
                  </Button>
                </div>
              </li>
            )}
          </For>
        </ul>
      </Show>
      <Show when={all() || installed().length > 0}>
        <PanelHeading>{t('plugins.installed')}</PanelHeading>
        <Show when={installed().length > 0} fallback={<PanelEmpty>{t('plugins.noneInstalled')}</PanelEmpty>}>
          <ul class={styles.list}>
            <For each={installed()}>{(plugin) => <PluginEntry plugin={plugin} />}</For>
          </ul>
        </Show>
      </Show>
      <Show when={builtIn().length > 0}>
        <PanelHeading>{t('plugins.builtInGroup')}</PanelHeading>
        <ul class={styles.list}>
          <For each={builtIn()}>{(plugin) => <PluginEntry plugin={plugin} />}</For>
        </ul>
      </Show>
      <Show when={!all() && count(filter()) === 0}>
        <PanelEmpty>{t('plugins.filter.none')}</PanelEmpty>
      </Show>
      <AddressDialog open={asking() === 'address'} onClose={() => void setAsking(null)} />
      <CatalogueDialog open={asking() === 'catalogue'} onClose={() => void setAsking(null)} />
      <InstallDialog />
    </Panel>
  );
}

function isOf(filter: Filter, plugin: InstalledPlugin): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'installed':
      return plugin.source !== 'built-in';
    case 'builtIn':
      return plugin.source === 'built-in';
    case 'off':
      return !plugin.enabled;
    case 'failed':
      return plugin.problems.length > 0 || ['crashed', 'notResponding'].includes(plugin.status.state);
  }
}

function sameItems<T>(before: readonly T[], after: readonly T[]): boolean {
  return before.length === after.length && before.every((item, i) => item === after[i]);
}
