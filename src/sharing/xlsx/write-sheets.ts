import { writeXlsx } from 'hucre/xlsx';
import { type ExcelSetting, excelSheet, type StoredSheet, type StoredStyles, typeOf } from './excel-sheet.ts';
import { rewriteFormula } from './formula-text.ts';
import { excelSheetName } from './sheet-names.ts';

/** Sheets to be written, with what they need of their workbook. */
export interface WrittenSheets {
  readonly sheets: readonly { readonly name: string; readonly stored: StoredSheet }[];
  readonly styles: StoredStyles;
  /** Functions that Excel knows too. */
  readonly functions: readonly string[];
  /** Names that stand for ranges or formulas. */
  readonly names: readonly { readonly name: string; readonly formula: string }[];
}

/** Stored sheets as one XLSX file. */
export async function writeSheets({
  sheets,
  styles,
  functions,
  names,
}: WrittenSheets): Promise<Uint8Array<ArrayBuffer>> {
  const titles = excelNames(sheets.map(({ name }) => name));
  const setting: Omit<ExcelSetting, 'names'> = {
    styles,
    ownType: typeOf(sheets[0]?.stored ?? {}, styles),
    functions: new Set(functions),
    sheets: new Map(sheets.map(({ name }, index) => [name.toLowerCase(), titles[index]])),
  };
  const namedRanges = names.flatMap(({ name, formula }) => {
    const moved = rewriteFormula(formula.replace(/^=/, ''), {
      rows: 0,
      columns: 0,
      sheet: (wanted) => setting.sheets.get(wanted.toLowerCase()),
      hasFunction: (called) => setting.functions.has(called),
      hasName: () => false,
    });
    return 'formula' in moved ? [{ name, range: moved.formula }] : [];
  });
  const known = new Set(namedRanges.map(({ name }) => name.toLowerCase()));
  const bytes = await writeXlsx({
    defaultFont: setting.ownType,
    sheets: sheets.map(({ stored }, index) => excelSheet(titles[index], stored, { ...setting, names: known })),
    ...(namedRanges.length > 0 ? { namedRanges } : {}),
  });
  return new Uint8Array(bytes);
}

/** Names that Excel takes, no two the same. */
function excelNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((wanted) => {
    const base = excelSheetName(wanted);
    let name = base;
    for (let number = 2; taken.has(name.toLowerCase()); number++) {
      const end = ` (${number})`;
      name = [...base].slice(0, 31 - end.length).join('') + end;
    }
    taken.add(name.toLowerCase());
    return name;
  });
}
