import type { Json } from '@patron/sdk';
import { createEffect, onCleanup } from 'solid-js';
import { catalogues, closestLocale, type PlainKey } from '../i18n/index.ts';
import { keysLabel, type PluginHost, type Press, pressOf } from '../platform/index.ts';

/** A command of the app. Its title comes from the catalogue, so that it follows the language and is found in both. */
export interface AppCommand {
  readonly id: string;
  readonly title: PlainKey;
  readonly category: PlainKey;
  /** Keys as the platform reads them: `mod+shift+p`. Several lead to the same command. */
  readonly keys?: readonly string[];
  /** While this clause is false the command cannot run. */
  readonly when?: string;
  readonly inPalette?: boolean;
  run(argument: Json): unknown;
}

export interface Commands {
  readonly host: PluginHost;
  register(command: AppCommand): void;
  /** Runs a command; a failure is reported, not thrown. */
  run(id: string, argument?: Json): void;
  /** The keys of a command as a person reads them. */
  keysOf(id: string): string | undefined;
}

/** The commands of the app and of plugins, one registry for the palette, the menus, the keys and the buttons. */
export function createCommands(host: PluginHost, onFailure: (title: string, error: unknown) => void): Commands {
  const say = (key: PlainKey, locale: string): string => catalogues[closestLocale(locale)][key];
  const run = (id: string, argument: Json = null): void => {
    host.commands.execute(id, argument).catch((error) => {
      onFailure(host.commands.get(id)?.title(document.documentElement.lang) ?? id, error);
    });
  };
  return {
    host,
    run,
    register(command) {
      const registered = host.commands.register(
        command.id,
        {
          title: (locale) => say(command.title, locale),
          category: (locale) => say(command.category, locale),
          enablement: command.when,
          inPalette: command.inPalette,
        },
        command.run,
      );
      const bound = (command.keys ?? []).map((key) =>
        host.keybindings.register({ command: command.id, key, when: command.when }),
      );
      onCleanup(() => {
        registered.dispose();
        for (const binding of bound) binding.dispose();
      });
    },
    keysOf(id) {
      const binding = host.keybindings.bindingOf(id);
      return binding && keysLabel(binding.presses, host.keybindings.mac);
    },
  };
}

/** Runs the command that the pressed keys are bound to. Keys reach it before Univer sees them. */
export function listenForKeys(commands: Commands): void {
  let presses: Press[] = [];
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    // A field that asks for keys takes them all.
    if (event.target instanceof Element && event.target.closest('[data-takes-keys]')) return;
    const press = pressOf(event);
    if (press === undefined) return;
    const outcome = commands.host.keybindings.resolve([...presses, press]);
    presses = outcome.kind === 'pending' ? [...presses, press] : [];
    if (outcome.kind === 'none') return;
    event.preventDefault();
    event.stopPropagation();
    if (outcome.kind === 'command') commands.run(outcome.command, outcome.argument);
  };
  window.addEventListener('keydown', onKeyDown, { capture: true });
  onCleanup(() => window.removeEventListener('keydown', onKeyDown, { capture: true }));
}

/** Keeps a fact of the app in the context that when-clauses read. */
export function followContext(host: PluginHost, key: string, value: () => string | boolean): void {
  createEffect(() => host.context.set(key, value()));
}
