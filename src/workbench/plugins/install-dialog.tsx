import { createMemo, For, type JSX, Show } from 'solid-js';
import { PluginTexts, problemText, renderPlatformText } from '../../platform/index.ts';
import { Button } from '../controls/button.tsx';
import { Dialog } from '../controls/dialog.tsx';
import { useWorkbench } from '../workbench.ts';
import { Permissions } from './plugin-entry.tsx';
import styles from './plugins-panel.module.css';

/** Shows what is about to be installed and what it asks for. Nothing of it runs before the user agrees. */
export function InstallDialog(): JSX.Element {
  const { language, plugins } = useWorkbench();
  const { t, locale } = language;
  return (
    <Show when={plugins.pending()}>
      {(pending) => {
        const manifest = () => pending().package.manifest;
        const texts = createMemo(() => new PluginTexts(pending().package.catalogues));
        const text = (of: string | undefined): string => (of ? texts().manifestText(of, locale()) : '');
        const update = (): boolean => pending().replaces !== undefined;
        return (
          <Dialog
            open
            title={
              update()
                ? t('plugins.dialog.update', text(manifest().name))
                : t('plugins.dialog.install', text(manifest().name))
            }
            closeLabel={t('common.close')}
            onClose={() => plugins.dismiss()}
            footer={
              <>
                <Button onClick={() => plugins.dismiss()}>{t('common.cancel')}</Button>
                <Show when={update() && pending().newPermissions.length > 0}>
                  <Button onClick={() => void plugins.agree(false)}>{t('plugins.dialog.updateOff')}</Button>
                </Show>
                <Button variant="primary" onClick={() => void plugins.agree(true)}>
                  {update() ? t('plugins.dialog.goUpdate') : t('plugins.dialog.go')}
                </Button>
              </>
            }
          >
            <div class={styles.consent}>
              <span>{text(manifest().description)}</span>
              <span class={styles.quiet}>
                {[manifest().id, manifest().version, manifest().author, manifest().license].filter(Boolean).join(' · ')}
              </span>
              <Show when={pending().replaces}>
                {(from) => <span>{t('plugins.dialog.versions', from(), manifest().version)}</span>}
              </Show>
              <Show
                when={pending().newPermissions.length > 0}
                fallback={<span>{t('plugins.dialog.noPermissions')}</span>}
              >
                <span class={styles.name}>{t('plugins.permissions')}</span>
                <Permissions plugin={{ texts: texts() }} permissions={pending().newPermissions} />
              </Show>
              <For each={pending().package.problems}>
                {(problem) => <span class={styles.problem}>{renderPlatformText(problemText(problem), locale())}</span>}
              </For>
              <span class={styles.quiet}>{t('plugins.dialog.sandbox')}</span>
            </div>
          </Dialog>
        );
      }}
    </Show>
  );
}
