import type { Cell, CellStyle, CellValue, RichTextRun, WriteSheet } from 'hucre';
import { excelFunction, spills } from './excel-functions.ts';
import { colourOf, excelFont, excelStyle, faceOf } from './excel-style.ts';
import { rewriteFormula } from './formula-text.ts';
import { safeLink } from './safe-link.ts';
import type { SheetStyle } from './sheet-style.ts';

/** The parts of a stored sheet that an XLSX file can hold. */
export interface StoredSheet {
  readonly hidden?: number;
  readonly cellData?: Readonly<Record<string, Readonly<Record<string, StoredCell | null>>>>;
  readonly rowData?: Readonly<
    Record<string, { readonly h?: number; readonly ah?: number; readonly hd?: number } | undefined>
  >;
  readonly columnData?: Readonly<Record<string, { readonly w?: number; readonly hd?: number } | undefined>>;
  readonly defaultColumnWidth?: number;
  readonly mergeData?: readonly {
    readonly startRow: number;
    readonly endRow: number;
    readonly startColumn: number;
    readonly endColumn: number;
  }[];
  readonly freeze?: { readonly xSplit?: number; readonly ySplit?: number };
  readonly showGridlines?: number;
  readonly rightToLeft?: number;
  readonly tabColor?: string;
  readonly defaultStyle?: string | SheetStyle | null;
}

interface StoredCell {
  readonly v?: string | number | boolean | null;
  /** Text 1, number 2, truth 3, text that looks like a number 4. */
  readonly t?: number | null;
  readonly s?: string | SheetStyle | null;
  readonly f?: string | null;
  /** The formula that it shares with another cell, so many columns and rows away. */
  readonly si?: string | null;
  /** Text in several fonts, with links. */
  readonly p?: {
    readonly body?: {
      readonly dataStream?: string;
      readonly textRuns?: readonly { readonly st: number; readonly ed: number; readonly ts?: SheetStyle }[];
      readonly customRanges?: readonly { readonly properties?: { readonly url?: unknown } }[];
    };
  } | null;
  readonly custom?: { readonly link?: unknown } | null;
}

export type StoredStyles = Readonly<Record<string, SheetStyle | null>>;

/** Pixels of a character of Excel's standard type, and of a point. */
const CHARACTER_PIXELS = 7;
const POINT_PIXELS = 4 / 3;
const USUAL_WIDTH = 88;

/** The type that a file's cells have of themselves. */
export interface OwnType {
  readonly name: string;
  readonly size: number;
}

/** What all sheets of a file share. */
export interface ExcelSetting {
  readonly styles: StoredStyles;
  readonly ownType: OwnType;
  /** Functions that Excel knows too. */
  readonly functions: ReadonlySet<string>;
  /** Names that stand for ranges, in small letters. */
  readonly names: ReadonlySet<string>;
  /** What a sheet is called in the file, by its name here in small letters. */
  readonly sheets: ReadonlyMap<string, string>;
}

/**
 * A stored sheet as an XLSX file has it: values, formulas with their results, styles, sizes, merged cells, frozen panes, links. A
 * formula that needs what the file lacks (a sheet that stays here, a plugin's function) goes as its value. Texts are text cells,
 * so none is run as a formula.
 */
export function excelSheet(name: string, sheet: StoredSheet, setting: ExcelSetting): WriteSheet {
  const { styles, ownType } = setting;
  const rows: CellValue[][] = [];
  const cells = new Map<string, Partial<Cell>>();
  const own = typeOf(sheet, styles);
  const ownStyle: SheetStyle =
    own.name === ownType.name && own.size === ownType.size ? {} : { ff: own.name, fs: own.size };
  const made = new Map<string, CellStyle | undefined>();
  const styleOf = (style: string | SheetStyle | null | undefined): CellStyle | undefined => {
    if (typeof style !== 'string') return excelStyle({ ...ownStyle, ...style });
    if (!made.has(style)) made.set(style, excelStyle({ ...ownStyle, ...styles[style] }));
    return made.get(style);
  };
  const formulas = new StoredFormulas(sheet, setting);
  let columns = lastKey(sheet.columnData) + 1;
  for (const [row, stored] of Object.entries(sheet.cellData ?? {})) {
    const at = Number(row);
    while (rows.length <= at) rows.push([]);
    for (const [column, cell] of Object.entries(stored)) {
      if (!cell) continue;
      const index = Number(column);
      columns = Math.max(columns, index + 1);
      const value = storedValue(cell);
      while (rows[at].length <= index) rows[at].push(null);
      rows[at][index] = value;
      const style = styleOf(cell.s);
      const formula = formulas.of(at, index, cell);
      const richText = formula ? undefined : runsOf(cell);
      const link = linkOf(cell);
      if (!style && !formula && !richText && link === undefined) continue;
      cells.set(`${at},${index}`, {
        value,
        ...(style ? { style } : {}),
        ...(formula ? { formula: formula.text, formulaResult: value, formulaDynamic: formula.spills } : {}),
        ...(richText ? { richText } : {}),
        ...(link === undefined ? {} : { hyperlink: { target: link } }),
      });
    }
  }
  const tab = colourOf({ rgb: sheet.tabColor });
  const { xSplit = 0, ySplit = 0 } = sheet.freeze ?? {};
  return {
    name,
    rows,
    cells,
    columns: Array.from({ length: columns }, (_, column) => ({
      width: Math.max(0, (sheet.columnData?.[column]?.w ?? sheet.defaultColumnWidth ?? USUAL_WIDTH) / CHARACTER_PIXELS),
      ...(sheet.columnData?.[column]?.hd ? { hidden: true } : {}),
    })),
    rowDefs: new Map(
      Object.entries(sheet.rowData ?? {}).flatMap(([row, data]) => {
        const height = data?.h === undefined ? undefined : data.h / POINT_PIXELS;
        if (height === undefined && !data?.hd) return [];
        return [[Number(row), { ...(height === undefined ? {} : { height }), ...(data?.hd ? { hidden: true } : {}) }]];
      }),
    ),
    merges: sheet.mergeData?.map(({ startRow, startColumn, endRow, endColumn }) => ({
      startRow,
      startCol: startColumn,
      endRow,
      endCol: endColumn,
    })),
    ...(xSplit > 0 || ySplit > 0 ? { freezePane: { rows: ySplit, columns: xSplit } } : {}),
    ...(sheet.hidden ? { hidden: true } : {}),
    view: {
      showGridLines: sheet.showGridlines !== 0,
      ...(sheet.rightToLeft ? { rightToLeft: true } : {}),
      ...(tab ? { tabColor: { rgb: tab } } : {}),
    },
  };
}

