import {
  CustomFunction,
  type FormulaFunctionResultValueType,
  type FormulaFunctionValueType,
} from '@univerjs/engine-formula';
import type { FunctionValue } from './custom-function.ts';
import type { CalledCell, FromFormulaWorker } from './formula-messages.ts';

/** Answers kept for each function; the oldest go first. */
const KEPT_ANSWERS = 20_000;
/** What a cell shows until its answer is there. */
const PENDING = '…';

interface Pending {
  readonly calls: Map<string, readonly FunctionValue[]>;
  readonly cells: CalledCell[];
}

/**
 * Functions that are worked out elsewhere, as the engine sees them: each call is answered at once, from the answers kept
 * or with a placeholder, and what is missing is asked for in one batch when the calculation has let go of the thread.
 * The engine's own asynchronous functions lose results when the user edits meanwhile; this way nothing can be lost.
 */
export function createFunctionShims(post: (message: FromFormulaWorker) => void) {
  const answers = new Map<string, Map<string, FunctionValue>>();
  const pending = new Map<string, Pending>();

  const send = (name: string): void => {
    const batch = pending.get(name);
    pending.delete(name);
    if (!batch) return;
    post({
      patron: 'calls',
      name,
      keys: [...batch.calls.keys()],
      calls: [...batch.calls.values()],
      cells: batch.cells,
    });
  };
  const ask = (name: string, key: string, call: readonly FunctionValue[], cell: CalledCell): void => {
    let batch = pending.get(name);
    if (!batch) {
      batch = { calls: new Map(), cells: [] };
      pending.set(name, batch);
      setTimeout(() => send(name));
    }
    batch.calls.set(key, call);
    batch.cells.push(cell);
  };

  class Shim extends CustomFunction {
    readonly #name: string;

    constructor(name: string, least: number, most: number) {
      super(name);
      this.#name = name;
      this.minParams = least;
      this.maxParams = most;
    }

    override calculateCustom(...given: FormulaFunctionValueType[]): FormulaFunctionResultValueType {
      const call = given as FunctionValue[];
      const key = JSON.stringify(call);
      const kept = answers.get(this.#name);
      // The engine keeps what it has once parsed, so a function may be called after it has been taken back.
      if (!kept) return '#NAME?';
      const known = kept.get(key);
      if (known !== undefined) return known as FormulaFunctionResultValueType;
      const { unitId, subUnitId, row, column } = this;
      ask(this.#name, key, call, { unitId: unitId ?? '', sheetId: subUnitId ?? '', row, column });
      return PENDING;
    }
  }

  return {
    shim(name: string, least: number, most: number): CustomFunction {
      answers.set(name, new Map());
      return new Shim(name, least, most);
    },
    answered(name: string, keys: readonly string[], values: readonly FunctionValue[]): void {
      const known = answers.get(name);
      if (!known) return;
      for (const [index, key] of keys.entries()) known.set(key, values[index] ?? '#VALUE!');
      for (const oldest of known.keys()) {
        if (known.size <= KEPT_ANSWERS) break;
        known.delete(oldest);
      }
    },
    forget(name: string): void {
      answers.delete(name);
      pending.delete(name);
    },
  };
}
