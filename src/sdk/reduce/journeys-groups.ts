import type { Blocks } from './journeys-blocks.ts';
import type { PlacedEvents } from './journeys-placed.ts';

/** The events of one block, put together by unit and class in arrays that grow and are used again. */
export interface PairsGroup {
  /** Events of class c of the block's unit u are `starts[u << classBits | c]` and on, in the order of rows. */
  readonly starts: Int32Array;
  /** `tick << classBits | class`. */
  words: Int32Array;
  rows: Int32Array;
  /** Puts a block together, unless it is the one that was read last. */
  read(block: number): void;
  /** Lets the next `read` put its block together anew: the events of the last one have been moved. */
  forget(): void;
}

export function pairsGroup(
  { starts: from, counts }: PlacedEvents,
  { words: pairs, format }: NonNullable<PlacedEvents['pairs']>,
  { shift }: Blocks,
): PairsGroup {
  const { classBits, tickBits, rowBits } = format;
  const slots = 2 ** (shift + classBits);
  const wordBits = tickBits + classBits;
  const besideWord = 32 - wordBits;
  const wordMask = 2 ** wordBits - 1;
  const rowMask = 2 ** rowBits - 1;
  const classMask = 2 ** classBits - 1;
  const next = new Int32Array(slots + 1);
  let current = -1;
  const group: PairsGroup = {
    starts: new Int32Array(slots + 1),
    words: new Int32Array(0),
    rows: new Int32Array(0),
    read(block) {
      if (block === current) return;
      current = block;
      const { starts } = group;
      starts.fill(0);
      for (let part = 0; part < from.length; part++) count(from[part][block], counts[part][block]);
      for (let slot = 0; slot < slots; slot++) starts[slot + 1] += starts[slot];
      if (starts[slots] > group.words.length) {
        const capacity = Math.max(starts[slots], group.words.length * 2);
        group.words = new Int32Array(capacity);
        group.rows = new Int32Array(capacity);
      }
      next.set(starts);
      for (let part = 0; part < from.length; part++) place(from[part][block], counts[part][block]);
    },
    forget() {
      current = -1;
    },
  };

  function count(first: number, length: number): void {
    const { starts } = group;
    for (let i = first * 2; i < (first + length) * 2; i += 2) {
      const word = pairs[i];
      const unit = (word >>> wordBits) | ((pairs[i + 1] >>> rowBits) << besideWord);
      starts[((unit << classBits) | (word & classMask)) + 1]++;
    }
  }

  function place(first: number, length: number): void {
    const { words, rows } = group;
    for (let i = first * 2; i < (first + length) * 2; i += 2) {
      const word = pairs[i];
      const row = pairs[i + 1];
      const unit = (word >>> wordBits) | ((row >>> rowBits) << besideWord);
      const at = next[(unit << classBits) | (word & classMask)]++;
      words[at] = word & wordMask;
      rows[at] = row & rowMask;
    }
  }

  return group;
}

/** The events of one block by unit: those of unit u are the placed events `at[starts[u]]` and on, in the order of rows. */
export interface ColumnsGroup {
  readonly starts: Int32Array;
  at: Uint32Array;
  read(block: number): void;
}

export function columnsGroup({ starts: from, counts, columns }: PlacedEvents, { shift }: Blocks): ColumnsGroup {
  const { unit } = columns as NonNullable<PlacedEvents['columns']>;
  const slots = 2 ** shift;
  const next = new Int32Array(slots + 1);
  let current = -1;
  const group: ColumnsGroup = {
    starts: new Int32Array(slots + 1),
    at: new Uint32Array(0),
    read(block) {
      if (block === current) return;
      current = block;
      const { starts } = group;
      starts.fill(0);
      for (let part = 0; part < from.length; part++) {
        const end = from[part][block] + counts[part][block];
        for (let i = from[part][block]; i < end; i++) starts[unit[i] + 1]++;
      }
      for (let slot = 0; slot < slots; slot++) starts[slot + 1] += starts[slot];
      if (starts[slots] > group.at.length) group.at = new Uint32Array(Math.max(starts[slots], group.at.length * 2));
      next.set(starts);
      const { at } = group;
      for (let part = 0; part < from.length; part++) {
        const end = from[part][block] + counts[part][block];
        for (let i = from[part][block]; i < end; i++) at[next[unit[i]]++] = i;
      }
    },
  };
  return group;
}
