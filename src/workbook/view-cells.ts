import type { CellValue } from '@patron/sdk';
import {
  BooleanNumber,
  CellValueType,
  HorizontalAlign,
  type ICellData,
  type ICellDataForSheetInterceptor,
  type IStyleData,
  VerticalAlign,
  WrapStrategy,
} from '@univerjs/core';
import { BUTTON_WIDTH, headerButton } from './header-button.ts';
import { serialOfText, textOfSerial } from './serial-date.ts';
import type { HeaderMark, ShownRows } from './shown-rows.ts';
import type { TableColumn, TableView } from './table-view.ts';
import { textWidth } from './text-width.ts';
import type { CellSource } from './virtual-matrix.ts';

/** Rows whose cell objects are kept, so that a repaint of the same rows makes none. */
const KEPT_ROWS = 1024;
const NO_ROW: (ICellData | undefined)[] = [];

/** Air on both sides, so that a number does not touch the text beside it. */
export const tableStyle: IStyleData = { vt: VerticalAlign.MIDDLE, pd: { t: 0, r: 6, b: 0, l: 6 } };

const header: IStyleData = {
  bl: BooleanNumber.TRUE,
  bg: { rgb: '#f1f3f6' },
  cl: { rgb: '#1f2937' },
  pd: { t: 0, r: BUTTON_WIDTH, b: 0, l: 6 },
};

/** A table sheet on the page: the header, then the rows of the view that are asked for. */
export class ViewCells implements CellSource {
  readonly columns: number;
  #view: TableView;
  #rowIndex: Uint32Array | null = null;
  #headers: ICellDataForSheetInterceptor[];
  #marks: ReadonlyMap<number, HeaderMark> = new Map();
  #styles: (IStyleData | undefined)[];
  #kept = new Map<number, (ICellData | undefined)[]>();
  readonly #drawn: (((value: number | string) => string) | undefined)[];
  #texts = new WeakMap<ICellData, ICellData>();

