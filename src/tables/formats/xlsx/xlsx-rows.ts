import type { XlsxPackage } from './xlsx-package.ts';
import { columnOf, LAST_COLUMN, LAST_ROW } from './xlsx-places.ts';
import { TextCollector, type XlsxRun, type XlsxStrings } from './xlsx-strings.ts';
import { attribute, flag, numeric, officeText, XmlScanner } from './xml-scanner.ts';

export interface XlsxFormula {
  readonly text: string;
  readonly kind: 'normal' | 'shared' | 'array' | 'other';
  /** Which shared formula it is part of. */
  readonly shared: number | undefined;
  /** The range that a shared or array formula covers, where it is written out. */
  readonly range: string | undefined;
}

/** A cell as it is written: `day` is ISO text, `error` what the cell shows, `empty` a cell with no more than a format. */
export interface XlsxCell {
  readonly column: number;
  readonly kind: 'number' | 'text' | 'boolean' | 'error' | 'day' | 'empty';
  readonly value: string | number | boolean | null;
  readonly style: number;
  readonly formula?: XlsxFormula;
  readonly runs?: readonly XlsxRun[];
}

export interface XlsxRow {
  /** From 0. */
  readonly index: number;
  /** In points, where it was set. */
  readonly height: number | undefined;
  readonly hidden: boolean;
  readonly cells: readonly XlsxCell[];
}

export interface XlsxReading {
  readonly strings: XlsxStrings;
  /** Formulas, formats of empty cells and fonts within texts too, not just values. */
  readonly whole: boolean;
}

/** The rows of a sheet that hold cells, in the order of the file, as many at a time as a piece of it gives. */
export async function* sheetRows(
  workbook: XlsxPackage,
  path: string,
  { strings, whole }: XlsxReading,
): AsyncGenerator<XlsxRow[]> {
  const reading = new RowReading(strings, whole);
  const scanner = new XmlScanner(reading);
  const pieces = workbook.pieces(path);
  for (;;) {
    const next = await workbook.naming(async () => {
      const { done, value } = await pieces.next();
      if (done) scanner.end();
      else scanner.push(value);
      return done;
    });
    const rows = reading.take();
    if (rows.length > 0) yield rows;
    if (next || reading.isOver) break;
  }
  await pieces.return(undefined);
}

class RowReading {
  readonly #strings: XlsxStrings;
  readonly #whole: boolean;
  readonly #collector: TextCollector;
  #rows: XlsxRow[] = [];
  #cells: XlsxCell[] = [];
  #row = -1;
  #height: number | undefined;
  #hidden = false;
  #column = -1;
  #type = 'n';
  #style = 0;
  #value = '';
  #formula: { text: string; kind: string; shared: number | undefined; range: string | undefined } | undefined;
  #inside: 'data' | 'row' | 'cell' | 'value' | 'formula' | 'inline' | 'none' = 'none';
  isOver = false;

  constructor(strings: XlsxStrings, whole: boolean) {
    this.#strings = strings;
    this.#whole = whole;
    this.#collector = new TextCollector(whole);
  }

