import { Menu } from '@ark-ui/solid/menu';
import Check from 'lucide-solid/icons/check';
import { For, type JSX, Show } from 'solid-js';
import { Portal } from 'solid-js/web';
import styles from './menu.module.css';

export interface MenuEntry {
  readonly id: string;
  readonly label: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  /** Set for entries of which one is the current choice. */
  readonly checked?: boolean;
  run(): void;
}

/** A button that opens a menu. `class` and `label` describe the button, `children` is what it shows. */
export function MenuButton(props: {
  label: string;
  title?: string;
  class?: string;
  entries: readonly MenuEntry[];
  children: JSX.Element;
}): JSX.Element {
  const marked = (): boolean => props.entries.some(({ checked }) => checked !== undefined);
  return (
    <Menu.Root
      onSelect={({ value }) => props.entries.find(({ id }) => id === value)?.run()}
      lazyMount
      unmountOnExit
      positioning={{ placement: 'bottom-end' }}
    >
      <Menu.Trigger class={props.class} aria-label={props.label} title={props.title ?? props.label}>
        {props.children}
      </Menu.Trigger>
      <Portal>
        <div data-patron>
          <Menu.Positioner class={styles.positioner}>
            <Menu.Content class={styles.content}>
              <For each={props.entries}>
                {(entry) => (
                  <Menu.Item
                    value={entry.id}
                    disabled={entry.disabled}
                    class={`${styles.item} ${entry.danger ? styles.danger : ''}`}
                  >
                    <Show when={marked()}>
                      <span class={styles.mark}>
                        <Show when={entry.checked}>
                          <Check size={14} aria-hidden="true" />
                        </Show>
                      </span>
                    </Show>
                    <span class={styles.label}>{entry.label}</span>
                  </Menu.Item>
                )}
              </For>
            </Menu.Content>
          </Menu.Positioner>
        </div>
      </Portal>
    </Menu.Root>
  );
}
