import type { XlsxLayout, XlsxPackage } from '../../tables/index.ts';
import type { LeftOut } from './sheet-data.ts';

/** Elements of a sheet that are not brought in. */
const ELEMENTS: Readonly<Record<string, LeftOut>> = {
  dataValidations: 'validation',
  conditionalFormatting: 'conditionalFormats',
  conditionalFormattings: 'conditionalFormats',
  sparklineGroups: 'sparklines',
  autoFilter: 'filters',
  sheetProtection: 'protection',
  controls: 'controls',
  oleObjects: 'controls',
};

const RELATIONS: Readonly<Record<string, LeftOut>> = {
  comments: 'comments',
  threadedComment: 'comments',
  pivotTable: 'pivotTables',
  table: 'excelTables',
  slicer: 'pivotTables',
};

/** What of a sheet is not brought in. */
export async function leftOutOf(workbook: XlsxPackage, { others, relations }: XlsxLayout): Promise<Set<LeftOut>> {
  const found = new Set<LeftOut>();
  for (const name of others) if (ELEMENTS[name]) found.add(ELEMENTS[name]);
  for (const { kind, target, external } of relations.values()) {
    if (RELATIONS[kind]) found.add(RELATIONS[kind]);
    if (kind !== 'drawing' || external || !workbook.has(target)) continue;
    for (const drawn of (await workbook.relations(target)).values()) {
      if (drawn.kind === 'chart' || drawn.kind === 'chartEx') found.add('charts');
      else if (drawn.kind === 'image') found.add('images');
    }
  }
  return found;
}

/** What of the whole workbook is not brought in. */
export function leftOutOfWorkbook(workbook: XlsxPackage): Set<LeftOut> {
  const found = new Set<LeftOut>();
  if (workbook.paths().some((path) => /vbaProject\.bin$|macrosheets\//i.test(path))) found.add('macros');
  if (workbook.sheets.some(({ path }) => path === undefined)) found.add('chartSheets');
  return found;
}
