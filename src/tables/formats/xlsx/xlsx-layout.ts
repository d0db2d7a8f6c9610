import type { XlsxPackage, XlsxRelation } from './xlsx-package.ts';
import { rangeOf, type XlsxRange } from './xlsx-places.ts';
import type { XlsxColour } from './xlsx-styles.ts';
import { attribute, flag, numeric, XmlScanner } from './xml-scanner.ts';

export interface XlsxColumns {
  readonly first: number;
  readonly last: number;
  /** In characters of the workbook's type. */
  readonly width: number | undefined;
  readonly hidden: boolean;
  readonly style: number | undefined;
}

export interface XlsxLink {
  readonly range: XlsxRange;
  /** Address or, for a place in the workbook, `#` and the place. */
  readonly target: string;
}

/** What a sheet has besides its cells. */
export interface XlsxLayout {
  readonly merges: readonly XlsxRange[];
  readonly columns: readonly XlsxColumns[];
  readonly links: readonly XlsxLink[];
  /** In characters, and in points. */
  readonly defaultWidth: number | undefined;
  readonly defaultHeight: number | undefined;
  readonly frozen: { readonly rows: number; readonly columns: number } | undefined;
  readonly showsGrid: boolean;
  readonly rightToLeft: boolean;
  readonly tabColour: XlsxColour | undefined;
  /** Names of the parts of the sheet beside those above: `dataValidations`, `conditionalFormatting`, `autoFilter` … */
  readonly others: ReadonlySet<string>;
  readonly relations: ReadonlyMap<string, XlsxRelation>;
  /** The number of its last row, from 1; 0 where that is not known. */
  readonly lastRow: number;
}

/** Parts that newer versions of Excel keep deeper down. */
const EXTENDED = new Set(['sparklineGroups', 'dataValidations', 'conditionalFormattings']);
const MOST_MERGES = 200_000;
const MOST_LINKS = 200_000;
/** The longest beginning of a tag that may be cut off at the end of a piece. */
const TAG = 64;

/** Reads a sheet without its cells: these are passed over unread. */
export async function readLayout(workbook: XlsxPackage, path: string): Promise<XlsxLayout> {
  return await workbook.naming(async () => {
    const relations = await workbook.relations(path);
    const merges: XlsxRange[] = [];
    const columns: XlsxColumns[] = [];
    const links: XlsxLink[] = [];
    const others = new Set<string>();
    const found: { -readonly [Key in keyof XlsxLayout]: XlsxLayout[Key] } = {
      merges,
      columns,
      links,
      defaultWidth: undefined,
      defaultHeight: undefined,
      frozen: undefined,
      showsGrid: true,
      rightToLeft: false,
      tabColour: undefined,
      others,
      relations,
      lastRow: 0,
    };
    let depth = 0;
    const scanner = new XmlScanner({
      open(name, attributes) {
        depth++;
        if (depth === 2 || EXTENDED.has(name)) others.add(name);
        switch (name) {
          case 'sheetFormatPr':
            found.defaultWidth = numeric(attributes, 'defaultColWidth');
            found.defaultHeight = numeric(attributes, 'defaultRowHeight');
            break;
          case 'sheetView':
            found.showsGrid = flag(attributes, 'showGridLines', true);
            found.rightToLeft = flag(attributes, 'rightToLeft');
            break;
          case 'tabColor':
            found.tabColour = { rgb: attribute(attributes, 'rgb'), theme: numeric(attributes, 'theme') };
            break;
          case 'pane':
            if (attribute(attributes, 'state')?.startsWith('frozen')) {
              const rows = numeric(attributes, 'ySplit') ?? 0;
              found.frozen = { rows: Math.round(rows), columns: Math.round(numeric(attributes, 'xSplit') ?? 0) };
            }
            break;
          case 'col':
            if (columns.length < 20_000) columns.push(columnsOf(attributes));
            break;
          case 'mergeCell': {
            const range = rangeOf(attribute(attributes, 'ref') ?? '');
            if (merges.length >= MOST_MERGES) throw new Error(`it has more than ${MOST_MERGES} merged cells`);
            if (range && (range.startRow < range.endRow || range.startColumn < range.endColumn)) merges.push(range);
            break;
          }
          case 'hyperlink': {
            const range = rangeOf(attribute(attributes, 'ref') ?? '');
            const place = attribute(attributes, 'location');
            const target = relations.get(attribute(attributes, 'id') ?? '')?.target ?? '';
            if (range && links.length < MOST_LINKS)
              links.push({ range, target: place === undefined ? target : `${target}#${place}` });
          }
        }
      },
      close: () => void depth--,
    });
    for await (const piece of withoutCells(workbook.pieces(path), (row) => {
      found.lastRow = row;
    }))
      scanner.push(piece);
    scanner.end();
    return found;
  });
}

function columnsOf(attributes: string): XlsxColumns {
  return {
    first: Math.max(0, (numeric(attributes, 'min') ?? 1) - 1),
    last: Math.min(16_383, (numeric(attributes, 'max') ?? 0) - 1),
    width: numeric(attributes, 'width'),
    hidden: flag(attributes, 'hidden'),
    style: numeric(attributes, 'style'),
  };
}

const BEGIN = /<(?:[\w-]+:)?sheetData(?=[\s>/])/;
const END = /<\/(?:[\w-]+:)?sheetData\s*>/;

/** The text of a sheet with nothing in its `sheetData`. */
async function* withoutCells(pieces: AsyncIterable<string>, onLastRow: (row: number) => void): AsyncGenerator<string> {
  let state: 'before' | 'cells' | 'after' = 'before';
  let rest = '';
  let lastRows = '';
  for await (const piece of pieces) {
    let text = rest + piece;
    rest = '';
    if (state === 'before') {
      const begin = BEGIN.exec(text);
      const close = begin ? text.indexOf('>', begin.index) : -1;
      if (!begin || close < 0) {
        const keep = begin ? begin.index : Math.max(0, text.length - TAG);
        rest = text.slice(keep);
        yield text.slice(0, keep);
        continue;
      }
      yield text.slice(0, close + 1);
      state = text[close - 1] === '/' ? 'after' : 'cells';
      text = text.slice(close + 1);
    }
    if (state === 'cells') {
      const end = END.exec(text);
      if (!end) {
        lastRows = text;
        rest = text.slice(Math.max(0, text.length - TAG));
        continue;
      }
      onLastRow(lastRowOf(text.slice(0, end.index)) ?? lastRowOf(lastRows) ?? 0);
      state = 'after';
      text = text.slice(end.index);
    }
    yield text;
  }
  yield rest;
}

function lastRowOf(text: string): number | undefined {
  const at = text.lastIndexOf('<row ');
  const row = at < 0 ? Number.NaN : Number(attribute(text.slice(at + 4, at + 300), 'r'));
  return Number.isFinite(row) ? row : undefined;
}
