import { builtInFormat, kindOfFormat, type NumberKind } from './number-formats.ts';
import type { XlsxPackage } from './xlsx-package.ts';
import { attribute, flag, numeric } from './xml-scanner.ts';

/** A colour as the file gives it: directly, from the theme, or by its place in the old palette. */
export interface XlsxColour {
  readonly rgb?: string;
  readonly theme?: number;
  readonly indexed?: number;
  /** −1 … 1: darker or lighter. */
  readonly tint?: number;
}

export interface XlsxFont {
  name?: string;
  /** Points. */
  size?: number;
  bold?: boolean;
  italic?: boolean;
  underline?: 'single' | 'double';
  strike?: boolean;
  raised?: 'superscript' | 'subscript';
  colour?: XlsxColour;
}

export interface XlsxFill {
  pattern: string;
  foreground?: XlsxColour;
  background?: XlsxColour;
}

export type XlsxSide = 'left' | 'right' | 'top' | 'bottom' | 'diagonal';

export interface XlsxBorder {
  sides: Partial<Record<XlsxSide, { style: string; colour?: XlsxColour }>>;
  up?: boolean;
  down?: boolean;
}

export interface XlsxAlignment {
  readonly horizontal?: string;
  readonly vertical?: string;
  readonly wrap: boolean;
  /** Degrees 0 … 90 upwards, 91 … 180 downwards, 255 upright letters below one another. */
  readonly rotation: number;
  readonly indent: number;
}

/** A cell's format by its number in the file. */
export interface XlsxFormat {
  readonly code: string;
  readonly kind: NumberKind;
  readonly font: number;
  readonly fill: number;
  readonly border: number;
  readonly alignment?: XlsxAlignment;
}

export interface XlsxStyles {
  readonly fonts: readonly XlsxFont[];
  readonly fills: readonly XlsxFill[];
  readonly borders: readonly XlsxBorder[];
  readonly formats: readonly XlsxFormat[];
}

const MOST_STYLES = 70_000;

/** The styles of a workbook; none where it has no such part. */
export async function readStyles(workbook: XlsxPackage): Promise<XlsxStyles> {
  const codes = new Map<number, string>();
  const fonts: XlsxFont[] = [];
  const fills: XlsxFill[] = [];
  const borders: XlsxBorder[] = [];
  const formats: XlsxFormat[] = [];
  const path: string[] = [];
  const take = <Part>(list: Part[], part: Part): void => {
    if (list.length < MOST_STYLES) list.push(part);
  };
  if (workbook.stylesPath === undefined) return { fonts, fills, borders, formats };
  await workbook.scan(workbook.stylesPath, {
    open(name, attributes) {
      const parent = path.at(-1);
      const list = path[1];
      path.push(name);
      if (name === 'numFmt' && list === 'numFmts') {
        codes.set(numeric(attributes, 'numFmtId') ?? -1, attribute(attributes, 'formatCode') ?? '');
      } else if (list === 'fonts') {
        if (name === 'font') take(fonts, {});
        else if (parent === 'font') readFontPart(fonts[fonts.length - 1], name, attributes);
      } else if (list === 'fills') readFillPart(fills, name, attributes, take);
      else if (list === 'borders') readBorderPart(borders, name, parent, attributes, take);
      else if (list === 'cellXfs') readFormatPart(formats, codes, name, attributes, take);
    },
    close: () => void path.pop(),
  });
  return { fonts, fills, borders, formats };
}

/** One property of a font, in a list of fonts or before a run of text. */
export function readFontPart(font: XlsxFont, name: string, attributes: string): void {
  const value = attribute(attributes, 'val');
  switch (name) {
    case 'name':
    case 'rFont':
      font.name = value?.slice(0, 100);
      break;
    case 'sz':
      font.size = numeric(attributes, 'val');
      break;
    case 'b':
      font.bold = flag(attributes, 'val', true);
      break;
    case 'i':
      font.italic = flag(attributes, 'val', true);
      break;
    case 'strike':
      font.strike = flag(attributes, 'val', true);
      break;
    case 'u':
      font.underline = value === 'none' ? undefined : value?.startsWith('double') ? 'double' : 'single';
      break;
    case 'vertAlign':
      font.raised = value === 'superscript' || value === 'subscript' ? value : undefined;
      break;
    case 'color':
      font.colour = colourOf(attributes);
  }
}

type Take = <Part>(list: Part[], part: Part) => void;

function readFillPart(fills: XlsxFill[], name: string, attributes: string, take: Take): void {
  const fill = fills[fills.length - 1];
  if (name === 'fill') take(fills, { pattern: 'none' });
  else if (!fill) return;
  else if (name === 'patternFill') fill.pattern = attribute(attributes, 'patternType') ?? 'none';
  else if (name === 'fgColor') fill.foreground = colourOf(attributes);
  else if (name === 'bgColor') fill.background = colourOf(attributes);
  else if (name === 'gradientFill') fill.pattern = 'gradient';
  else if (name === 'color') fill.foreground ??= colourOf(attributes);
}

const SIDES: Readonly<Record<string, XlsxSide>> = {
  left: 'left',
  start: 'left',
  right: 'right',
  end: 'right',
  top: 'top',
  bottom: 'bottom',
  diagonal: 'diagonal',
};

function readBorderPart(
  borders: XlsxBorder[],
  name: string,
  parent: string | undefined,
  attributes: string,
  take: Take,
): void {
  if (name === 'border') {
    take(borders, { sides: {}, up: flag(attributes, 'diagonalUp'), down: flag(attributes, 'diagonalDown') });
    return;
  }
  const border = borders[borders.length - 1];
  if (!border) return;
  const style = attribute(attributes, 'style');
  if (parent === 'border' && SIDES[name] && style !== undefined && style !== 'none')
    border.sides[SIDES[name]] = { style };
  const side = name === 'color' && parent !== undefined ? border.sides[SIDES[parent]] : undefined;
  if (side) side.colour = colourOf(attributes);
}

function readFormatPart(
  formats: XlsxFormat[],
  codes: ReadonlyMap<number, string>,
  name: string,
  attributes: string,
  take: Take,
): void {
  if (name === 'xf') {
    const id = numeric(attributes, 'numFmtId') ?? 0;
    const code = codes.get(id) ?? builtInFormat(id);
    take(formats, {
      code: /^general$/i.test(code) ? '' : code,
      kind: kindOfFormat(code),
      font: numeric(attributes, 'fontId') ?? 0,
      fill: numeric(attributes, 'fillId') ?? 0,
      border: numeric(attributes, 'borderId') ?? 0,
    });
    return;
  }
  if (name !== 'alignment' || formats.length === 0) return;
  const alignment: XlsxAlignment = {
    horizontal: attribute(attributes, 'horizontal'),
    vertical: attribute(attributes, 'vertical'),
    wrap: flag(attributes, 'wrapText'),
    rotation: numeric(attributes, 'textRotation') ?? 0,
    indent: numeric(attributes, 'indent') ?? 0,
  };
  formats[formats.length - 1] = { ...formats[formats.length - 1], alignment };
}

function colourOf(attributes: string): XlsxColour | undefined {
  const rgb = attribute(attributes, 'rgb');
  const theme = numeric(attributes, 'theme');
  const indexed = numeric(attributes, 'indexed');
  const tint = numeric(attributes, 'tint');
  if (rgb === undefined && theme === undefined && indexed === undefined) return undefined;
  return { rgb, theme, indexed, tint };
}
