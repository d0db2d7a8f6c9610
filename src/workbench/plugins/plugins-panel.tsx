import { For, type JSX, Show } from 'solid-js';
import { type InstalledPlugin, renderPlatformText } from '../../platform/index.ts';
import { Button } from '../controls/button.tsx';
import { Panel, PanelEmpty } from '../shell/panel.tsx';
import { useWorkbench } from '../workbench.ts';
import styles from './plugins-panel.module.css';

/** The plugins that are installed: what each brings, what it may do, and what went wrong with it. */
export function PluginsPanel(): JSX.Element {
  const { analyses, language } = useWorkbench();
  const { t } = language;
  return (
    <Panel title={t('plugins.title')}>
      <Show when={analyses.plugins().length > 0} fallback={<PanelEmpty>{t('plugins.none')}</PanelEmpty>}>
        <ul class={styles.list}>
          <For each={analyses.plugins()}>{(plugin) => <PluginEntry plugin={plugin} />}</For>
        </ul>
      </Show>
    </Panel>
  );
}

function PluginEntry(props: { plugin: InstalledPlugin }): JSX.Element {
  const { analyses, language } = useWorkbench();
  const { t, locale } = language;
  const text = (of: string): string => props.plugin.texts.manifestText(of, locale());
  const own = () => analyses.list().filter(({ plugin }) => plugin.id === props.plugin.id);
  const stopped = () => props.plugin.status.state === 'crashed' || props.plugin.status.state === 'disabled';
  return (
    <li class={styles.item}>
      <span class={styles.name}>{props.plugin.name(locale())}</span>
      <span class={styles.quiet}>
        {[
          ...(props.plugin.source === 'built-in' ? [t('plugins.builtIn')] : []),
          t('plugins.version', props.plugin.manifest.version),
          t('plugins.analyses', own().length),
        ].join(' · ')}
      </span>
      <Show when={props.plugin.manifest.description}>
        <span>{text(props.plugin.manifest.description ?? '')}</span>
      </Show>
      <Show when={(props.plugin.manifest.permissions ?? []).length > 0}>
        <span class={styles.quiet}>{t('plugins.permissions')}</span>
        <ul class={styles.permissions}>
          <For each={props.plugin.manifest.permissions}>{({ reason }) => <li>{text(reason)}</li>}</For>
        </ul>
      </Show>
      <Show when={props.plugin.problems.length > 0}>
        <span class={styles.quiet}>{t('plugins.problems')}</span>
        <For each={props.plugin.problems}>
          {({ path, problem }) => (
            <span class={styles.problem}>{`${path}: ${renderPlatformText(problem, locale())}`}</span>
          )}
        </For>
      </Show>
      <Show when={stopped()}>
        <span class={styles.problem}>{t('plugins.disabled')}</span>
        <div>
          <Button onClick={() => analyses.host.restart(props.plugin.id)}>{t('plugins.restart')}</Button>
        </div>
      </Show>
    </li>
  );
}