/** The type of a sheet's cells where they say nothing else. */
export function typeOf({ defaultStyle }: StoredSheet, styles: StoredStyles): OwnType {
  const own = typeof defaultStyle === 'string' ? styles[defaultStyle] : defaultStyle;
  return { name: own?.ff ? faceOf(own.ff) : 'Arial', size: own?.fs ?? 11 };
}

/** The formulas of a stored sheet, those that cells share written out for each. */
class StoredFormulas {
  readonly #setting: ExcelSetting;
  readonly #shared = new Map<string, { text: string; row: number; column: number }>();

  constructor(sheet: StoredSheet, setting: ExcelSetting) {
    this.#setting = setting;
    for (const [row, stored] of Object.entries(sheet.cellData ?? {})) {
      for (const [column, cell] of Object.entries(stored)) {
        if (cell?.f && cell.si) this.#shared.set(cell.si, { text: cell.f, row: Number(row), column: Number(column) });
      }
    }
  }

  of(row: number, column: number, { f, si }: StoredCell): { text: string; spills: boolean } | undefined {
    const shared = si ? this.#shared.get(si) : undefined;
    const text = f || shared?.text;
    if (!text?.startsWith('=')) return undefined;
    let isSpilling = false;
    const moved = rewriteFormula(
      text.slice(1),
      {
        rows: f || !shared ? 0 : row - shared.row,
        columns: f || !shared ? 0 : column - shared.column,
        sheet: (wanted) => this.#setting.sheets.get(wanted.toLowerCase()),
        hasFunction: (called) => this.#setting.functions.has(called),
        hasName: (wanted) => this.#setting.names.has(wanted.toLowerCase()),
      },
      (called) => {
        if (spills(called)) isSpilling = true;
        return excelFunction(called);
      },
    );
    return 'formula' in moved ? { text: moved.formula, spills: isSpilling } : undefined;
  }
}

function storedValue({ v, t, p }: StoredCell): CellValue {
  const rich = p?.body?.dataStream;
  if (rich !== undefined) return plainText(rich);
  if (v === undefined || v === null) return null;
  if (t === 3) return v === true || v === 1 || v === '1';
  if (t === 1 || t === 4) return String(v);
  return v;
}

function plainText(stream: string): string {
  return stream.replace(/\r\n$/, '').replaceAll('\r', '\n');
}

function runsOf({ p }: StoredCell): RichTextRun[] | undefined {
  const stream = p?.body?.dataStream;
  const runs = (p?.body?.textRuns ?? []).filter(({ st, ed, ts }) => ed > st && ts && excelFont(ts));
  if (stream === undefined || runs.length === 0) return undefined;
  const text = plainText(stream);
  const pieces: RichTextRun[] = [];
  let at = 0;
  for (const { st, ed, ts } of [...runs].sort((a, b) => a.st - b.st)) {
    if (st > at) pieces.push({ text: text.slice(at, st) });
    const from = Math.max(at, st);
    if (ed > from) pieces.push({ text: text.slice(from, ed), font: excelFont(ts ?? {}) });
    at = Math.max(at, ed);
  }
  if (at < text.length) pieces.push({ text: text.slice(at) });
  return pieces;
}

function linkOf({ custom, p }: StoredCell): string | undefined {
  const link = custom?.link ?? p?.body?.customRanges?.find(({ properties }) => properties?.url)?.properties?.url;
  return typeof link === 'string' ? safeLink(link) : undefined;
}

function lastKey(data: object | undefined): number {
  return Object.keys(data ?? {}).reduce((last, key) => Math.max(last, Number(key)), -1);
}
