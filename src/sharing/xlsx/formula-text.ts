import { xlsxColumnName, xlsxColumnOf } from '../../tables/index.ts';

/** Why a formula is kept as its value. */
export type FormulaFault =
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'name'; readonly name: string }
  /** A reference to a sheet that was not brought in. */
  | { readonly kind: 'sheet'; readonly name: string }
  /** A reference to another workbook, or by the headings of an Excel table. */
  | { readonly kind: 'reference' };

export interface FormulaSetting {
  /** How far the formula is from where it was written down. */
  readonly rows: number;
  readonly columns: number;
  /** What a sheet of the file is called here; undefined where it is not here. */
  sheet(name: string): string | undefined;
  hasFunction(name: string): boolean;
  hasName(name: string): boolean;
}

/** Excel's own limit. */
const LONGEST = 8192;
const LAST_ROW = 1_048_576;
const LAST_COLUMN = 16_383;
const SHEET = String.raw`(?:'(?:[^']|'')+'|[\p{L}_][\p{L}\p{N}_.]*)!`;
const TOKEN = new RegExp(
  [
    `(?<text>"(?:[^"]|"")*")`,
    String.raw`(?<error>#(?:REF!|N/A|DIV/0!|NAME\?|NULL!|NUM!|VALUE!|SPILL!|CALC!))`,
    `(?<sheet>${SHEET})`,
    String.raw`(?<rows>\$?\d{1,7}:\$?\d{1,7}(?![\p{L}\p{N}_.(]))`,
    String.raw`(?<number>\d+\.?\d*(?:E[-+]?\d+)?|\.\d+(?:E[-+]?\d+)?)`,
    String.raw`(?<columns>\$?[A-Z]{1,3}:\$?[A-Z]{1,3}(?![\p{L}\p{N}_.(!]))`,
    String.raw`(?<call>[\p{L}_][\p{L}\p{N}_.]*)(?=\()`,
    String.raw`(?<cell>\$?[A-Z]{1,3}\$?\d{1,7})(?![\p{L}\p{N}_.(!])`,
    String.raw`(?<word>[\p{L}_\\][\p{L}\p{N}_.\\?]*)`,
    String.raw`(?<bracket>\[)`,
    String.raw`(?<other>[\s\S])`,
  ].join('|'),
  'giu',
);

/**
 * A formula of a workbook as a sheet here understands it: moved, with the names that its sheets have here, and without the
 * marks that Excel sets before newer functions, unless `writeFunction` sets them. What cannot be understood says why.
 */
export function rewriteFormula(
  text: string,
  setting: FormulaSetting,
  writeFunction: (name: string) => string = (name) => name,
): { readonly formula: string } | { readonly fault: FormulaFault } {
  if (text.length > LONGEST) return { fault: { kind: 'reference' } };
  let fault: FormulaFault | undefined;
  const formula = text.replace(TOKEN, (token: string, ...found: unknown[]) => {
    const groups = found.at(-1) as Record<string, string | undefined>;
    if (groups.sheet !== undefined) {
      const name = sheetOf(token);
      const here = /\[|:/.test(name) ? undefined : setting.sheet(name);
      if (here === undefined) fault ??= name.includes('[') ? { kind: 'reference' } : { kind: 'sheet', name };
      return here === undefined ? token : sheetReference(here);
    }
    if (groups.call !== undefined) {
      const name = token.replace(/^(_xlfn\.|_xlws\.|_xludf\.)+/i, '').toUpperCase();
      if (!setting.hasFunction(name)) fault ??= { kind: 'function', name };
      return writeFunction(name);
    }
    if (groups.bracket !== undefined) fault ??= { kind: 'reference' };
    if (groups.cell !== undefined) return movedCell(token, setting);
    if (groups.columns !== undefined) return ends(token, (end) => movedColumn(end, setting.columns));
    if (groups.rows !== undefined) return ends(token, (end) => movedRow(end, setting.rows));
    // The names within LET and LAMBDA.
    if (groups.word !== undefined && /^_xlpm\./i.test(token)) return token.slice(6);
    if (groups.word !== undefined && !/^(true|false)$/i.test(token) && !setting.hasName(token))
      fault ??= { kind: 'name', name: token };
    return token;
  });
  return fault ? { fault } : { formula };
}

/** A sheet's name as a formula writes it. */
function sheetReference(name: string): string {
  return /^[\p{L}_][\p{L}\p{N}_]*$/u.test(name) && !/^[a-z]{1,3}\d+$/i.test(name)
    ? `${name}!`
    : `'${name.replaceAll("'", "''")}'!`;
}

function sheetOf(token: string): string {
  const name = token.slice(0, -1);
  return name.startsWith("'") ? name.slice(1, -1).replaceAll("''", "'") : name;
}

function movedCell(token: string, { rows, columns }: FormulaSetting): string {
  if (rows === 0 && columns === 0) return token.toUpperCase();
  const split = token.search(/\$?\d/);
  const column = movedColumn(token.slice(0, split), columns);
  const row = movedRow(token.slice(split), rows);
  return column === undefined || row === undefined ? '#REF!' : column + row;
}

function ends(token: string, move: (end: string) => string | undefined): string {
  const moved = token.split(':').map(move);
  return moved.includes(undefined) ? '#REF!' : moved.join(':');
}

function movedColumn(text: string, columns: number): string | undefined {
  if (text.startsWith('$') || columns === 0) return text.toUpperCase();
  const column = xlsxColumnOf(text) + columns;
  return column < 0 || column > LAST_COLUMN ? undefined : xlsxColumnName(column);
}

function movedRow(text: string, rows: number): string | undefined {
  if (text.startsWith('$')) return text;
  const row = Number(text) + rows;
  return row < 1 || row > LAST_ROW ? undefined : String(row);
}
