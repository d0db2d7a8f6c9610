import { type Column, isPresent, type NumericColumn } from '@patron/sdk';
import { shownCharacters, shownText } from './shown-text.ts';
import { passing, textTest } from './text-search.ts';

/** What is looked for in the cells of a table, without regard to case and as a sheet shows them. */
export interface CellSearch {
  readonly text: string;
  /** Only cells that hold nothing else. */
  readonly whole?: boolean;
}

/** The cells that were found, in reading order: row by row, and from left to right. */
export interface FoundCells {
  readonly cells: number;
  /** For each cell that is listed its place among the rows looked at, and its column among those looked at. */
  readonly places: Uint32Array<ArrayBuffer>;
  readonly columns: Uint16Array<ArrayBuffer>;
}

/** Cells that are listed; what is found beyond is only counted. */
const MOST_LISTED = 1_000_000;
const ROWS_AT_A_TIME = 1 << 16;

type CellTest = (row: number) => boolean;

/**
 * Looks through `rows` of `columns`, all of them where `rows` is absent. Awaits `pause` now and then and tells `onShare`
 * how far it is, from 0 to 1.
 */
export async function findCells(
  columns: readonly Column[],
  rows: Uint32Array | undefined,
  { text, whole = false }: CellSearch,
  pause: () => Promise<void>,
  onShare: (share: number) => void = () => {},
): Promise<FoundCells> {
  const tests: { readonly column: number; readonly test: CellTest }[] = [];
  for (const [index, column] of columns.entries()) {
    const test = text === '' ? undefined : cellTest(column, text, whole);
    if (test) tests.push({ column: index, test });
    await pause();
  }
  const total = rows?.length ?? columns[0]?.length ?? 0;
  let listed = 0;
  let cells = 0;
  let places = new Uint32Array(1024);
  let listedColumns = new Uint16Array(1024);
  const hits = tests.map(() => new Uint8Array(ROWS_AT_A_TIME));
  for (let from = 0; from < total && tests.length > 0; from += ROWS_AT_A_TIME) {
    const count = Math.min(ROWS_AT_A_TIME, total - from);
    let inBlock = 0;
    for (const [k, { test }] of tests.entries()) {
      const marks = hits[k];
      for (let i = 0; i < count; i++) {
        const hit = test(rows ? rows[from + i] : from + i) ? 1 : 0;
        marks[i] = hit;
        inBlock += hit;
      }
    }
    cells += inBlock;
    if (inBlock > 0 && listed < MOST_LISTED) {
      while (listed + inBlock > places.length) {
        places = widened(places, new Uint32Array(places.length * 4));
        listedColumns = widened(listedColumns, new Uint16Array(places.length));
      }
      for (let i = 0; i < count; i++) {
        for (let k = 0; k < tests.length; k++) {
          if (hits[k][i] === 0) continue;
          places[listed] = from + i;
          listedColumns[listed++] = tests[k].column;
        }
      }
    }
    onShare((from + count) / total);
    await pause();
  }
  const most = Math.min(listed, MOST_LISTED);
  return { cells, places: places.slice(0, most), columns: listedColumns.slice(0, most) };
}

function widened<A extends Uint32Array | Uint16Array>(from: A, to: A): A {
  to.set(from);
  return to;
}

function cellTest(column: Column, text: string, whole: boolean): CellTest | undefined {
  const test = column.type === 'string' ? textCellTest(column, text, whole) : numericCellTest(column, text, whole);
  if (!test || !column.validity) return test;
  return (row) => isPresent(column, row) && test(row);
}

function textCellTest(column: Column & { type: 'string' }, text: string, whole: boolean): CellTest | undefined {
  const place = whole ? 'whole' : 'anywhere';
  if (column.layout === 'plain') return textTest(column.text, text, place);
  const accepted = passing(column.dictionary, textTest(column.dictionary, text, place));
  const { codes } = column;
  return accepted.includes(1) ? (row) => accepted[codes[row]] === 1 : undefined;
}

/** Values in a range up to so wide, or up to a quarter as wide as there are rows, are written once each. */
const WIDEST_TABLE = 1 << 20;

function numericCellTest(column: NumericColumn, text: string, whole: boolean): CellTest | undefined {
  if (!shownCharacters(column).test(text)) return undefined;
  const sought = text.toUpperCase();
  const write = shownText(column);
  const fits = (stored: number): boolean => {
    const shown = write(stored).toUpperCase();
    return whole ? shown === sought : shown.includes(sought);
  };
  const { values } = column;
  let minimum = Number.POSITIVE_INFINITY;
  let maximum = Number.NEGATIVE_INFINITY;
  if (!(values instanceof Float64Array || values instanceof Float32Array)) {
    for (let i = 0; i < values.length; i++) {
      if (values[i] < minimum) minimum = values[i];
      if (values[i] > maximum) maximum = values[i];
    }
  }
  const range = maximum - minimum;
  if (!(range >= 0 && range < Math.max(WIDEST_TABLE, values.length / 4))) return (row) => fits(values[row]);
  const known = new Uint8Array(range + 1);
  for (let value = minimum; value <= maximum; value++) known[value - minimum] = fits(value) ? 1 : 0;
  return known.includes(1) ? (row) => known[values[row] - minimum] === 1 : undefined;
}
