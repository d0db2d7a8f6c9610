import type { Cell, CellStyle, CellValue } from 'hucre';
import { writeXlsx } from 'hucre/xlsx';

/** The parts of a stored sheet that an XLSX file can hold. */
export interface StoredSheet {
  readonly cellData?: Readonly<Record<string, Readonly<Record<string, StoredCell>>>>;
  readonly columnData?: Readonly<Record<string, { readonly w?: number; readonly hd?: number } | undefined>>;
  readonly defaultColumnWidth?: number;
  readonly mergeData?: readonly {
    readonly startRow: number;
    readonly endRow: number;
    readonly startColumn: number;
    readonly endColumn: number;
  }[];
}

interface StoredCell {
  readonly v?: string | number | boolean | null;
  /** Text 1, number 2, truth 3, text that looks like a number 4. */
  readonly t?: number;
  readonly s?: string | StoredStyle | null;
  /** Rich text. */
  readonly p?: { readonly body?: { readonly dataStream?: string } };
}

interface StoredStyle {
  readonly n?: { readonly pattern?: string } | null;
  readonly bl?: number;
  readonly it?: number;
  readonly fs?: number;
  readonly cl?: { readonly rgb?: string | null } | null;
  readonly bg?: { readonly rgb?: string | null } | null;
  /** Left 1, centre 2, right 3. */
  readonly ht?: number;
  readonly tb?: number;
}

export type StoredStyles = Readonly<Record<string, StoredStyle | null>>;

const alignments = { 1: 'left', 2: 'center', 3: 'right' } as const;
/** Pixels of a character of Excel's standard type, and of the margins of a cell. */
const CHARACTER_PIXELS = 7;
const MARGIN_PIXELS = 5;

/** A stored sheet as an XLSX file: values (of formulas their results), number formats, type, fills, widths, merges. */
export async function sheetXlsx(
  name: string,
  sheet: StoredSheet,
  styles: StoredStyles,
): Promise<Uint8Array<ArrayBuffer>> {
  const rows: CellValue[][] = [];
  const cells = new Map<string, Partial<Cell>>();
  let columns = 0;
  for (const [row, stored] of Object.entries(sheet.cellData ?? {})) {
    const at = Number(row);
    while (rows.length <= at) rows.push([]);
    for (const [column, cell] of Object.entries(stored)) {
      const index = Number(column);
      columns = Math.max(columns, index + 1);
      const value = storedValue(cell);
      while (rows[at].length <= index) rows[at].push(null);
      rows[at][index] = value;
      const style = styleOf(typeof cell.s === 'string' ? styles[cell.s] : cell.s);
      if (style) cells.set(`${at},${index}`, { value, style });
    }
  }
  const width = sheet.defaultColumnWidth ?? 88;
  const bytes = await writeXlsx({
    sheets: [
      {
        name: sheetName(name),
        rows,
        cells,
        columns: Array.from({ length: columns }, (_, column) => ({
          width: Math.max(1, ((sheet.columnData?.[column]?.w ?? width) - MARGIN_PIXELS) / CHARACTER_PIXELS),
        })),
        merges: sheet.mergeData?.map(({ startRow, startColumn, endRow, endColumn }) => ({
          startRow,
          startCol: startColumn,
          endRow,
          endCol: endColumn,
        })),
      },
    ],
  });
  return new Uint8Array(bytes);
}

function storedValue({ v, t, p }: StoredCell): CellValue {
  const rich = p?.body?.dataStream;
  if (rich !== undefined) return rich.replace(/\r\n$/, '').replaceAll('\r', '\n');
  if (v === undefined || v === null) return null;
  if (t === 3) return v === true || v === 1 || v === '1';
  if (t === 1 || t === 4) return String(v);
  return v;
}

function styleOf(style: StoredStyle | null | undefined): CellStyle | undefined {
  if (!style) return undefined;
  const { n, bl, it, fs, cl, bg, ht, tb } = style;
  const colour = (rgb: string | null | undefined): string | undefined =>
    /^#[0-9a-f]{6}$/i.test(rgb ?? '') ? rgb?.slice(1).toUpperCase() : undefined;
  const text = colour(cl?.rgb);
  const fill = colour(bg?.rgb);
  return {
    ...(n?.pattern ? { numFmt: n.pattern } : {}),
    ...(bl || it || fs || text
      ? {
          font: {
            ...(bl ? { bold: true } : {}),
            ...(it ? { italic: true } : {}),
            ...(fs ? { size: fs } : {}),
            ...(text ? { color: { rgb: text } } : {}),
          },
        }
      : {}),
    ...(fill ? { fill: { type: 'pattern', pattern: 'solid', fgColor: { rgb: fill } } } : {}),
    ...(ht === 1 || ht === 2 || ht === 3 || tb === 3
      ? {
          alignment: {
            ...(ht === 1 || ht === 2 || ht === 3 ? { horizontal: alignments[ht] } : {}),
            ...(tb === 3 ? { wrapText: true } : {}),
          },
        }
      : {}),
  };
}

/** At most 31 characters, none of those that Excel refuses. */
function sheetName(name: string): string {
  const plain = name
    .replace(/[[\]:*?/\\]/g, ' ')
    .replace(/^'+|'+$/g, '')
    .trim();
  return [...(plain || 'Sheet')].slice(0, 31).join('');
}
