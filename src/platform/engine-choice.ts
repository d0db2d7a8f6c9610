import type { EngineContribution, NamedColumns, ReductionRequest } from '@patron/sdk';
import { checkNamedColumns } from './check-result.ts';
import { RefusedError } from './connection.ts';
import type { ContributionRegistry } from './contribution-registry.ts';
import { Emitter } from './emitter.ts';
import type { InstalledPlugin } from './installed-plugin.ts';

/** Asks an engine by its id. */
type AskById = (id: string, request: ReductionRequest, signal: AbortSignal) => Promise<NamedColumns>;

/**
 * Which engine the user has chosen to answer reductions, if any. Without one, or once its plugin is gone, every analysis reduces
 * by its own kernels.
 */
export class EngineChoice {
  readonly #contributions: ContributionRegistry;
  readonly #askById: AskById;
  readonly #asked = new Emitter<string>();
  #id: string | undefined;
  /** Fired with the id of the plugin whose analysis asked. */
  readonly onAsked = this.#asked.event;

  constructor(contributions: ContributionRegistry, askById: AskById) {
    this.#contributions = contributions;
    this.#askById = askById;
  }

  /** The engine that is chosen and there. */
  get chosen(): EngineContribution | undefined {
    return this.#contributions.all('engines').find(({ item }) => item.id === this.#id)?.item;
  }

  /** Chooses an engine by its id, or with undefined none. It need not be there yet. */
  choose(id: string | undefined): void {
    this.#id = id;
  }

  /**
   * Has the chosen engine answer a reduction for an analysis of the plugin.
   * @throws RefusedError where no analysis of it runs, or no engine is chosen that knows the reduction.
   */
  async ask(plugin: InstalledPlugin, request: ReductionRequest, signal: AbortSignal): Promise<NamedColumns> {
    if (!plugin.runsAnalysis) throw new RefusedError('denied', 'An engine is asked only while an analysis runs.');
    const engine = this.chosen;
    if (!engine?.reductions.includes(request.reduction))
      throw new RefusedError('denied', `No engine is chosen that knows '${request.reduction}'.`);
    await checkNamedColumns({
      columns: Object.entries(request.columns).map(([name, column]) => ({ name, column })),
    }).catch((error: Error) => {
      throw new RefusedError('bad-argument', error.message);
    });
    this.#asked.fire(plugin.id);
    return this.#askById(engine.id, request, signal);
  }
}
