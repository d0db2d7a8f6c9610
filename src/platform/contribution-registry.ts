import type { PluginManifest } from '@patron/sdk';
import type { ContributionPoint, PointName } from './contribution-point.ts';
import { contributionPoints, type ItemOf } from './contribution-points.ts';
import { type Disposable, toDisposable } from './disposable.ts';
import { Emitter } from './emitter.ts';
import { at, type PluginProblem } from './problem.ts';
import { platformText } from './texts.ts';

/** One contribution and who made it. */
export interface Contributed<Item> {
  readonly pluginId: string;
  readonly item: Item;
}

/** What changed at a contribution point. */
export interface ContributionChange<Item> {
  readonly added: readonly Contributed<Item>[];
  readonly removed: readonly Contributed<Item>[];
}

/** Is told all contributions of a point, and what was added and removed since it was last told. */
export type ContributionHandler<Item> = (all: readonly Contributed<Item>[], change: ContributionChange<Item>) => void;

/**
 * The contributions of all plugins that are switched on, by point. A plugin's contributions come and go together; each id
 * belongs to the first plugin that claims it, and a second claim is reported and skipped.
 */
export class ContributionRegistry {
  readonly #contributed = new Map<PointName, readonly Contributed<unknown>[]>();
  readonly #owners = new Map<string, string>();
  readonly #changes = new Map<PointName, Emitter<ContributionChange<unknown>>>();

  /** Adds all contributions of a manifest that was read; disposing takes them away again. */
  add(manifest: PluginManifest): { readonly registration: Disposable; readonly problems: readonly PluginProblem[] } {
    const pluginId = manifest.id;
    const problems: PluginProblem[] = [];
    const claimed: string[] = [];
    const mine = new Map<PointName, Contributed<unknown>[]>();
    for (const [name, items] of Object.entries(manifest.contributes ?? {}) as [PointName, readonly unknown[]][]) {
      const point = contributionPoints[name] as ContributionPoint<unknown>;
      const kept = items.filter((item, i) => {
        const taken = point.ids(item).find((id) => this.#owners.has(`${name} ${id}`));
        if (taken !== undefined) {
          const owner = this.#owners.get(`${name} ${taken}`) as string;
          const problem = platformText('platform.duplicate', { id: taken, owner });
          problems.push({ pluginId, point: name, path: at(`contributes.${name}`, i), problem });
          return false;
        }
        for (const id of point.ids(item)) {
          this.#owners.set(`${name} ${id}`, pluginId);
          claimed.push(`${name} ${id}`);
        }
        return true;
      });
      if (kept.length > 0)
        mine.set(
          name,
          kept.map((item) => ({ pluginId, item })),
        );
    }
    for (const [name, added] of mine) this.#change(name, { added, removed: [] });
    const registration = toDisposable(() => {
      for (const claim of claimed) this.#owners.delete(claim);
      for (const [name, removed] of mine) this.#change(name, { added: [], removed });
    });
    return { registration, problems };
  }

  /** All contributions of a point, in the order in which they were added. */
  all<Name extends PointName>(name: Name): readonly Contributed<ItemOf<Name>>[] {
    return (this.#contributed.get(name) ?? []) as readonly Contributed<ItemOf<Name>>[];
  }

  /** Tells the handler at once what is there, and from then on what changes. */
  handle<Name extends PointName>(name: Name, handler: ContributionHandler<ItemOf<Name>>): Disposable {
    const all = this.all(name);
    if (all.length > 0) handler(all, { added: all, removed: [] });
    return this.#emitter(name).event((change) => handler(this.all(name), change as ContributionChange<ItemOf<Name>>));
  }

  #change(name: PointName, change: ContributionChange<unknown>): void {
    const kept = (this.#contributed.get(name) ?? []).filter((one) => !change.removed.includes(one));
    this.#contributed.set(name, [...kept, ...change.added]);
    this.#emitter(name).fire(change);
  }

  #emitter(name: PointName): Emitter<ContributionChange<unknown>> {
    let emitter = this.#changes.get(name);
    if (!emitter) {
      emitter = new Emitter();
      this.#changes.set(name, emitter);
    }
    return emitter;
  }
}
