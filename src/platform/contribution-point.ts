import type { Contributions } from '@patron/sdk';
import type { GenericSchema } from 'valibot';
import type { Report } from './problem.ts';

export type PointName = keyof Contributions;

/** What the items of `contributes.<name>` are. One file in `points/` makes one of these. */
export interface ContributionPoint<Item> {
  readonly name: PointName;
  /** What one item looks like; also the source of the JSON Schema for editors. */
  readonly schema: GenericSchema<unknown, Item>;
  /** The ids that the item claims; each belongs to the first plugin that claims it. */
  ids(item: Item): readonly string[];
  /** What the schema cannot say: references within the item, clauses that must read. `path` is that of the item. */
  check?(item: Item, path: string, report: Report): void;
}
