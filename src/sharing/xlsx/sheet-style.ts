import type { XlsxFont, XlsxStyles } from '../../tables/index.ts';
import type { ColourReader } from './colours.ts';

/** A style as sheets keep it; the short names are Univer's. */
export interface SheetStyle {
  ff?: string;
  fs?: number;
  bl?: 1;
  it?: 1;
  ul?: { s: 1; t?: number };
  st?: { s: 1 };
  va?: 2 | 3;
  cl?: { rgb: string };
  bg?: { rgb: string };
  bd?: Partial<Record<SheetBorderSide, { s: number; cl: { rgb: string } }>>;
  /** Left 1, centre 2, right 3, justified 4, distributed 6. */
  ht?: number;
  /** Top 1, middle 2, bottom 3. */
  vt?: number;
  /** Wrapped 3. */
  tb?: 3;
  /** Degrees, downwards; `v` for upright letters below one another. */
  tr?: { a: number; v?: 1 };
  pd?: { l?: number; r?: number };
  n?: { pattern: string };
}

export type SheetBorderSide = 't' | 'r' | 'b' | 'l' | 'tl_br' | 'bl_tr';

/** Line styles of borders in both worlds. */
export const BORDER_LINES: Readonly<Record<string, number>> = {
  thin: 1,
  hair: 2,
  dotted: 3,
  dashed: 4,
  dashDot: 5,
  dashDotDot: 6,
  double: 7,
  medium: 8,
  mediumDashed: 9,
  mediumDashDot: 10,
  mediumDashDotDot: 11,
  slantDashDot: 12,
  thick: 13,
};

const HORIZONTAL: Readonly<Record<string, number>> = {
  left: 1,
  center: 2,
  centerContinuous: 2,
  right: 3,
  justify: 4,
  distributed: 6,
};
const VERTICAL: Readonly<Record<string, number>> = { top: 1, center: 2, justify: 1, distributed: 2, bottom: 3 };
/** Pixels of one step of indentation. */
export const INDENT_PIXELS = 9;

const BLACK = '#000000';
const WHITE = '#FFFFFF';

/** The style of a cell by its format's number; undefined where there is nothing to it beyond the sheet's own type. */
export function sheetStyle(styles: XlsxStyles, format: number, colour: ColourReader): SheetStyle | undefined {
  const { code, font, fill, border, alignment } = styles.formats[format] ?? { code: '', font: 0, fill: 0, border: 0 };
  const style: SheetStyle = font === 0 ? {} : fontStyle(styles.fonts[font] ?? {}, styles.fonts[0] ?? {}, colour);
  const background = fillColour(styles, fill, colour);
  if (background !== undefined) style.bg = { rgb: background };
  const sides = borderSides(styles, border, colour);
  if (sides) style.bd = sides;
  if (code !== '') style.n = { pattern: code };
  if (alignment) {
    const { horizontal, vertical, wrap, rotation, indent } = alignment;
    const side = HORIZONTAL[horizontal ?? ''];
    if (side !== undefined) style.ht = side;
    const height = VERTICAL[vertical ?? ''];
    if (height !== undefined) style.vt = height;
    if (wrap) style.tb = 3;
    if (rotation === 255) style.tr = { a: 0, v: 1 };
    else if (rotation > 0 && rotation <= 180) style.tr = { a: rotation <= 90 ? -rotation : rotation - 90 };
    if (indent > 0 && indent < 50) style.pd = { [side === 3 ? 'r' : 'l']: 2 + indent * INDENT_PIXELS };
  }
  return Object.keys(style).length > 0 ? style : undefined;
}

/** What a font says beyond the workbook's own. */
export function fontStyle(font: XlsxFont, own: XlsxFont, colour: ColourReader): SheetStyle {
  const style: SheetStyle = {};
  const family = font.name === undefined || font.name === own.name ? undefined : familyOf(font.name);
  if (family !== undefined) style.ff = family;
  if (font.size !== undefined && font.size !== own.size && font.size > 0 && font.size < 410) style.fs = font.size;
  if (font.bold) style.bl = 1;
  if (font.italic) style.it = 1;
  if (font.underline) style.ul = font.underline === 'double' ? { s: 1, t: 10 } : { s: 1 };
  if (font.strike) style.st = { s: 1 };
  if (font.raised) style.va = font.raised === 'subscript' ? 2 : 3;
  const ink = colour(font.colour);
  // Black ink is the sheet's own, which a dark sheet turns.
  if (ink !== undefined && ink !== BLACK) style.cl = { rgb: ink };
  return style;
}

const SERIF = /times|georgia|cambria|garamond|roman|book|palatino|century|song|ming|kai|simsun|serif$|宋|明|楷/i;
/** Faces that every machine has. */
const EVERYWHERE = new Set(['Arial', 'Courier New', 'Georgia', 'Helvetica', 'Tahoma', 'Times New Roman', 'Verdana']);
const FIXED = /courier|consol|mono|menlo|terminal/i;

/** A face with one of its kind for machines that lack it; undefined for a name that no face has. */
function familyOf(name: string): string | undefined {
  if (!/^[\p{L}_][\p{L}\p{N}_ .-]*$/u.test(name)) return undefined;
  if (EVERYWHERE.has(name)) return name;
  return `${name}, ${FIXED.test(name) ? 'monospace' : SERIF.test(name) ? 'serif' : 'sans-serif'}`;
}

function fillColour({ fills }: XlsxStyles, fill: number, colour: ColourReader): string | undefined {
  const { pattern, foreground, background } = fills[fill] ?? { pattern: 'none' };
  if (pattern === 'none') return undefined;
  if (pattern === 'solid' || pattern === 'gradient') {
    const paper = colour(foreground);
    return paper === WHITE && foreground?.rgb === undefined ? undefined : paper;
  }
  return fill > 1 ? (colour(background) ?? colour(foreground)) : undefined;
}

function borderSides({ borders }: XlsxStyles, border: number, colour: ColourReader): SheetStyle['bd'] {
  const { sides, up, down } = borders[border] ?? { sides: {} };
  const made: NonNullable<SheetStyle['bd']> = {};
  const put = (to: SheetBorderSide, from: keyof typeof sides): void => {
    const side = sides[from];
    const line = side ? BORDER_LINES[side.style] : undefined;
    if (side && line !== undefined) made[to] = { s: line, cl: { rgb: colour(side.colour) ?? BLACK } };
  };
  put('t', 'top');
  put('r', 'right');
  put('b', 'bottom');
  put('l', 'left');
  if (down) put('tl_br', 'diagonal');
  if (up) put('bl_tr', 'diagonal');
  return Object.keys(made).length > 0 ? made : undefined;
}
