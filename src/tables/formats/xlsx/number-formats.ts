/** What a number with this format is to be read as. */
export type NumberKind = 'number' | 'date' | 'time' | 'timestamp' | 'duration';

/** The formats that a workbook names by number only. Those that a system writes in its own way are written year first. */
const BUILT_IN: Readonly<Record<number, string>> = {
  1: '0',
  2: '0.00',
  3: '#,##0',
  4: '#,##0.00',
  5: '$#,##0_);($#,##0)',
  6: '$#,##0_);[Red]($#,##0)',
  7: '$#,##0.00_);($#,##0.00)',
  8: '$#,##0.00_);[Red]($#,##0.00)',
  9: '0%',
  10: '0.00%',
  11: '0.00E+00',
  12: '# ?/?',
  13: '# ??/??',
  14: 'yyyy-mm-dd',
  15: 'd-mmm-yy',
  16: 'd-mmm',
  17: 'mmm-yy',
  18: 'h:mm AM/PM',
  19: 'h:mm:ss AM/PM',
  20: 'h:mm',
  21: 'h:mm:ss',
  22: 'yyyy-mm-dd h:mm',
  27: 'yyyy"年"m"月"',
  28: 'm"月"d"日"',
  29: 'm"月"d"日"',
  30: 'yyyy-mm-dd',
  31: 'yyyy"年"m"月"d"日"',
  32: 'h"时"mm"分"',
  33: 'h"时"mm"分"ss"秒"',
  34: 'AM/PM h"时"mm"分"',
  35: 'AM/PM h"时"mm"分"ss"秒"',
  36: 'yyyy"年"m"月"',
  37: '#,##0_);(#,##0)',
  38: '#,##0_);[Red](#,##0)',
  39: '#,##0.00_);(#,##0.00)',
  40: '#,##0.00_);[Red](#,##0.00)',
  45: 'mm:ss',
  46: '[h]:mm:ss',
  47: 'mm:ss.0',
  48: '##0.0E+0',
  49: '@',
  50: 'yyyy"年"m"月"',
  51: 'm"月"d"日"',
  52: 'yyyy"年"m"月"',
  53: 'm"月"d"日"',
  54: 'm"月"d"日"',
  55: 'AM/PM h"时"mm"分"',
  56: 'AM/PM h"时"mm"分"ss"秒"',
  57: 'yyyy"年"m"月"',
  58: 'm"月"d"日"',
};

/** The code of a number format by its number; empty for the general one. */
export function builtInFormat(id: number): string {
  return BUILT_IN[id] ?? '';
}

/** What the first section of a format makes of a number. */
export function kindOfFormat(code: string): NumberKind {
  if (code === '' || /^general/i.test(code) || code === '@') return 'number';
  const plain = code
    .replace(/"[^"]*"?/g, '')
    .replace(/\\.|[_*]./g, '')
    .split(';', 1)[0]
    .toLowerCase();
  if (/\[(h+|m+|s+)\]/.test(plain)) return 'duration';
  const letters = plain
    .replace(/\[[^\]]*\]/g, '')
    .replace(/am\/pm|a\/p|上午\/下午/g, 'h')
    .replace(/e[+-]/g, '');
  if (/[#?]/.test(letters) || /0/.test(letters.replace(/s\.0+/g, ''))) return 'number';
  const time = /[hs]/.test(letters);
  const day = /[yd]/.test(letters) || (!time && /m/.test(letters));
  if (day) return time ? 'timestamp' : 'date';
  return time ? 'time' : 'number';
}
