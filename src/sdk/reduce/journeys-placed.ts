import type { Blocks, Survey } from './journeys-blocks.ts';
import type { JourneyEvents, RowRange } from './journeys-events.ts';
import { PIECE, pieceReader } from './journeys-pieces.ts';

/**
 * An event as two words of 32 bits: `tick << classBits | class`, a tick being a time counted from the first, and the row.
 * What both leave free takes the unit's place in its block.
 */
export interface PairFormat {
  readonly firstTime: number;
  readonly classBits: number;
  readonly tickBits: number;
  readonly rowBits: number;
}

/** Room for the events of a table by block: for each block the events of each range of rows, in the order of rows. */
export interface Room {
  /** By range of rows, where its events of each block begin. */
  readonly starts: readonly Uint32Array[];
  readonly pairs?: { readonly format: PairFormat; readonly words: Int32Array };
  /** Where times are not whole, or span too much for pairs. */
  readonly columns?: {
    readonly time: Float64Array;
    readonly row: Uint32Array;
    readonly classOf: Uint16Array;
    readonly unit: Uint16Array;
  };
}

/** Events that have been placed. */
export interface PlacedEvents extends Room {
  /** By range of rows, how many events of each block there are. */
  readonly counts: readonly Uint32Array[];
}

/** Makes room for the rows that the surveys of consecutive ranges of rows have found. */
export function layOut(
  events: JourneyEvents,
  blocks: Blocks,
  surveys: readonly Survey[],
  memory: (bytes: number) => ArrayBufferLike,
): Room {
  const starts = surveys.map(() => new Uint32Array(blocks.count));
  let end = 0;
  for (let block = 0; block < blocks.count; block++) {
    surveys.forEach(({ counts }, part) => {
      starts[part][block] = end;
      end += counts[block];
    });
  }
  const format = pairFormat(events, blocks, surveys);
  if (format) return { starts, pairs: { format, words: new Int32Array(memory(end * 8)) } };
  return {
    starts,
    columns: {
      time: new Float64Array(memory(end * 8)),
      row: new Uint32Array(memory(end * 4)),
      classOf: new Uint16Array(memory(end * 2)),
      unit: new Uint16Array(memory(end * 2)),
    },
  };
}

/** More classes than 2^this make the lists by class too short to be worth while. */
const MOST_CLASS_BITS = 4;

function pairFormat(
  { unit, classOfCode }: JourneyEvents,
  { shift }: Blocks,
  surveys: readonly Survey[],
): PairFormat | undefined {
  const firstTime = Math.min(...surveys.map(({ earliest }) => earliest));
  const span = Math.max(...surveys.map(({ latest }) => latest)) - firstTime + 1;
  const classBits = bitsFor(classOfCode.reduce((most, c) => Math.max(most, c), 1) + 1);
  const tickBits = bitsFor(span);
  const rowBits = bitsFor(unit.length);
  const fits = tickBits + classBits <= 31 && tickBits + classBits + rowBits + shift <= 64;
  const plain = fits && classBits <= MOST_CLASS_BITS && surveys.every(({ whole }) => whole);
  return plain ? { firstTime, classBits, tickBits, rowBits } : undefined;
}

/** How many bits hold `count` different numbers. */
function bitsFor(count: number): number {
  let bits = 0;
  while (2 ** bits < count) bits++;
  return bits;
}

/**
 * Places the events of the `part`-th range of rows and gives how many came into each block. Whether an event counts cannot be
 * foretold, so each is written, and the next one overwrites it where it does not.
 */
export function placeRows(
  events: JourneyEvents,
  { shift }: Blocks,
  { starts, pairs, columns }: Room,
  { start, end }: RowRange,
  part: number,
): Uint32Array {
  const { units: limit, classOfCode, keepAll } = events;
  const counted = new Uint8Array(1 << 16).fill(1);
  if (!keepAll) counted[0] = 0;
  const unitsOf = pieceReader(events.unit, new Uint32Array(PIECE));
  const codesOf = pieceReader(events.code, new Uint16Array(PIECE));
  const next = starts[part].slice();
  const low = 2 ** shift - 1;
  const place = pairs ? pairsWriter(pairs) : columnsWriter(columns as NonNullable<Room['columns']>);
  for (let from = start; from < end; from += PIECE) {
    const to = Math.min(end, from + PIECE);
    place(unitsOf(from, to), codesOf(from, to), from, to);
  }
  return next.map((after, block) => after - starts[part][block]);

  function pairsWriter({ words, format }: NonNullable<Room['pairs']>): PieceWriter {
    const { firstTime, classBits, tickBits, rowBits } = format;
    const wordBits = tickBits + classBits;
    const besideWord = 32 - wordBits;
    const besideMask = 2 ** besideWord - 1;
    // Times span less than 2^31, so their differences are right whatever 32 bits leave of them.
    const timesOf = pieceReader(events.time, new Int32Array(PIECE));
    const first = firstTime | 0;
    return (unit, code, from, to) => {
      const time = timesOf(from, to);
      for (let i = 0; i < to - from; i++) {
        const u = unit[i];
        if (u >= limit) continue;
        const c = classOfCode[code[i]];
        const block = u >>> shift;
        const own = u & low;
        const at = next[block];
        words[at * 2] = ((time[i] - first) << classBits) | c | ((own & besideMask) << wordBits);
        words[at * 2 + 1] = (from + i) | ((own >>> besideWord) << rowBits);
        next[block] = at + counted[c];
      }
    };
  }

  function columnsWriter({ time: times, row, classOf, unit: units }: NonNullable<Room['columns']>): PieceWriter {
    const timesOf = pieceReader(events.time, new Float64Array(PIECE));
    return (unit, code, from, to) => {
      const time = timesOf(from, to);
      for (let i = 0; i < to - from; i++) {
        const u = unit[i];
        if (u >= limit) continue;
        const c = classOfCode[code[i]];
        const block = u >>> shift;
        const at = next[block];
        times[at] = time[i];
        classOf[at] = c;
        row[at] = from + i;
        units[at] = u & low;
        next[block] = at + counted[c];
      }
    };
  }
}

type PieceWriter = (unit: Uint32Array, code: Uint16Array, from: number, to: number) => void;
