import Pencil from 'lucide-solid/icons/pencil';
import { createMemo, createSignal, For, type JSX, onCleanup, Show } from 'solid-js';
import { type Keybinding, keysLabel, type Press, pressOf, type UserKeybinding } from '../../platform/index.ts';
import { Button, IconButton } from '../controls/button.tsx';
import { Dialog } from '../controls/dialog.tsx';
import { TextField } from '../controls/field.tsx';
import { useWorkbench } from '../workbench.ts';
import styles from './plugins-panel.module.css';

const key = 'patron.keys';

/** The user's own keys as they are kept in this browser. */
export function storedKeys(): UserKeybinding[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(stored) ? stored.filter(isRule) : [];
  } catch {
    return [];
  }
}

function isRule(value: unknown): value is UserKeybinding {
  const rule = value as Partial<UserKeybinding> | null;
  return typeof rule?.command === 'string' && typeof rule.key === 'string';
}

function storeKeys(bindings: readonly UserKeybinding[]): void {
  try {
    localStorage.setItem(key, JSON.stringify(bindings));
  } catch {
    // Without storage the keys last for this visit.
  }
}

interface Line {
  readonly command: string;
  readonly title: string;
  readonly binding?: Keybinding;
  /** Titles of the other commands that want the same keys. */
  readonly rivals: readonly string[];
}

/** Every command with its keys, which can be changed; keys that two commands want are marked. */
export function KeybindingEditor(): JSX.Element {
  const { commands, language } = useWorkbench();
  const { t, locale } = language;
  const { keybindings } = commands.host;
  const [turn, setTurn] = createSignal(0);
  const [sought, setSought] = createSignal('');
  const [editing, setEditing] = createSignal<Line | null>(null);
  const listening = [keybindings.onChange, commands.host.commands.onChange].map((listen) =>
    listen(() => setTurn((before) => before + 1)),
  );
  onCleanup(() => {
    for (const one of listening) one.dispose();
  });
  const titleOf = (command: string): string => commands.host.commands.get(command)?.title(locale()) ?? command;
  const lines = createMemo((): Line[] => {
    turn();
    const conflicts = keybindings.conflicts();
    const rivalsOf = (command: string): string[] =>
      conflicts
        .map(({ winner, others }) => [winner, ...others].map((one) => one.command))
        .filter((rivals) => rivals.includes(command))
        .flat()
        .filter((rival) => rival !== command)
        .map(titleOf);
    return commands.host.commands
      .all()
      .filter(({ inPalette }) => inPalette !== false)
      .map(({ id }) => ({
        command: id,
        title: titleOf(id),
        binding: keybindings.bindingOf(id),
        rivals: [...new Set(rivalsOf(id))],
      }))
      .sort((a, b) => Number(!a.binding) - Number(!b.binding) || a.title.localeCompare(b.title, locale()));
  });
  const shown = (): Line[] => {
    const text = sought().trim().toLowerCase();
    return lines().filter(({ title, binding }) =>
      text === '' ? binding !== undefined : title.toLowerCase().includes(text),
    );
  };
  const change = (command: string, keys: string | null): void => {
    const others = keybindings.user.filter((one) => one.command !== command);
    const bindings = keys === null ? others : [...others, { command, key: keys }];
    keybindings.setUser(bindings);
    storeKeys(bindings);
    setEditing(null);
  };
  return (
    <div class={styles.consent}>
      <TextField
        label={t('plugins.keys.find')}
        hideLabel
        placeholder={t('plugins.keys.find')}
        type="search"
        value={sought()}
        onInput={setSought}
      />
      <ul class={styles.list}>
        <For each={shown()}>
          {(line) => (
            <li class={styles.key}>
              <span class={styles.keyTitle}>{line.title}</span>
              <kbd class={styles.quiet}>
                {line.binding ? keysLabel(line.binding.presses, keybindings.mac) : t('plugins.keys.none')}
              </kbd>
              <IconButton small label={t('plugins.keys.change', line.title)} onClick={() => void setEditing(line)}>
                <Pencil size={13} aria-hidden="true" />
              </IconButton>
              <Show when={line.rivals.length > 0}>
                <span class={styles.problem}>{t('plugins.keys.conflict', line.rivals.join(', '))}</span>
              </Show>
            </li>
          )}
        </For>
      </ul>
      <Show when={editing()}>
        {(line) => <PressDialog line={line()} onClose={() => void setEditing(null)} onChange={change} />}
      </Show>
    </div>
  );
}

/** Takes the next keys that are pressed. */
function PressDialog(props: {
  line: Line;
  onClose(): void;
  onChange(command: string, keys: string | null): void;
}): JSX.Element {
  const { commands, language } = useWorkbench();
  const { t, locale } = language;
  const { keybindings } = commands.host;
  const [presses, setPresses] = createSignal<readonly Press[]>([]);
  let field: HTMLInputElement | undefined;
  const taken = (): string | undefined => {
    const keys = presses().join(' ');
    const other = keybindings.all().find((one) => one.presses.join(' ') === keys && one.command !== props.line.command);
    return other && commands.host.commands.get(other.command)?.title(locale());
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' || event.key === 'Tab' || (event.key === 'Enter' && presses().length > 0)) return;
    const press = pressOf(event);
    event.preventDefault();
    event.stopPropagation();
    if (press) setPresses((before) => (before.length === 1 ? [...before, press] : [press]));
  };
  return (
    <Dialog
      open
      title={t('plugins.keys.change', props.line.title)}
      closeLabel={t('common.close')}
      onClose={() => props.onClose()}
      initialFocus={() => field ?? null}
      footer={
        <>
          <Button onClick={() => props.onChange(props.line.command, null)}>{t('plugins.settings.reset')}</Button>
          <Button onClick={() => props.onChange(props.line.command, '')}>{t('plugins.keys.remove')}</Button>
          <Button
            variant="primary"
            disabled={presses().length === 0}
            onClick={() => props.onChange(props.line.command, presses().join(' '))}
          >
            {t('plugins.keys.save')}
          </Button>
        </>
      }
    >
      <div class={styles.consent}>
        <input
          class={styles.presses}
          data-takes-keys
          readonly
          aria-label={t('plugins.keys.press')}
          placeholder={t('plugins.keys.press')}
          value={keysLabel(presses(), keybindings.mac)}
          onKeyDown={onKeyDown}
          ref={(element) => {
            field = element;
          }}
        />
        <Show when={taken()}>
          {(other) => <span class={styles.problem}>{t('plugins.keys.conflict', other())}</span>}
        </Show>
      </div>
    </Dialog>
  );
}
