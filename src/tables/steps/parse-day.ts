import { readTime, type TimeText } from '../time-text.ts';

const DAY = 86_400_000;
const encoder = new TextEncoder();
const time: TimeText = { day: 0, clock: 0, hasClock: false, zoned: false, first: 0, second: 0 };

/** A text as days or as milliseconds since 1970, read as an import reads it; NaN where it is neither. */
export function parseDay(text: string, kind: 'date' | 'timestamp'): number {
  const trimmed = encoder.encode(text.trim());
  const bytes = new Uint8Array(trimmed.length + 8);
  bytes.set(trimmed);
  if (!readTime(bytes, 0, trimmed.length, 'day-month', time)) return Number.NaN;
  return kind === 'date' ? time.day + Math.floor(time.clock / DAY) : time.day * DAY + time.clock;
}
