const DAY = 86_400_000;

/**
 * A time zone's offsets over a span of time: from `starts[i]` (UTC milliseconds) until `starts[i + 1]` the wall clock is
 * `offsets[i]` milliseconds ahead of UTC. `starts[0]` is −∞.
 */
export interface ZoneOffsets {
  readonly starts: Float64Array;
  readonly offsets: Float64Array;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterFor(timeZone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    try {
      formatter = new Intl.DateTimeFormat('en-US', {
        timeZone,
        calendar: 'gregory',
        numberingSystem: 'latn',
        hourCycle: 'h23',
        era: 'short',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      });
    } catch (cause) {
      throw new RangeError(`Time zone '${timeZone}' is not known here; use an IANA name such as 'Asia/Shanghai'.`, {
        cause,
      });
    }
    formatters.set(timeZone, formatter);
  }
  return formatter;
}

/**
 * How far the wall clock in `timeZone` (IANA name) is ahead of UTC at `instant`, in milliseconds.
 * @throws RangeError where the zone's name is not known.
 */
export function zoneOffset(timeZone: string, instant: number): number {
  const wholeSecond = Math.floor(instant / 1000) * 1000;
  const part: Record<string, string> = {};
  for (const { type, value } of formatterFor(timeZone).formatToParts(wholeSecond)) part[type] = value;
  const year = part.era === 'BC' ? 1 - Number(part.year) : Number(part.year);
  const wall = new Date(0);
  wall.setUTCFullYear(year, Number(part.month) - 1, Number(part.day));
  wall.setUTCHours(Number(part.hour), Number(part.minute), Number(part.second));
  return wall.getTime() - wholeSecond;
}

/** Offsets are looked for this far apart; a zone that left and came back to an offset within it would be missed. */
const STEP = 3 * DAY;

/**
 * All offsets of `timeZone` between two instants, both included, with every change (daylight saving or law) to the
 * second.
 * @throws RangeError where the zone's name is not known.
 */
export function zoneOffsets(timeZone: string, from: number, to: number): ZoneOffsets {
  let offset = zoneOffset(timeZone, from);
  const starts = [Number.NEGATIVE_INFINITY];
  const offsets = [offset];
  for (let at = from; at < to; at += STEP) {
    const end = Math.min(at + STEP, to);
    let low = at;
    while (zoneOffset(timeZone, end) !== offset) {
      let high = end;
      while (high - low > 1000) {
        const middle = low + Math.floor((high - low) / 2000) * 1000;
        if (zoneOffset(timeZone, middle) === offset) low = middle;
        else high = middle;
      }
      // Changes fall on whole seconds, so the bisection's upper end is rounded down to one.
      const change = Math.floor(high / 1000) * 1000;
      offset = zoneOffset(timeZone, change);
      starts.push(change);
      offsets.push(offset);
      low = change;
    }
  }
  return { starts: Float64Array.from(starts), offsets: Float64Array.from(offsets) };
}

/** Index into the offsets that hold at `instant`; `hint` is tried first. */
export function offsetIndex(zone: ZoneOffsets, instant: number, hint = 0): number {
  const { starts } = zone;
  if (instant >= starts[hint] && (hint + 1 === starts.length || instant < starts[hint + 1])) return hint;
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle] <= instant) low = middle;
    else high = middle - 1;
  }
  return low;
}
