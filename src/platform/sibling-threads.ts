import type { PluginProcess } from './plugin-process.ts';
import type { HostMethods, StopReason } from './protocol.ts';

/**
 * The further threads of one plugin, which run its kernels beside its own thread. They start with the first spread that needs
 * them and end with the plugin. One that ended is replaced at the next spread.
 */
export class SiblingThreads {
  readonly #make: () => PluginProcess;
  readonly #most: number;
  #processes: PluginProcess[] = [];

  constructor(make: () => PluginProcess, most: number) {
    this.#make = make;
    this.#most = most;
  }

  /**
   * Runs a kernel on each input; each thread takes the next input as soon as it is free. Results are in the order of inputs.
   * The first failure, or the signal, cancels what is still under way.
   */
  async spread({ kernel, inputs }: HostMethods['kernel.spread']['argument'], signal: AbortSignal): Promise<unknown[]> {
    const count = Math.min(this.#most, inputs.length);
    this.#processes = this.#processes.filter(({ ended }) => !ended);
    while (this.#processes.length < count) this.#processes.push(this.#make());
    const results = new Array<unknown>(inputs.length);
    const failure = new AbortController();
    // Two inputs may hold the same buffer, so only a single one is handed over.
    const options = { signal: AbortSignal.any([signal, failure.signal]), keep: inputs.length > 1 };
    let next = 0;
    const work = async (process: PluginProcess): Promise<void> => {
      while (next < inputs.length) {
        const at = next++;
        results[at] = await process.call('kernel.run', { kernel, input: inputs[at] }, options);
      }
    };
    try {
      await Promise.all(this.#processes.slice(0, count).map(work));
    } catch (error) {
      failure.abort(error);
      throw error;
    }
    return results;
  }

  get traffic(): { readonly bytesIn: number; readonly bytesOut: number } {
    let bytesIn = 0;
    let bytesOut = 0;
    for (const { traffic } of this.#processes) {
      bytesIn += traffic.bytesIn;
      bytesOut += traffic.bytesOut;
    }
    return { bytesIn, bytesOut };
  }

  /** Ends them; the next spread starts new ones. */
  stop(reason: StopReason): void {
    const stopped = this.#processes;
    this.#processes = [];
    for (const process of stopped) process.stop(reason);
  }
}
