import type { Json } from '@patron/sdk';
import type { ContextKeys } from './context-keys.ts';
import { type Disposable, toDisposable } from './disposable.ts';
import { Emitter } from './emitter.ts';
import { type Press, parseKeys } from './keys.ts';

/** A binding of keys to a command. `source` says who made it; the user's win over the app's, and those over plugins'. */
export interface Keybinding {
  readonly command: string;
  readonly presses: readonly Press[];
  readonly when?: string;
  readonly argument?: Json;
  readonly source: 'app' | 'plugin' | 'user';
  readonly pluginId?: string;
}

/** A binding as it is written: `key` for all, `mac` in its place on a Mac. */
export interface KeybindingRule {
  readonly command: string;
  readonly key: string;
  readonly mac?: string;
  readonly when?: string;
  readonly argument?: Json;
}

/** The user's own bindings. An empty `key` takes the command's other bindings away. */
export type UserKeybinding = KeybindingRule;

/** Bindings that want the same presses; `winner` is the one that runs where their clauses hold together. */
export interface KeybindingConflict {
  readonly presses: readonly Press[];
  readonly winner: Keybinding;
  readonly others: readonly Keybinding[];
}

/** What a press leads to: a command, the first half of a two-press binding, or nothing. */
export type KeyOutcome =
  | { readonly kind: 'command'; readonly command: string; readonly argument: Json }
  | { readonly kind: 'pending' }
  | { readonly kind: 'none' };

/** Which keys run what. */
export class KeybindingRegistry {
  readonly #rules: { rule: KeybindingRule; source: 'app' | 'plugin'; pluginId?: string }[] = [];
  readonly #context: ContextKeys;
  readonly #changed = new Emitter<void>();
  readonly onChange = this.#changed.event;
  readonly mac: boolean;
  #user: readonly UserKeybinding[] = [];

  constructor(context: ContextKeys, mac: boolean) {
    this.#context = context;
    this.mac = mac;
  }

  /** Adds a binding of the app or, with its id, of a plugin. */
  register(rule: KeybindingRule, pluginId?: string): Disposable {
    const entry = { rule, source: pluginId === undefined ? ('app' as const) : ('plugin' as const), pluginId };
    this.#rules.push(entry);
    this.#changed.fire();
    return toDisposable(() => {
      this.#rules.splice(this.#rules.indexOf(entry), 1);
      this.#changed.fire();
    });
  }

  get user(): readonly UserKeybinding[] {
    return this.#user;
  }

  /** Puts the user's own bindings in place of those before. */
  setUser(bindings: readonly UserKeybinding[]): void {
    this.#user = bindings;
    this.#changed.fire();
  }

  /** All bindings in force, strongest first. */
  all(): readonly Keybinding[] {
    const replaced = new Set(this.#user.map(({ command }) => command));
    const own = this.#user.flatMap((rule) => this.#bind(rule, 'user'));
    const rest = this.#rules.filter(({ rule }) => !replaced.has(rule.command));
    const from = (source: 'app' | 'plugin'): Keybinding[] =>
      rest.filter((one) => one.source === source).flatMap(({ rule, pluginId }) => this.#bind(rule, source, pluginId));
    return [...own.reverse(), ...from('app'), ...from('plugin')];
  }

  #bind(rule: KeybindingRule, source: Keybinding['source'], pluginId?: string): Keybinding[] {
    const presses = parseKeys((this.mac && rule.mac) || rule.key, this.mac);
    const { command, when, argument } = rule;
    return presses ? [{ command, presses, when, argument, source, pluginId }] : [];
  }

  /** The strongest binding of a command, for menus and the palette. */
  bindingOf(command: string): Keybinding | undefined {
    return this.all().find((binding) => binding.command === command);
  }

  /** Presses that more than one command wants. */
  conflicts(): KeybindingConflict[] {
    const byPresses = new Map<string, Keybinding[]>();
    for (const binding of this.all()) {
      const keys = binding.presses.join(' ');
      byPresses.set(keys, [...(byPresses.get(keys) ?? []), binding]);
    }
    return [...byPresses.values()]
      .filter((bindings) => new Set(bindings.map(({ command }) => command)).size > 1)
      .map(([winner, ...others]) => ({ presses: winner.presses, winner, others }));
  }

  /** Where the presses made so far lead. */
  resolve(presses: readonly Press[]): KeyOutcome {
    const fitting = this.all().filter(
      (binding) => presses.every((press, i) => binding.presses[i] === press) && this.#context.holds(binding.when),
    );
    const whole = fitting.find((binding) => binding.presses.length === presses.length);
    if (whole) return { kind: 'command', command: whole.command, argument: whole.argument ?? null };
    return { kind: fitting.length > 0 ? 'pending' : 'none' };
  }
}
