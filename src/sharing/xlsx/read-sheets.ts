import {
  type FileSource,
  gunzipSource,
  isGzip,
  readXlsxLayout,
  readXlsxStrings,
  readXlsxStyles,
  TableError,
  type XlsxCell,
  XlsxPackage,
  type XlsxRow,
  type XlsxRun,
  type XlsxStyles,
  xlsxRows,
} from '../../tables/index.ts';
import { type ColourReader, readColours } from './colours.ts';
import { SheetFormulas } from './formulas.ts';
import { leftOutOf, leftOutOfWorkbook } from './left-out.ts';
import { safeLink } from './safe-link.ts';
import type {
  LeftOut,
  ReadSheets,
  SheetCell,
  SheetCells,
  SheetDocument,
  SheetFrame,
  SheetsSetting,
} from './sheet-data.ts';
import { POINT_PIXELS, type SeenRows, sheetFrame } from './sheet-frame.ts';
import { freeSheetName } from './sheet-names.ts';
import { fontStyle, type SheetStyle, sheetStyle } from './sheet-style.ts';
import { MOST_CELLS, MOST_COLUMNS, MOST_ROWS, SheetTooLargeError } from './sheet-too-large.ts';

/** Cells that are handed over at a time. */
const BATCH = 10_000;
/** Days from 1900 to 1904, as serial numbers count. */
const SHIFT_1904 = 1462;
const EPOCH = 25_569;
const DAY = 86_400_000;

/**
 * Reads sheets of an XLSX file as sheets that can be edited: values, formulas, styles, sizes, merged cells. Cells are handed
 * over to `take` by sheet as they are read.
 * @throws TableError where the file is damaged; SheetTooLargeError where its sheets hold more than can be edited.
 */
export async function readSheets(
  source: FileSource,
  setting: SheetsSetting,
  take: (sheet: number, cells: SheetCells) => Promise<void> | void,
  signal?: AbortSignal,
): Promise<ReadSheets> {
  const isPacked = isGzip(await source.read(0, Math.min(source.size, 4)));
  const workbook = await XlsxPackage.open(isPacked ? await gunzipSource(source, signal) : source, signal);
  const wanted = workbook.sheets.filter(({ name, path }) => path !== undefined && setting.parts.includes(name));
  if (wanted.length === 0) {
    const names = workbook.sheets.map(({ name }) => name).join(', ');
    throw new TableError('bad-option', `'${source.name}' has none of these sheets; it has ${names}.`, {
      file: source.name,
    });
  }
  const styles = await readXlsxStyles(workbook);
  const strings = await readXlsxStrings(workbook, true);
  const colour = await readColours(workbook);
  const leftOut = leftOutOfWorkbook(workbook);
  const names = new Map<string, string>();
  const taken = [...setting.taken];
  for (const { name } of wanted) {
    const free = freeSheetName(name, taken);
    names.set(name.toLowerCase(), free);
    taken.push(free);
  }
  const formulas = new SheetFormulas(workbook, names, setting);
  if (formulas.lostNames) leftOut.add('names');
  const table = new StyleTable(styles, colour, setting.stylePrefix);
  const frames: SheetFrame[] = [];
  const all = wanted.every(({ hidden }) => hidden);
  let cells = 0;
  for (const [index, { name, path, hidden }] of wanted.entries()) {
    const layout = await readXlsxLayout(workbook, path as string);
    for (const kind of await leftOutOf(workbook, layout)) leftOut.add(kind);
    const links = linksOf(layout.links, leftOut);
    const seen: SeenRows = { rows: 0, columns: 0, rowData: {} };
    const reader = new CellReader(table, formulas.ofSheet(), links, workbook.from1904);
    let batch: SheetCells = {};
    let size = 0;
    for await (const rows of xlsxRows(workbook, path as string, { strings, whole: true })) {
      for (const row of rows) {
        readRow(row, seen);
        const read = reader.row(row);
        const columns = row.cells.reduce((last, { column }) => Math.max(last, column + 1), 0);
        if (columns > 0) seen.rows = Math.max(seen.rows, row.index + 1);
        seen.columns = Math.max(seen.columns, columns);
        cells += row.cells.length;
        if (cells > MOST_CELLS || seen.rows > MOST_ROWS || seen.columns > MOST_COLUMNS)
          throw new SheetTooLargeError(name);
        if (Object.keys(read).length > 0) batch[row.index] = { ...batch[row.index], ...read };
        size += row.cells.length;
      }
      if (size < BATCH) continue;
      await take(index, batch);
      batch = {};
      size = 0;
    }
    await take(index, batch);
    const own = names.get(name.toLowerCase()) as string;
    frames.push(sheetFrame(own, hidden && !all, layout, seen, colour, (format) => table.of(format), table.own));
  }
  return {
    sheets: frames,
    styles: table.styles,
    names: formulas.names,
    leftOut: [...leftOut],
    frozen: formulas.frozen,
  };
}