  constructor(view: TableView, openMenu: (column: number) => void) {
    this.#view = view;
    this.columns = view.columns.length;
    this.#headers = view.columns.map((column, index) => ({
      v: column.title ?? column.name,
      t: CellValueType.STRING,
      s: isRight(column) ? { ...header, ht: HorizontalAlign.RIGHT } : header,
      customRender: [headerButton(() => this.#marks.get(index), openMenu)],
    }));
    this.#styles = view.columns.map(columnStyle);
    this.#drawn = view.columns.map(drawnText);
  }

  get view(): TableView {
    return this.#view;
  }

  get rowIndex(): Uint32Array | null {
    return this.#rowIndex;
  }

  get marks(): readonly HeaderMark[] {
    return [...this.#marks.values()];
  }

  get rows(): number {
    return (this.#rowIndex ? this.#rowIndex.length : this.#view.rows) + 1;
  }

  show({ rows, marks }: ShownRows): void {
    this.#rowIndex = rows;
    this.#marks = new Map(marks.map((mark) => [mark.column, mark]));
    this.#kept.clear();
  }

  cell(row: number, column: number): ICellData | undefined {
    if (row === 0) return this.#headers[column];
    if (column >= this.columns || column < 0 || row < 0 || row >= this.rows) return undefined;
    const kept = this.#kept.get(row) ?? this.#keep(row);
    if (column in kept) return kept[column];
    const value = this.#at(row - 1, column);
    if (value === undefined) return undefined;
    const cell = toCell(value, this.#view.columns[column], this.#styles[column]);
    kept[column] = cell;
    return cell;
  }

  /** The cell as it is drawn: days, times and decimals as text already, so that nothing is formatted at every paint. */
  shown(row: number, column: number): ICellData | undefined {
    const cell = this.cell(row, column);
    if (row === 0 || !cell) return cell;
    const drawn = this.#drawn[column];
    if (!drawn) return cell;
    const known = this.#texts.get(cell);
    if (known) return known;
    const made: ICellData = { ...cell, v: drawn(cell.v as number | string), s: withoutFormat(this.#styles[column]) };
    this.#texts.set(cell, made);
    return made;
  }

  /** The plain value, for copying. */
  value(row: number, column: number): CellValue | undefined {
    if (row === 0) return this.#headers[column].v as string;
    return this.#at(row - 1, column);
  }

  #at(place: number, column: number): CellValue | undefined {
    const rows = this.#rowIndex;
    if (!rows) return this.#view.cell(place, column);
    return this.#view.pick ? this.#view.pick(rows, place, column) : this.#view.cell(rows[place], column);
  }

  #keep(row: number): (ICellData | undefined)[] {
    if (this.#kept.size >= KEPT_ROWS) this.#kept.clear();
    const cells = NO_ROW.slice();
    this.#kept.set(row, cells);
    return cells;
  }
}

function toCell(value: CellValue, column: TableColumn, style: IStyleData | undefined): ICellData | undefined {
  if (value === null) return undefined;
  if (typeof value === 'boolean') return { v: value ? 1 : 0, t: CellValueType.BOOLEAN, s: style };
  if (typeof value === 'number') return { v: value, t: CellValueType.NUMBER, s: style };
  if (column.type === 'date' || column.type === 'timestamp') {
    const serial = serialOfText(value);
    if (serial !== null) return { v: serial, t: CellValueType.NUMBER, s: style };
  }
  return { v: value, t: CellValueType.STRING, s: style };
}

function isRight({ type }: TableColumn): boolean {
  return type === 'number' || type === 'integer';
}

function columnStyle(column: TableColumn): IStyleData | undefined {
  switch (column.type) {
    case 'date':
      return { n: { pattern: 'yyyy-mm-dd' }, ht: HorizontalAlign.LEFT };
    case 'timestamp':
      return { n: { pattern: 'yyyy-mm-dd hh:mm:ss' }, ht: HorizontalAlign.LEFT };
    case 'number': {
      if (column.format === 'percent') return { n: { pattern: '0.0%' } };
      const digits = Math.round(Math.log10(column.scale ?? 1));
      return digits > 0 ? { n: { pattern: `0.${'0'.repeat(digits)}` } } : undefined;
    }
    case 'boolean':
      return { ht: HorizontalAlign.LEFT };
    case 'string':
      return { tb: WrapStrategy.CLIP };
    default:
      return undefined;
  }
}

/** How a column's values are drawn where their number format would change them. */
function drawnText({ type, scale, format }: TableColumn): ((value: number | string) => string) | undefined {
  if (type === 'number' && format === 'percent')
    return (value) => (typeof value === 'number' ? `${(value * 100).toFixed(1)}%` : value);
  if (type === 'number' && scale && scale > 1) {
    const digits = Math.round(Math.log10(scale));
    return (value) => (typeof value === 'number' ? value.toFixed(digits) : value);
  }
  if (type === 'date') return (value) => (typeof value === 'number' ? textOfSerial(value).slice(0, 10) : value);
  if (type === 'timestamp') return (value) => (typeof value === 'number' ? textOfSerial(value) : value);
  return undefined;
}

const drawnStyles = new WeakMap<IStyleData, IStyleData>();

function withoutFormat(style: IStyleData | undefined): IStyleData | undefined {
  if (!style) return undefined;
  let drawn = drawnStyles.get(style);
  if (!drawn) {
    drawn = { ...style, n: undefined };
    drawnStyles.set(style, drawn);
  }
  return drawn;
}

/** A width for each column in which its header and what is at hand of its values fit. */
export function columnWidths(view: TableView): number[] {
  return view.columns.map((column, index) => {
    const drawn = column.type === 'number' ? drawnText(column) : undefined;
    let width = textWidth(column.title ?? column.name, 11, true) + BUTTON_WIDTH - 12;
    if (column.type === 'date') width = Math.max(width, 84);
    else if (column.type === 'timestamp') width = Math.max(width, 142);
    else {
      for (let row = 0; row < Math.min(view.rows, 100); row++) {
        const value = view.cell(row, index);
        if (value === undefined) break;
        if (value === null) continue;
        const text = drawn && typeof value === 'number' ? drawn(value) : String(value);
        width = Math.max(width, textWidth(text.slice(0, 60)));
      }
    }
    return Math.round(Math.min(Math.max(width + 24, 72), 320));
  });
}