  take(): XlsxRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  open(name: string, attributes: string): void {
    switch (this.#inside) {
      case 'cell':
        if (name === 'v') this.#inside = 'value';
        else if (name === 'f') {
          this.#inside = 'formula';
          if (this.#whole) this.#beginFormula(attributes);
        } else if (name === 'is') {
          this.#inside = 'inline';
          this.#collector.begin();
        }
        break;
      case 'row':
        if (name === 'c') this.#beginCell(attributes);
        break;
      case 'data':
        if (name === 'row') this.#beginRow(attributes);
        break;
      case 'inline':
        this.#collector.open(name, attributes);
        break;
      case 'none':
        if (name === 'sheetData') this.#inside = 'data';
    }
  }

  text(piece: string): void {
    if (this.#inside === 'value') this.#value += piece;
    else if (this.#inside === 'inline') this.#collector.piece(piece);
    else if (this.#inside === 'formula' && this.#formula) this.#formula.text += piece;
  }

  close(name: string): void {
    switch (this.#inside) {
      case 'value':
      case 'formula':
        if (name === 'v' || name === 'f') this.#inside = 'cell';
        break;
      case 'inline':
        if (name === 'is') this.#inside = 'cell';
        else this.#collector.close(name);
        break;
      case 'cell':
        if (name === 'c') this.#endCell();
        break;
      case 'row':
        if (name === 'row') {
          this.#rows.push({ index: this.#row, height: this.#height, hidden: this.#hidden, cells: this.#cells });
          this.#inside = 'data';
        }
        break;
      case 'data':
        if (name === 'sheetData') {
          this.#inside = 'none';
          this.isOver = true;
        }
    }
  }

  #beginRow(attributes: string): void {
    const number = numeric(attributes, 'r');
    this.#row = number === undefined ? this.#row + 1 : number - 1;
    if (!Number.isInteger(this.#row) || this.#row < 0 || this.#row > LAST_ROW)
      throw new Error(`it has a row ${this.#row + 1}, beyond the last of a sheet`);
    this.#height = this.#whole ? numeric(attributes, 'ht') : undefined;
    this.#hidden = this.#whole && flag(attributes, 'hidden');
    this.#column = -1;
    this.#cells = [];
    this.#inside = 'row';
  }

  #beginCell(attributes: string): void {
    const address = attribute(attributes, 'r');
    this.#column = address === undefined ? this.#column + 1 : columnOf(address);
    if (this.#column < 0 || this.#column > LAST_COLUMN)
      throw new Error(`it has a cell '${address?.slice(0, 20) ?? ''}', beyond the last column of a sheet`);
    this.#type = attribute(attributes, 't') ?? 'n';
    const style = attribute(attributes, 's');
    this.#style = style === undefined ? 0 : Number(style);
    this.#value = '';
    this.#formula = undefined;
    if (this.#type === 'inlineStr') this.#collector.begin();
    this.#inside = 'cell';
  }

  #beginFormula(attributes: string): void {
    this.#formula = {
      text: '',
      kind: attribute(attributes, 't') ?? 'normal',
      shared: numeric(attributes, 'si'),
      range: attribute(attributes, 'ref'),
    };
  }

  #endCell(): void {
    this.#inside = 'row';
    const [kind, value, runs] = this.#valueOf();
    if (kind === 'empty' && !this.#whole) return;
    const cell: XlsxCell = { column: this.#column, kind, value, style: this.#style };
    const formula = this.#formula;
    this.#cells.push(
      formula || runs
        ? {
            ...cell,
            ...(runs ? { runs } : {}),
            ...(formula
              ? { formula: { ...formula, kind: isKind(formula.kind) ? formula.kind : ('other' as const) } }
              : {}),
          }
        : cell,
    );
  }

  #valueOf(): [XlsxCell['kind'], XlsxCell['value'], (readonly XlsxRun[])?] {
    const value = this.#value;
    switch (this.#type) {
      case 's': {
        if (value === '') return ['empty', null];
        const index = Number(value);
        const text = this.#strings.texts[index];
        if (text === undefined) throw new Error(`a cell of row ${this.#row + 1} shows a text that is not in the file`);
        return ['text', text, this.#whole ? this.#strings.runs.get(index) : undefined];
      }
      case 'inlineStr':
        return ['text', this.#collector.text, this.#whole ? this.#collector.runs : undefined];
      case 'str':
        return ['text', officeText(value)];
      case 'b':
        return ['boolean', value === '1' || value === 'true'];
      case 'e':
        return ['error', value];
      case 'd':
        return value === '' ? ['empty', null] : ['day', value];
      default: {
        if (value === '') return ['empty', null];
        const number = Number(value);
        return Number.isFinite(number) ? ['number', number] : ['error', value.slice(0, 100)];
      }
    }
  }
}

function isKind(kind: string): kind is XlsxFormula['kind'] {
  return kind === 'normal' || kind === 'shared' || kind === 'array';
}