function readRow({ index, height, hidden }: XlsxRow, { rowData }: SeenRows): void {
  if (height === undefined && !hidden) return;
  rowData[index] = {
    ...(height === undefined || height <= 0 ? {} : { h: Math.min(2000, Math.round(height * POINT_PIXELS)), ia: 0 }),
    ...(hidden ? { hd: 1 } : {}),
  };
}

type Links = ReadonlyMap<string, string>;

/** Links by the cell that they begin in; those to elsewhere than the web or the mail are left out. */
function linksOf(links: Awaited<ReturnType<typeof readXlsxLayout>>['links'], leftOut: Set<LeftOut>): Links {
  const safe = new Map<string, string>();
  for (const { range, target } of links) {
    const link = safeLink(target);
    if (link === undefined) leftOut.add('links');
    else safe.set(`${range.startRow} ${range.startColumn}`, link);
  }
  return safe;
}

/** Styles by their number in the file, made when they are first needed. */
class StyleTable {
  readonly #file: XlsxStyles;
  readonly #prefix: string;
  readonly colour: ColourReader;
  readonly #names = new Map<number, string | undefined>();
  readonly styles: Record<string, SheetStyle> = {};
  /** The workbook's own type. */
  readonly own: SheetStyle | undefined;

  constructor(file: XlsxStyles, colour: ColourReader, prefix: string) {
    this.#file = file;
    this.#prefix = prefix;
    this.colour = colour;
    const own = fontStyle(file.fonts[0] ?? {}, {}, colour);
    this.own = Object.keys(own).length > 0 ? own : undefined;
  }

  of(format: number): string | undefined {
    if (this.#names.has(format)) return this.#names.get(format);
    const style = sheetStyle(this.#file, format, this.colour);
    const name = style ? `${this.#prefix}${format}` : undefined;
    if (style && name !== undefined) this.styles[name] = style;
    this.#names.set(format, name);
    return name;
  }

  isTime(format: number): boolean {
    const { kind = 'number' } = this.#file.formats[format] ?? {};
    return kind === 'date' || kind === 'timestamp';
  }

  run({ font }: XlsxRun): SheetStyle {
    return fontStyle(font, this.#file.fonts[0] ?? {}, this.colour);
  }
}

class CellReader {
  readonly #table: StyleTable;
  readonly #formulas: ReturnType<SheetFormulas['ofSheet']>;
  readonly #links: Links;
  readonly #from1904: boolean;

  constructor(table: StyleTable, formulas: ReturnType<SheetFormulas['ofSheet']>, links: Links, from1904: boolean) {
    this.#table = table;
    this.#formulas = formulas;
    this.#links = links;
    this.#from1904 = from1904;
  }

  row({ index, cells }: XlsxRow): Record<number, SheetCell> {
    const read: Record<number, SheetCell> = {};
    for (const cell of cells) {
      const made = this.#cell(index, cell);
      if (made) read[cell.column] = made;
    }
    return read;
  }

  #cell(row: number, cell: XlsxCell): SheetCell | undefined {
    const made: SheetCell = {};
    const style = this.#table.of(cell.style);
    if (style !== undefined) made.s = style;
    const formula = this.#formulas.of(row, cell);
    if (formula === 'spilled') return style === undefined ? undefined : made;
    this.#value(made, cell);
    if (formula !== undefined) made.f = `=${formula}`;
    const link = this.#links.get(`${row} ${cell.column}`);
    if (link !== undefined) made.custom = { link };
    return Object.keys(made).length > 0 ? made : undefined;
  }

  #value(made: SheetCell, { kind, value, style, runs }: XlsxCell): void {
    if (value === null) return;
    if (runs) made.p = this.#document(runs);
    if (kind === 'boolean') {
      made.v = value === true ? 1 : 0;
      made.t = 3;
    } else if (kind === 'number') {
      made.v = this.#from1904 && this.#table.isTime(style) ? Number(value) + SHIFT_1904 : Number(value);
      made.t = 2;
    } else if (kind === 'day') {
      const time = Date.parse(/Z$|[+-]\d\d:\d\d$/.test(String(value)) ? String(value) : `${value}Z`);
      made.v = Number.isNaN(time) ? String(value) : time / DAY + EPOCH;
      made.t = Number.isNaN(time) ? 1 : 2;
    } else {
      made.v = String(value);
      made.t = 1;
    }
  }

  /** A text in several fonts. */
  #document(runs: readonly XlsxRun[]): SheetDocument {
    let text = '';
    const textRuns = runs.flatMap((run) => {
      const st = text.length;
      text += run.text.replace(/\r\n?|\n/g, '\r');
      const ts = this.#table.run(run);
      return Object.keys(ts).length > 0 ? [{ st, ed: text.length, ts }] : [];
    });
    const ends = [...text].flatMap((letter, index) => (letter === '\r' ? [index] : []));
    return {
      id: 'd',
      documentStyle: {},
      body: {
        dataStream: `${text}\r\n`,
        textRuns,
        paragraphs: [...ends, text.length].map((startIndex) => ({ startIndex })),
        sectionBreaks: [{ startIndex: text.length + 1 }],
      },
    };
  }
}
