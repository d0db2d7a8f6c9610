import { type Disposable, toDisposable } from './disposable.ts';

/** Where one listens: calls `listener` with every value from now on, until disposed. */
export type Listen<T> = (listener: (value: T) => void) => Disposable;

/**
 * Tells its listeners. A listener that throws does not keep the others from being told; its error is thrown again outside
 * of `fire`, as an uncaught one.
 */
export class Emitter<T> implements Disposable {
  #listeners = new Set<{ readonly call: (value: T) => void }>();

  get size(): number {
    return this.#listeners.size;
  }

  readonly event: Listen<T> = (listener) => {
    const entry = { call: listener };
    this.#listeners.add(entry);
    return toDisposable(() => this.#listeners.delete(entry));
  };

  fire(value: T): void {
    for (const { call } of [...this.#listeners]) {
      try {
        call(value);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  dispose(): void {
    this.#listeners.clear();
  }
}
