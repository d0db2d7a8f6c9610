import { type XlsxCell, type XlsxPackage, type XlsxRange, xlsxRangeOf } from '../../tables/index.ts';
import { type FormulaFault, type FormulaSetting, rewriteFormula } from './formula-text.ts';
import type { ReadSheets, SheetsSetting } from './sheet-data.ts';

const MOST_NAMED = 20;

/** The formulas of a workbook's sheets, as they are to stand here; those that cannot are counted and keep their values. */
export class SheetFormulas {
  readonly #sheets: ReadonlyMap<string, string>;
  readonly #functions: ReadonlySet<string>;
  readonly #known = new Set<string>();
  readonly #missing = new Set<string>();
  #count = 0;
  readonly names: { name: string; formula: string }[] = [];
  /** Whether there are names that mean nothing here. */
  readonly lostNames: boolean = false;

  /** `sheets`: what the sheets that are brought in are called here, by their names in the file in small letters. */
  constructor(workbook: XlsxPackage, sheets: ReadonlyMap<string, string>, setting: SheetsSetting) {
    this.#sheets = sheets;
    this.#functions = new Set(setting.functions);
    const taken = new Set(setting.names.map((name) => name.toLowerCase()));
    for (const { name, formula, sheet } of workbook.names) {
      const found =
        sheet === undefined && !taken.has(name.toLowerCase())
          ? rewriteFormula(formula, this.#setting(0, 0))
          : undefined;
      if (found && 'formula' in found && !formula.includes('#REF!')) {
        this.names.push({ name, formula: found.formula });
        this.#known.add(name.toLowerCase());
      } else this.lostNames = true;
    }
  }

  get frozen(): ReadSheets['frozen'] {
    return { count: this.#count, functions: [...this.#missing].slice(0, MOST_NAMED) };
  }

  /** The formulas of one sheet, asked cell by cell in the order of the file. */
  ofSheet(): { of(row: number, cell: XlsxCell): string | undefined | 'spilled' } {
    const shared = new Map<number, { text: string; row: number; column: number }>();
    let spilled: XlsxRange[] = [];
    return {
      of: (row, { column, formula }) => {
        if (spilled.length > 0) {
          spilled = spilled.filter(({ endRow }) => endRow >= row);
          if (
            spilled.some((range) => column >= range.startColumn && column <= range.endColumn && row >= range.startRow)
          )
            return 'spilled';
        }
        if (!formula) return undefined;
        if (formula.kind === 'other') return this.#freeze({ kind: 'reference' });
        if (formula.kind === 'shared' && formula.shared !== undefined) {
          if (formula.text !== '') shared.set(formula.shared, { text: formula.text, row, column });
          const first = shared.get(formula.shared);
          return first ? this.#rewrite(first.text, row - first.row, column - first.column) : undefined;
        }
        if (formula.text === '') return undefined;
        const text = this.#rewrite(formula.text, 0, 0);
        const range = formula.kind === 'array' ? xlsxRangeOf(formula.range ?? '') : undefined;
        if (text !== undefined && range && (range.endRow > range.startRow || range.endColumn > range.startColumn))
          spilled.push({ ...range, startRow: row, startColumn: column });
        return text;
      },
    };
  }

  #rewrite(text: string, rows: number, columns: number): string | undefined {
    const found = rewriteFormula(text, this.#setting(rows, columns));
    return 'formula' in found ? found.formula : this.#freeze(found.fault);
  }

  #freeze(fault: FormulaFault): undefined {
    this.#count++;
    if (fault.kind === 'function') this.#missing.add(fault.name);
    return undefined;
  }

  #setting(rows: number, columns: number): FormulaSetting {
    return {
      rows,
      columns,
      sheet: (name) => this.#sheets.get(name.toLowerCase()),
      hasFunction: (name) => this.#functions.has(name),
      hasName: (name) => this.#known.has(name.toLowerCase()),
    };
  }
}
