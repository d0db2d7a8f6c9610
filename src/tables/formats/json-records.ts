import type { DelimitedCell } from './delimited-writer.ts';

const DEEPEST = 8;

/** Reads one JSON text, keeping whole numbers that a double cannot hold as text. */
export function parseJson(text: string): unknown {
  return JSON.parse(/\d{16}/.test(text) ? quoteLongNumbers(text) : text);
}

/** Puts quotes around whole numbers that a double cannot hold, outside of strings. */
function quoteLongNumbers(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?/g, (found) => {
    const long = found[0] !== '"' && found.length > 15 && /^-?\d+$/.test(found) && !Number.isSafeInteger(Number(found));
    return long ? `"${found}"` : found;
  });
}

/**
 * A record's values by column name: objects inside are spread as `outer.inner`, lists kept as JSON text. The values of
 * a record that is a list are named by their number, a record that is neither is one value under `value`.
 */
export function flattenRecord(record: unknown): Map<string, DelimitedCell> {
  const cells = new Map<string, DelimitedCell>();
  const put = (name: string, value: unknown, depth: number): void => {
    if (value !== null && typeof value === 'object' && !Array.isArray(value) && depth < DEEPEST) {
      for (const [key, inner] of Object.entries(value)) put(name === '' ? key : `${name}.${key}`, inner, depth + 1);
    } else cells.set(name === '' ? 'value' : name, cellOf(value));
  };
  if (Array.isArray(record)) for (const [index, value] of record.entries()) put(`column${index + 1}`, value, 1);
  else put('', record, 0);
  return cells;
}

function cellOf(value: unknown): DelimitedCell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return { number: value };
  if (typeof value === 'boolean') return { bare: value ? 'TRUE' : 'FALSE' };
  return { text: typeof value === 'string' ? value : JSON.stringify(value) };
}
