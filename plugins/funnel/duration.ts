import { AnalysisError, type MessageArgument, message } from '@patron/sdk';

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/**
 * Milliseconds of a duration such as `14d`, `90m`, `1.5h`; Infinity for `none`. A day is 86,400 seconds whatever the clocks do.
 * @throws AnalysisError naming the parameter where the text is none, or is not positive.
 */
export function durationOf(value: unknown, path: string): number {
  if (value === 'none' || value === null || value === '') return Number.POSITIVE_INFINITY;
  const parts = typeof value === 'string' ? /^\s*(\d+(?:\.\d+)?)\s*([smhdw])\s*$/.exec(value) : null;
  const milliseconds = parts ? Number(parts[1]) * UNITS[parts[2]] : 0;
  if (milliseconds > 0) return milliseconds;
  throw new AnalysisError(
    `At ${path}: expected a duration such as '14d', '6h', '30m', '45s' or 'none', got '${String(value)}'.`,
    { path: `parameters.${path}`, text: message('error.duration', { value: String(value) }) },
  );
}

/** The window where none, or one that is not positive, is given. */
const USUAL_WINDOW = '14d';

/** The window to use: as given, or the usual one where it is missing or not positive. */
export function settledWindow(value: unknown): string {
  if (value === null || value === undefined || value === '') return USUAL_WINDOW;
  if (typeof value === 'number') return value > 0 ? `${value}d` : USUAL_WINDOW;
  return /^\s*(-|0+(\.0+)?\s*[smhdw]\s*$)/.test(String(value)) ? USUAL_WINDOW : String(value);
}

/** A window for people: "14 days". */
export function windowLength(window: string): MessageArgument {
  const milliseconds = durationOf(window, 'window');
  return Number.isFinite(milliseconds) ? { value: milliseconds / 1000, as: 'duration' } : window;
}
