/** Something that was registered and can be taken back. Calls of `dispose` after the first are a no-op. */
export interface Disposable {
  dispose(): void;
}

/** Makes a disposable from what is to be done once. */
export function toDisposable(undo: () => void): Disposable {
  let done = false;
  return {
    dispose() {
      if (done) return;
      done = true;
      undo();
    },
  };
}

/**
 * Holds what belongs to one life and disposes it, last in first out, when that life ends. What is added after the end is
 * disposed at once. An error in one disposal does not keep the others from being disposed.
 */
export class DisposableStore implements Disposable {
  #held = new Set<Disposable>();
  #disposed = false;

  get size(): number {
    return this.#held.size;
  }

  get disposed(): boolean {
    return this.#disposed;
  }

  add<T extends Disposable>(item: T): T {
    if (this.#disposed) item.dispose();
    else this.#held.add(item);
    return item;
  }

  /** Adds what is to be done once at the end. */
  defer(undo: () => void): void {
    this.add(toDisposable(undo));
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    const errors: unknown[] = [];
    for (const item of [...this.#held].reverse()) {
      try {
        item.dispose();
      } catch (error) {
        errors.push(error);
      }
    }
    this.#held.clear();
    if (errors.length > 0) throw new AggregateError(errors, `${errors.length} disposals failed.`);
  }
}
