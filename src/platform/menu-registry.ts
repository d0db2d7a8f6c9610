import type { MenuContribution, MenuLocation } from '@patron/sdk';
import type { ContextKeys } from './context-keys.ts';
import { type Disposable, toDisposable } from './disposable.ts';
import { Emitter } from './emitter.ts';

/** Which commands stand in which menu. */
export class MenuRegistry {
  readonly #entries: MenuContribution[] = [];
  readonly #context: ContextKeys;
  readonly #changed = new Emitter<void>();
  readonly onChange = this.#changed.event;

  constructor(context: ContextKeys) {
    this.#context = context;
  }

  register(entry: MenuContribution): Disposable {
    this.#entries.push(entry);
    this.#changed.fire();
    return toDisposable(() => {
      this.#entries.splice(this.#entries.indexOf(entry), 1);
      this.#changed.fire();
    });
  }

  /** The entries of a menu whose clauses hold now, by group and order. */
  entries(location: MenuLocation): readonly MenuContribution[] {
    const shown = this.#entries.filter((entry) => entry.location === location && this.#context.holds(entry.when));
    return shown.sort((a, b) => (a.group ?? '').localeCompare(b.group ?? '', 'en') || (a.order ?? 0) - (b.order ?? 0));
  }

  /** Whether the palette offers the command: no entry for the palette hides it. */
  inPalette(command: string): boolean {
    const about = this.#entries.filter((entry) => entry.location === 'commandPalette' && entry.command === command);
    return about.length === 0 || about.some((entry) => this.#context.holds(entry.when));
  }
}
