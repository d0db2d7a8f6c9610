import type { PermissionRequest } from '@patron/sdk';
import { createMemo, For, type JSX, Show } from 'solid-js';
import { bytesIn, type PlainKey, type Translate } from '../../i18n/index.ts';
import { type InstalledPlugin, permissionKey, renderPlatformText } from '../../platform/index.ts';
import { Button } from '../controls/button.tsx';
import { CheckboxField } from '../controls/field.tsx';
import { useWorkbench } from '../workbench.ts';
import { PluginContributions } from './plugin-contributions.tsx';
import styles from './plugins-panel.module.css';

/** A plugin of the list: its switch, and all there is to know about it folded below. */
export function PluginEntry(props: { plugin: InstalledPlugin }): JSX.Element {
  const { language, layout, plugins, notifications, analyses } = useWorkbench();
  const { t, locale } = language;
  const { library, attempt } = plugins;
  const name = (): string => props.plugin.name(locale());
  // The plugin is one object whose state changes: what is shown is read again with each change.
  const now = createMemo(
    () => {
      plugins.changes();
      analyses.plugins();
      const { plugin } = props;
      return { status: plugin.status, enabled: plugin.enabled, open: library.openPermissions(plugin.id) };
    },
    undefined,
    { equals: false },
  );
  const text = (of: string): string => props.plugin.texts.manifestText(of, locale());
  const uninstall = (): Promise<void> =>
    attempt(async () => {
      const gone = name();
      await library.uninstall(props.plugin.id);
      notifications.add({ kind: 'info', text: () => t('plugins.uninstalled', gone) });
    });
  return (
    <li class={styles.item}>
      <div class={styles.head}>
        <CheckboxField
          label={name()}
          checked={now().enabled}
          disabled={now().open.length > 0}
          onChange={(on) => void attempt(() => library.setEnabled(props.plugin.id, on))}
        />
        <span class={styles.quiet}>
          {`${props.plugin.manifest.version} · ${t(`plugins.state.${now().status.state}`)}`}
        </span>
      </div>
      <Show when={props.plugin.manifest.description}>{(description) => <span>{text(description())}</span>}</Show>
      <Show when={now().open.length > 0}>
        <div class={styles.box}>
          <span>{t('plugins.asks')}</span>
          <Permissions plugin={props.plugin} permissions={now().open} />
          <Button onClick={() => void attempt(() => library.acceptPermissions(props.plugin.id))}>
            {t('plugins.accept')}
          </Button>
        </div>
      </Show>
      <Show when={now().status.silence >= 3}>
        <div class={styles.box}>
          <span class={styles.problem}>{t('plugins.silent', now().status.silence)}</span>
          <Show when={now().status.silence >= 10}>
            <Button onClick={() => analyses.host.stop(props.plugin.id)}>{t('plugins.stop')}</Button>
          </Show>
        </div>
      </Show>
      <Show when={now().status.state === 'crashed'}>
        <div class={styles.box}>
          <span class={styles.problem}>{t('plugins.disabled')}</span>
          <Button onClick={() => analyses.host.restart(props.plugin.id)}>{t('plugins.restart')}</Button>
        </div>
      </Show>
      <Show when={props.plugin.problems.length > 0}>
        <span class={styles.quiet}>{t('plugins.problems')}</span>
        <For each={props.plugin.problems}>
          {({ path, problem }) => (
            <span class={styles.problem}>{`${path}: ${renderPlatformText(problem, locale())}`}</span>
          )}
        </For>
      </Show>
      <details>
        <summary class={styles.quiet} aria-label={t('plugins.details', name())}>
          {props.plugin.id}
        </summary>
        <Facts plugin={props.plugin} status={now().status} />
        <PluginContributions plugin={props.plugin} />
        <Show when={(props.plugin.manifest.permissions ?? []).length > 0}>
          <span class={styles.quiet}>{t('plugins.permissions')}</span>
          <Permissions plugin={props.plugin} permissions={props.plugin.manifest.permissions ?? []} />
        </Show>
        <Show when={now().status.faults.length > 0}>
          <span class={styles.quiet}>{t('plugins.faults')}</span>
          <ul class={styles.permissions}>
            <For each={[...now().status.faults].reverse().slice(0, 5)}>
              {({ text: fault }) => <li class={styles.problem}>{props.plugin.texts.render(fault, locale())}</li>}
            </For>
          </ul>
        </Show>
        <Show when={props.plugin.manifest.contributes?.configuration?.length}>
          <div class={styles.actions}>
            <Button onClick={() => layout.showView('settings')}>{t('plugins.toSettings')}</Button>
          </div>
        </Show>
        <Show when={props.plugin.source !== 'built-in'}>
          <div class={styles.actions}>
            <Button onClick={() => void uninstall()}>{t('plugins.uninstall')}</Button>
            <Show when={props.plugin.granted.some((key) => key !== 'table.read:mapped')}>
              <Button onClick={() => void attempt(() => library.revokePermissions(props.plugin.id))}>
                {t('plugins.withdraw')}
              </Button>
            </Show>
          </div>
        </Show>
      </details>
    </li>
  );
}

/** Permissions in the app's words, each with the plugin's reason. */
export function Permissions(props: {
  plugin: { readonly texts: InstalledPlugin['texts'] };
  permissions: readonly PermissionRequest[];
}): JSX.Element {
  const { language } = useWorkbench();
  const { t, locale } = language;
  return (
    <ul class={styles.permissions}>
      <For each={props.permissions}>
        {(permission) => (
          <li>
            {permissionTitle(permission, t)}
            <br />
            <q>{props.plugin.texts.manifestText(permission.reason, locale())}</q>
          </li>
        )}
      </For>
    </ul>
  );
}

function permissionTitle(permission: PermissionRequest, t: Translate): string {
  if (permission.name === 'network') return t('plugins.permission.network', permission.hosts.join(', '));
  return t(`plugins.permission.${permissionKey(permission)}` as PlainKey);
}

function Facts(props: { plugin: InstalledPlugin; status: InstalledPlugin['status'] }): JSX.Element {
  const { language } = useWorkbench();
  const { t, locale } = language;
  const facts = (): readonly (readonly [string, string])[] => {
    const { manifest, source } = props.plugin;
    const { activationTime, calls, bytesIn: received, bytesOut } = props.status;
    const bytes = (value: number): string => bytesIn(locale(), value);
    return [
      [t('plugins.source'), t(`plugins.source.${source}`)] as const,
      ...(manifest.author ? [[t('plugins.author'), manifest.author] as const] : []),
      ...(manifest.license ? [[t('plugins.license'), manifest.license] as const] : []),
      ...(activationTime === undefined
        ? []
        : [[t('plugins.activation'), t('plugins.milliseconds', activationTime)] as const]),
      [t('plugins.calls'), String(calls)] as const,
      [t('plugins.traffic'), `${bytes(bytesOut)} / ${bytes(received)}`] as const,
    ];
  };
  return (
    <dl class={styles.facts}>
      <For each={facts()}>
        {([term, value]) => (
          <>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </>
        )}
      </For>
    </dl>
  );
}
