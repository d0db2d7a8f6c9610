import type { DelimitedCell } from '../delimited-writer.ts';
import type { MergedCells } from './merged-cells.ts';

/** A row of values as they stand, by column; what merged cells cover is empty. */
export interface SheetRow {
  /** In the sheet, from 0. */
  readonly index: number;
  readonly cells: readonly (DelimitedCell | undefined)[];
}

export interface FoundHeader {
  /** Texts of the rows above the table. */
  readonly title: readonly string[];
  readonly columns: readonly number[];
  /** Names of the columns; undefined where there is no header. */
  readonly names: readonly string[] | undefined;
  /** Of how many rows the header is made. */
  readonly headerRows: number;
  /** The rows from the table's first on, the header left out. */
  readonly body: readonly SheetRow[];
}

const MOST_HEADER_ROWS = 4;
const JOINT = ' / ';

/**
 * Finds where a table begins among the first rows of a sheet. Rows above it that fill less than half its width are its title.
 * A header is one row of names or several, joined by merged cells; names that occur twice are told apart by the row above.
 */
export function findHeader(rows: readonly SheetRow[], merged: MergedCells, header: boolean | undefined): FoundHeader {
  const filled = rows.filter((row) => widthOf(row, merged) > 0);
  const widest = Math.max(0, ...filled.map((row) => widthOf(row, merged)));
  const enough = Math.max(widest > 1 ? 2 : 1, widest / 2);
  let start = Math.max(
    0,
    filled.findIndex((row) => widthOf(row, merged) >= enough),
  );
  const columns = columnsOf(filled.slice(start), merged);
  const isNamed = header ?? looksNamed(filled.slice(start), columns);
  if (!isNamed || filled.length === 0) {
    return {
      title: titleOf(filled.slice(0, start)),
      columns,
      names: undefined,
      headerRows: 0,
      body: filled.slice(start),
    };
  }
  let depth = 1;
  while (depth < MOST_HEADER_ROWS && reachesBelow(filled, start, depth, merged, columns)) depth++;
  let parts = columns.map((column) => nameParts(filled.slice(start, start + depth), column, merged));
  const above = filled[start - 1];
  if (above && above.index + 1 === filled[start].index && repeats(parts) && groupsOf(above) > 1) {
    const groups = rightwards(above, columns, merged);
    parts = parts.map((names, index) => (groups[index] === '' ? names : [groups[index], ...names]));
    start--;
    depth++;
  }
  const names = parts.map((part) => part.join(JOINT));
  return {
    title: titleOf(filled.slice(0, start)),
    columns,
    names,
    headerRows: depth,
    body: filled.slice(start + depth),
  };
}

/** The text of a cell as a name shows it. */
export function nameOf(cell: DelimitedCell | undefined): string {
  if (!cell) return '';
  if ('text' in cell) return cell.text.trim().replace(/\s*\n\s*/g, ' ');
  return 'bare' in cell ? cell.bare : String(cell.number);
}

/** How many columns a row fills; what is merged across fills all of its columns unless nothing stands beside it. */
function widthOf(row: SheetRow, merged: MergedCells): number {
  let cells = 0;
  let width = 0;
  row.cells.forEach((cell, column) => {
    if (!cell) return;
    cells++;
    width += merged.columnsFrom(row.index, column);
  });
  return cells === 1 ? 1 : width;
}

function columnsOf(rows: readonly SheetRow[], merged: MergedCells): number[] {
  let first = Number.POSITIVE_INFINITY;
  let last = -1;
  for (const row of rows) {
    row.cells.forEach((cell, column) => {
      if (!cell) return;
      first = Math.min(first, column);
      last = Math.max(last, column + merged.columnsFrom(row.index, column) - 1);
    });
  }
  return last < 0 ? [] : Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** Whether the first row holds names: texts, and years or days where what stands below is of another kind. */
function looksNamed(rows: readonly SheetRow[], columns: readonly number[]): boolean {
  const [first, ...below] = rows;
  if (!first) return false;
  let texts = 0;
  for (const column of columns) {
    const cell = first.cells[column];
    if (!cell) continue;
    if ('text' in cell) texts++;
    else if (!isPeriod(cell) || below.some((row) => isPeriod(row.cells[column]))) return false;
  }
  return texts > 0;
}

function isPeriod(cell: DelimitedCell | undefined): boolean {
  if (!cell || 'text' in cell) return false;
  if ('bare' in cell) return /^\d{4}-/.test(cell.bare);
  return Number.isInteger(cell.number) && cell.number >= 1900 && cell.number <= 2100;
}

/** Whether the header's last row so far goes on in the next: by a cell merged down to it, or by one merged across that it divides. */
function reachesBelow(
  rows: readonly SheetRow[],
  start: number,
  depth: number,
  merged: MergedCells,
  columns: readonly number[],
): boolean {
  const next = rows[start + depth];
  if (!next || next.index !== rows[start].index + depth) return false;
  const onlyNames = columns.every((column) => {
    const cell = next.cells[column];
    return !cell || 'text' in cell || isPeriod(cell);
  });
  if (!onlyNames) return false;
  return columns.some((column) => {
    for (let r = start; r < start + depth; r++) if (merged.endRowFrom(rows[r].index, column) >= next.index) return true;
    const across = merged.columnsFrom(rows[start + depth - 1].index, column);
    return across > 1 && across < columns.length;
  });
}

/** The names over a column from top to bottom, without what a cell merged downwards says again. */
function nameParts(rows: readonly SheetRow[], column: number, merged: MergedCells): string[] {
  const parts: string[] = [];
  for (const row of rows) {
    const anchor = merged.anchorOf(row.index, column);
    if (anchor && anchor.startRow !== row.index) continue;
    const name = nameOf(row.cells[anchor ? anchor.startColumn : column]);
    if (name !== '' && name !== parts.at(-1)) parts.push(name);
  }
  return parts;
}

function repeats(parts: readonly (readonly string[])[]): boolean {
  const names = parts.map((part) => part.join(JOINT)).filter((name) => name !== '');
  return new Set(names).size < names.length;
}

function groupsOf(row: SheetRow): number {
  return row.cells.reduce((count, cell) => count + (cell && 'text' in cell ? 1 : 0), 0);
}

/** The names of groups, each over its column and the empty ones to its right. */
function rightwards(row: SheetRow, columns: readonly number[], merged: MergedCells): string[] {
  let group = '';
  return columns.map((column) => {
    const anchor = merged.anchorOf(row.index, column);
    const name = nameOf(row.cells[anchor ? anchor.startColumn : column]);
    if (name !== '') group = name;
    return group;
  });
}

function titleOf(rows: readonly SheetRow[]): string[] {
  return rows.map((row) =>
    row.cells
      .map(nameOf)
      .filter((text) => text !== '')
      .join(' ')
      .slice(0, 200),
  );
}
