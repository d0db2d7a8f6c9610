import type { Journeys } from '@patron/sdk';

/** The best journey of each owner, in each period of entry where there are any. */
export function ownedBest(
  found: Journeys,
  ownerOf: Uint32Array,
  entryPeriod: Int32Array | undefined,
  time: (row: number) => number,
): Journeys {
  const periods =
    entryPeriod === undefined ? undefined : new Map([...new Set(entryPeriod)].map((period, index) => [period, index]));
  const keyOf = (journey: number): number => {
    const owner = ownerOf[found.unit[journey]];
    if (periods === undefined || entryPeriod === undefined) return owner;
    return owner * periods.size + (periods.get(entryPeriod[found.rows[journey * found.steps]]) as number);
  };
  const best = bestByKey(found, keyOf, time).journeys;
  return { ...best, unit: best.unit.map((unit) => ownerOf[unit]) };
}

/** Of the journeys of one key the deepest, and of those the first to get there, in the order of their keys' first journeys. */
export function bestByKey(
  found: Journeys,
  keyOf: (journey: number) => number,
  time: (row: number) => number,
): { readonly journeys: Journeys; readonly chosen: Uint32Array } {
  const { steps } = found;
  const best = new Map<number, number>();
  const reachedAt = (journey: number): number => time(found.rows[journey * steps + found.depth[journey] - 1]);
  for (let journey = 0; journey < found.count; journey++) {
    const other = best.get(keyOf(journey));
    const deeper = other === undefined || found.depth[journey] > found.depth[other];
    const sooner =
      other !== undefined && found.depth[journey] === found.depth[other] && reachedAt(journey) < reachedAt(other);
    if (deeper || sooner) best.set(keyOf(journey), journey);
  }
  const chosen = Uint32Array.from(best.values());
  const rows = new Int32Array(chosen.length * steps);
  chosen.forEach((journey, index) => {
    rows.set(found.rows.subarray(journey * steps, (journey + 1) * steps), index * steps);
  });
  return {
    chosen,
    journeys: {
      count: chosen.length,
      steps,
      unit: chosen.map((journey) => found.unit[journey]),
      depth: Uint16Array.from(chosen, (journey) => found.depth[journey]),
      rows,
    },
  };
}
