import type { BorderLineStyle, BorderSide, CellStyle, FontStyle } from 'hucre';
import { BORDER_LINES, INDENT_PIXELS, type SheetBorderSide, type SheetStyle } from './sheet-style.ts';

const LINES = new Map(Object.entries(BORDER_LINES).map(([name, line]) => [line, name as BorderLineStyle]));
const ACROSS = { 1: 'left', 2: 'center', 3: 'right', 4: 'justify', 6: 'distributed' } as const;
const UPRIGHT = { 1: 'top', 2: 'center', 3: 'bottom' } as const;

/** A sheet's style as an XLSX file has it; undefined where there is nothing to it. */
export function excelStyle(style: SheetStyle | null | undefined): CellStyle | undefined {
  if (!style) return undefined;
  const font = excelFont(style);
  const fill = colourOf(style.bg);
  const border = excelBorder(style.bd);
  const alignment = excelAlignment(style);
  const made: CellStyle = {
    ...(style.n?.pattern ? { numFmt: style.n.pattern } : {}),
    ...(font ? { font } : {}),
    ...(fill ? { fill: { type: 'pattern', pattern: 'solid', fgColor: { rgb: fill } } } : {}),
    ...(border ? { border } : {}),
    ...(alignment ? { alignment } : {}),
  };
  return Object.keys(made).length > 0 ? made : undefined;
}

/** What a style says of the type; undefined where it says nothing. */
export function excelFont(style: SheetStyle): FontStyle | undefined {
  const ink = colourOf(style.cl);
  const font: FontStyle = {
    ...(style.ff ? { name: faceOf(style.ff) } : {}),
    ...(style.fs ? { size: style.fs } : {}),
    ...(style.bl ? { bold: true } : {}),
    ...(style.it ? { italic: true } : {}),
    ...(style.ul?.s ? { underline: style.ul.t === 10 ? 'double' : true } : {}),
    ...(style.st?.s ? { strikethrough: true } : {}),
    ...(style.va === 2 ? { vertAlign: 'subscript' } : style.va === 3 ? { vertAlign: 'superscript' } : {}),
    ...(ink ? { color: { rgb: ink } } : {}),
  };
  return Object.keys(font).length > 0 ? font : undefined;
}

/** The first of the faces that a style names. */
export function faceOf(family: string): string {
  return family
    .split(',')[0]
    .trim()
    .replace(/^["']|["']$/g, '');
}

/** `RRGGBB` of a colour written `#RRGGBB` or `rgb(r, g, b)`. */
export function colourOf(colour: { readonly rgb?: string | null } | null | undefined): string | undefined {
  const text = colour?.rgb ?? '';
  if (/^#[0-9a-f]{6}$/i.test(text)) return text.slice(1).toUpperCase();
  const parts = /^rgba?\((\d+),\s*(\d+),\s*(\d+)/.exec(text);
  return parts
    ?.slice(1)
    .map((part) => Math.min(255, Number(part)).toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
}

function excelBorder(sides: SheetStyle['bd'] | null): CellStyle['border'] {
  if (!sides) return undefined;
  const side = (name: SheetBorderSide): BorderSide | undefined => {
    const found = sides[name];
    const style = found ? LINES.get(found.s) : undefined;
    return style === undefined ? undefined : { style, color: { rgb: colourOf(found?.cl) ?? '000000' } };
  };
  const diagonal = side('tl_br') ?? side('bl_tr');
  const border = {
    top: side('t'),
    right: side('r'),
    bottom: side('b'),
    left: side('l'),
    ...(diagonal ? { diagonal, diagonalDown: Boolean(sides.tl_br), diagonalUp: Boolean(sides.bl_tr) } : {}),
  };
  return Object.values(border).some((each) => each !== undefined) ? border : undefined;
}

function excelAlignment({ ht, vt, tb, tr, pd }: SheetStyle): CellStyle['alignment'] {
  const angle = Math.max(-90, Math.min(90, Math.round(tr?.a ?? 0)));
  const rotation = tr?.v ? 255 : angle <= 0 ? -angle : 90 + angle;
  const indent = Math.round((Math.max(pd?.l ?? 0, pd?.r ?? 0) - 2) / INDENT_PIXELS);
  const alignment = {
    ...(ht && ht in ACROSS ? { horizontal: ACROSS[ht as keyof typeof ACROSS] } : {}),
    ...(vt && vt in UPRIGHT ? { vertical: UPRIGHT[vt as keyof typeof UPRIGHT] } : {}),
    ...(tb === 3 ? { wrapText: true } : {}),
    ...(rotation > 0 ? { textRotation: rotation } : {}),
    ...(indent > 0 ? { indent } : {}),
  };
  return Object.keys(alignment).length > 0 ? alignment : undefined;
}
