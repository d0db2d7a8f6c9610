import { createResource, For, type JSX, Show } from 'solid-js';
import type { CatalogueEntry } from '../../platform/index.ts';
import { Button } from '../controls/button.tsx';
import { Dialog } from '../controls/dialog.tsx';
import { useWorkbench } from '../workbench.ts';
import styles from './plugins-panel.module.css';

/** Lists the plugins of the catalogue that is served beside the app. */
export function CatalogueDialog(props: { open: boolean; onClose(): void }): JSX.Element {
  const { language, plugins } = useWorkbench();
  const { t, locale } = language;
  const said = (entry: CatalogueEntry) => entry.locales?.[locale()] ?? entry;
  const [entries] = createResource(
    () => props.open,
    async (): Promise<readonly CatalogueEntry[] | null> => {
      try {
        return await plugins.library.catalogue(new URL('catalogue/index.json', document.baseURI).href);
      } catch {
        return null;
      }
    },
  );
  const standing = (entry: CatalogueEntry): 'new' | 'newer' | 'installed' => {
    plugins.changes();
    return plugins.library.standing(entry);
  };
  const choose = (entry: CatalogueEntry): void => {
    props.onClose();
    void plugins.openEntry(entry);
  };
  return (
    <Dialog
      open={props.open}
      title={t('plugins.catalogue.title')}
      closeLabel={t('common.close')}
      onClose={() => props.onClose()}
    >
      <Show when={entries() !== null} fallback={<span>{t('plugins.catalogue.missing')}</span>}>
        <ul class={styles.list}>
          <For each={entries() ?? []} fallback={<li>{entries.loading ? '' : t('plugins.catalogue.none')}</li>}>
            {(entry) => (
              <li class={`${styles.item} ${styles.flush}`}>
                <span class={styles.name}>{`${said(entry).name} ${entry.version}`}</span>
                <Show when={said(entry).description}>{(description) => <span>{description()}</span>}</Show>
                <span class={styles.quiet}>{entry.author ?? entry.id}</span>
                <div>
                  <Button disabled={standing(entry) === 'installed'} onClick={() => choose(entry)}>
                    {t(`plugins.catalogue.${standing(entry)}`)}
                  </Button>
                </div>
              </li>
            )}
          </For>
        </ul>
      </Show>
    </Dialog>
  );
}
