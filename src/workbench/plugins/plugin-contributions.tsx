import { createMemo, For, type JSX, Show } from 'solid-js';
import type { PlainKey } from '../../i18n/index.ts';
import { type InstalledPlugin, keysLabel, parseKeys } from '../../platform/index.ts';
import { useWorkbench } from '../workbench.ts';
import styles from './plugins-panel.module.css';

/** One thing that a plugin adds: what it is called, and what it says of itself. */
interface Line {
  readonly name: string;
  readonly about?: string;
}

/** What a plugin adds, by point, each item as a person knows it. */
export function PluginContributions(props: { plugin: InstalledPlugin }): JSX.Element {
  const { commands, language } = useWorkbench();
  const { t, locale } = language;
  const { host } = commands;
  const titleOf = (command: string): string => host.commands.get(command)?.title(locale()) ?? command;
  const lineOf = (item: Readonly<Record<string, unknown>>): Line => {
    const { title, name, description, command, key, extensions, extension, location } = item;
    const about = typeof description === 'string' ? description : undefined;
    if (Array.isArray(extensions)) return { name: `${title} (${extensions.join(', ')})` };
    if (typeof extension === 'string') return { name: `${title} (${extension})` };
    if (typeof key === 'string')
      return {
        name: keysLabel(parseKeys(key, host.keybindings.mac) ?? [], host.keybindings.mac),
        about: titleOf(String(command)),
      };
    if (typeof location === 'string')
      return { name: titleOf(String(command)), about: t(`plugins.menu.${location}` as PlainKey) };
    return { name: String(title ?? name ?? ''), about };
  };
  const groups = createMemo(() =>
    Object.entries(props.plugin.manifest.contributes ?? {})
      .filter(([, items]) => items.length > 0)
      .map(([point, items]) => ({
        title: t(`plugins.point.${point}` as PlainKey),
        lines: (props.plugin.texts.localized(items, locale()) as readonly object[]).map((item) =>
          lineOf(item as Readonly<Record<string, unknown>>),
        ),
      })),
  );
  return (
    <For each={groups()}>
      {({ title, lines }) => (
        <>
          <span class={styles.quiet}>{title}</span>
          <ul class={styles.permissions}>
            <For each={lines}>
              {({ name, about }) => (
                <li>
                  <span class={styles.contributed}>{name}</span>
                  <Show when={about}>{(text) => <div>{text()}</div>}</Show>
                </li>
              )}
            </For>
          </ul>
        </>
      )}
    </For>
  );
}
