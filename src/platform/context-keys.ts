import type { Disposable } from './disposable.ts';
import { Emitter } from './emitter.ts';
import { type ContextValue, evaluateWhen, parseWhen, type WhenClause } from './when-clause.ts';

/** What is the case in the app right now, for when-clauses: `workbookOpen`, `activeSheetKind` … */
export class ContextKeys implements Disposable {
  readonly #values = new Map<string, ContextValue>();
  readonly #clauses = new Map<string, WhenClause>();
  readonly #changed = new Emitter<string>();
  readonly onChange = this.#changed.event;

  get(key: string): ContextValue {
    return this.#values.get(key);
  }

  set(key: string, value: ContextValue): void {
    if (this.#values.get(key) === value) return;
    this.#values.set(key, value);
    this.#changed.fire(key);
  }

  /** Whether a when-clause holds now. None holds always; one that does not read never. */
  holds(clause: string | undefined): boolean {
    if (clause === undefined) return true;
    try {
      let parsed = this.#clauses.get(clause);
      if (!parsed) {
        parsed = parseWhen(clause);
        this.#clauses.set(clause, parsed);
      }
      return evaluateWhen(parsed, (key) => this.#values.get(key));
    } catch {
      return false;
    }
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
