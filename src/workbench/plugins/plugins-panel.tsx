import Plus from 'lucide-solid/icons/plus';
import { createMemo, createSignal, For, type JSX, Show } from 'solid-js';
import { MenuButton } from '../controls/menu.tsx';
import { Panel, PanelEmpty, PanelHeading } from '../shell/panel.tsx';
import { useWorkbench } from '../workbench.ts';
import { AddressDialog } from './address-dialog.tsx';
import { CatalogueDialog } from './catalogue-dialog.tsx';
import { InstallDialog } from './install-dialog.tsx';
import { PluginEntry } from './plugin-entry.tsx';
import styles from './plugins-panel.module.css';

/** The plugins: those that the user installed and those that come with the app. */
export function PluginsPanel(): JSX.Element {
  const { analyses, language, plugins } = useWorkbench();
  const { t } = language;
  const [asking, setAsking] = createSignal<'address' | 'catalogue' | null>(null);
  const installed = createMemo(() => analyses.plugins().filter(({ source }) => source !== 'built-in'), [], {
    equals: sameItems,
  });
  const builtIn = createMemo(() => analyses.plugins().filter(({ source }) => source === 'built-in'), [], {
    equals: sameItems,
  });
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
      <PanelHeading>{t('plugins.installed')}</PanelHeading>
      <Show when={installed().length > 0} fallback={<PanelEmpty>{t('plugins.noneInstalled')}</PanelEmpty>}>
        <ul class={styles.list}>
          <For each={installed()}>{(plugin) => <PluginEntry plugin={plugin} />}</For>
        </ul>
      </Show>
      <PanelHeading>{t('plugins.builtInGroup')}</PanelHeading>
      <ul class={styles.list}>
        <For each={builtIn()}>{(plugin) => <PluginEntry plugin={plugin} />}</For>
      </ul>
      <AddressDialog open={asking() === 'address'} onClose={() => void setAsking(null)} />
      <CatalogueDialog open={asking() === 'catalogue'} onClose={() => void setAsking(null)} />
      <InstallDialog />
    </Panel>
  );
}

function sameItems<T>(before: readonly T[], after: readonly T[]): boolean {
  return before.length === after.length && before.every((item, i) => item === after[i]);
}
