import type { SheetStyle } from './sheet-style.ts';

/** What a file has that a sheet here does not: said once, by these names. */
export type LeftOut =
  | 'charts'
  | 'images'
  | 'pivotTables'
  | 'macros'
  | 'validation'
  | 'conditionalFormats'
  | 'comments'
  | 'filters'
  | 'excelTables'
  | 'protection'
  | 'sparklines'
  | 'controls'
  | 'chartSheets'
  | 'links'
  | 'names';

/** A text in several fonts, as sheets keep it. */
export interface SheetDocument {
  readonly id: string;
  readonly documentStyle: object;
  readonly body: {
    readonly dataStream: string;
    readonly textRuns: { readonly st: number; readonly ed: number; readonly ts: SheetStyle }[];
    readonly paragraphs: { readonly startIndex: number }[];
    readonly sectionBreaks: { readonly startIndex: number }[];
  };
}

/** A cell as sheets keep it. */
export interface SheetCell {
  v?: string | number;
  /** Text 1, number 2, truth 3. */
  t?: 1 | 2 | 3;
  /** The name of a style in the table of styles. */
  s?: string;
  f?: string;
  p?: SheetDocument;
  custom?: { readonly link: string };
}

export type SheetCells = Record<number, Record<number, SheetCell>>;

export interface SheetMerge {
  readonly startRow: number;
  readonly endRow: number;
  readonly startColumn: number;
  readonly endColumn: number;
}

/** A sheet without its cells. Lengths are pixels. */
export interface SheetFrame {
  readonly name: string;
  readonly hidden: 0 | 1;
  readonly rowCount: number;
  readonly columnCount: number;
  readonly defaultColumnWidth: number;
  readonly defaultRowHeight: number;
  readonly rowData: Readonly<Record<number, { readonly h?: number; readonly ia?: 0; readonly hd?: 1 }>>;
  readonly columnData: Readonly<Record<number, { readonly w?: number; readonly hd?: 1; readonly s?: string }>>;
  readonly mergeData: SheetMerge[];
  readonly freeze?: {
    readonly xSplit: number;
    readonly ySplit: number;
    readonly startRow: number;
    readonly startColumn: number;
  };
  readonly showGridlines: 0 | 1;
  readonly rightToLeft: 0 | 1;
  readonly tabColor?: string;
  readonly defaultStyle?: SheetStyle;
}

/** Sheets of a file, but for their cells, which are handed over on the way. */
export interface ReadSheets {
  readonly sheets: readonly SheetFrame[];
  readonly styles: Readonly<Record<string, SheetStyle>>;
  /** Names that stand for ranges or formulas. */
  readonly names: readonly { readonly name: string; readonly formula: string }[];
  readonly leftOut: readonly LeftOut[];
  /** Formulas that are kept as their values, by what they need that is not here: functions by name, and other references. */
  readonly frozen: {
    readonly count: number;
    readonly functions: readonly string[];
  };
}

/** What there is where the sheets go. */
export interface SheetsSetting {
  /** The sheets to bring in, by their names in the file. */
  readonly parts: readonly string[];
  /** Names of sheets that are taken. */
  readonly taken: readonly string[];
  /** Functions that formulas can call here. */
  readonly functions: readonly string[];
  /** Names that stand for ranges already. */
  readonly names: readonly string[];
  /** Begins the name of each style, so that none is one that is there already. */
  readonly stylePrefix: string;
}
