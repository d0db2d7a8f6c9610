import type { Locale } from './locale.ts';

const formatters = new Map<string, Intl.NumberFormat>();

function formatter(locale: Locale, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${locale}${JSON.stringify(options)}`;
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat(locale, options);
  formatters.set(key, made);
  return made;
}

/** A count, grouped by the language's custom: 541,909. */
export function countIn(locale: Locale, value: number): string {
  return formatter(locale, { maximumFractionDigits: 0 }).format(value);
}

/** A figure with at most `digits` decimals. */
export function figureIn(locale: Locale, value: number, digits = 2): string {
  return formatter(locale, { maximumFractionDigits: digits }).format(value);
}

const sizes = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** Bytes in the largest unit that leaves at least one, decimal units as file managers use them: 38 MB. */
export function bytesIn(locale: Locale, bytes: number): string {
  let size = 0;
  let value = bytes;
  while (value >= 1000 && size < sizes.length - 1) {
    value /= 1000;
    size += 1;
  }
  return `${figureIn(locale, value, value < 10 && size > 0 ? 1 : 0)} ${sizes[size]}`;
}
