/** A number as its text says it: `mantissa / 10^decimals` exactly, or a double where a text has too many digits for that. */
export interface NumberText {
  mantissa: number;
  decimals: number;
  /** The correctly rounded double, where `mantissa` cannot hold the digits; else NaN. */
  double: number;
  /** `%`, a currency sign, or empty. */
  unit: string;
  /** A whole number written with zeros in front, or with 15 digits and more: most likely an identifier. */
  leadingZero: boolean;
  longDigits: boolean;
}

const scratch = new Uint8Array(80);
const GROUPS_OF_THREE = 3;
const LONGEST = 64;

/** Bytes that stand in the scratch for what takes more than one; as themselves they are not let in. */
const HUNDRED = 1; // 百
const THOUSAND = 2; // 千
const TEN_THOUSAND = 3; // 万
const HUNDRED_MILLION = 4; // 亿
/** Powers of ten of these. */
const POWERS = [0, 2, 3, 4, 8];
const CURRENCY = 36; // $
const SIGNS: Readonly<Record<number, string>> = { 49829: '¥', 49827: '£', 14844588: '€', 14844585: '₩', 14844601: '₹' };

/** Currencies by letters, as they stand before an amount or behind it. */
const CODES: ReadonlyMap<string, string> = new Map([
  ['CNY', '¥'],
  ['RMB', '¥'],
  ['USD', '$'],
  ['US$', '$'],
  ['EUR', '€'],
  ['GBP', '£'],
  ['KRW', '₩'],
  ['INR', '₹'],
  ['JPY', 'JPY'],
  ['CHF', 'CHF'],
  ['HKD', 'HK$'],
  ['HK$', 'HK$'],
  ['TWD', 'NT$'],
  ['NT$', 'NT$'],
  ['AUD', 'A$'],
  ['A$', 'A$'],
  ['CAD', 'C$'],
  ['C$', 'C$'],
  ['SGD', 'S$'],
  ['S$', 'S$'],
  ['BRL', 'R$'],
  ['R$', 'R$'],
]);
const LONGEST_CODE = 3;

/**
 * Reads `bytes[start .. end]` as people write numbers: sign before or behind, or parentheses; digits, full-width ones too,
 * with thousands in groups of three; an exponent; a currency sign or code; percent; 百, 千, 万 and 亿. Returns false where it is no number.
 */
export function readNumber(
  bytes: Uint8Array,
  start: number,
  end: number,
  decimalComma: boolean,
  result: NumberText,
): boolean {
  if (end - start > LONGEST) return false;
  const length = normalise(bytes, start, end, result);
  if (length <= 0) return false;
  let from = 0;
  let to = length;
  let negative = false;
  // Brackets and sign may stand outside the currency or within.
  for (let turn = 0; turn < 2; turn++) {
    if (scratch[from] === 40 && scratch[to - 1] === 41) {
      negative = true;
      from++;
      to--;
    }
    if (scratch[from] === 45 || scratch[from] === 43) {
      negative = negative !== (scratch[from] === 45);
      from++;
    }
    if (turn === 1) break;
    if (scratch[from] === CURRENCY) from++;
    else if (scratch[to - 1] === CURRENCY) to--;
    else break;
  }
  let shift = 0;
  const last = scratch[to - 1];
  if (last === 37) {
    if (result.unit !== '') return false;
    result.unit = '%';
    shift = 2;
    to--;
  } else if (last <= HUNDRED_MILLION) {
    while (to - from > 1 && scratch[to - 1] <= HUNDRED_MILLION) shift -= POWERS[scratch[--to]];
  } else if (last === 45 && to - from > 1) {
    negative = !negative;
    to--;
  }
  if (!readDigits(from, to, decimalComma, result)) return false;
  result.decimals += shift;
  if (Number.isNaN(result.double)) {
    while (result.decimals < 0) {
      result.mantissa *= 10;
      result.decimals++;
    }
    if (result.mantissa > Number.MAX_SAFE_INTEGER) {
      result.double = result.mantissa;
    } else if (negative) result.mantissa = result.mantissa === 0 ? 0 : -result.mantissa;
  }
  if (!Number.isNaN(result.double)) {
    if (shift !== 0) result.double = Number(`${result.double}e${-shift}`);
    if (negative) result.double = -result.double;
  }
  return true;
}

function readDigits(from: number, to: number, decimalComma: boolean, result: NumberText): boolean {
  const point = decimalComma ? 44 : 46;
  const group = decimalComma ? 46 : 44;
  let mantissa = 0;
  let digits = 0;
  let significant = 0;
  let decimals = 0;
  let sinceGroup = -1;
  let pointAt = -1;
  let exponentAt = -1;
  let text = '';
  let i = from;
  for (; i < to; i++) {
    const byte = scratch[i];
    if (byte >= 48 && byte <= 57) {
      // The digit first: the other way round the sum would pass 2^53 and be rounded.
      mantissa = mantissa * 10 + (byte - 48);
      digits++;
      if (mantissa !== 0) significant++;
      if (pointAt >= 0) decimals++;
      else if (sinceGroup >= 0) sinceGroup++;
      text += String.fromCharCode(byte);
    } else if (byte === point && pointAt < 0) {
      if (sinceGroup >= 0 && sinceGroup !== GROUPS_OF_THREE) return false;
      pointAt = i;
      text += '.';
    } else if ((byte === group || byte === 39 || byte === 32) && pointAt < 0) {
      if (digits === 0 || (sinceGroup < 0 ? digits > GROUPS_OF_THREE : sinceGroup !== GROUPS_OF_THREE)) return false;
      sinceGroup = 0;
    } else if ((byte === 101 || byte === 69) && digits > 0) {
      exponentAt = i;
      break;
    } else return false;
  }
  if (digits === 0 || (pointAt < 0 && sinceGroup >= 0 && sinceGroup !== GROUPS_OF_THREE)) return false;
  if (exponentAt >= 0) {
    let exponent = '';
    for (let k = exponentAt + 1; k < to; k++) exponent += String.fromCharCode(scratch[k]);
    if (!/^[+-]?\d{1,4}$/.test(exponent)) return false;
    result.double = Number(`${text}e${exponent}`);
    if (!Number.isFinite(result.double)) return false;
    result.mantissa = 0;
    result.decimals = 0;
    return true;
  }
  result.leadingZero = pointAt < 0 && sinceGroup < 0 && digits > 1 && text.charCodeAt(0) === 48;
  result.longDigits = pointAt < 0 && digits >= 15;
  result.mantissa = mantissa;
  result.decimals = decimals;
  result.double = significant > 15 && mantissa > Number.MAX_SAFE_INTEGER ? Number(text) : Number.NaN;
  return true;
}

/** Copies the text to the scratch in plain ASCII, blanks trimmed; the length, or -1 where something has no place in a number. */
function normalise(bytes: Uint8Array, start: number, end: number, result: NumberText): number {
  result.double = Number.NaN;
  result.unit = '';
  result.leadingZero = false;
  result.longDigits = false;
  let length = 0;
  for (let i = start; i < end; ) {
    const byte = bytes[i];
    if (isDigit(byte)) {
      scratch[length++] = byte;
      i++;
      continue;
    }
    if (byte < 0x80) {
      if (byte === CURRENCY) {
        if (result.unit !== '') return -1;
        result.unit = '$';
      }
      if (byte <= HUNDRED_MILLION) return -1;
      const code = isCapital(byte) ? codeEnd(bytes, i, end) : i;
      if (code > i) {
        if (result.unit !== '') return -1;
        result.unit = CODES.get(String.fromCharCode(...bytes.subarray(i, code))) ?? '';
        scratch[length++] = CURRENCY;
        i = code;
        continue;
      }
      scratch[length++] = byte;
      i++;
      continue;
    }
    const wide = byte >= 0xe0 ? 3 : 2;
    const code = wide === 3 ? (byte << 16) | (bytes[i + 1] << 8) | bytes[i + 2] : (byte << 8) | bytes[i + 1];
    if (i + wide > end) return -1;
    i += wide;
    const plain = plainByte(code);
    if (plain > 0) scratch[length++] = plain;
    else if (code === 0xe58583 || SIGNS[code] !== undefined || code === 0xefbfa5) {
      if (result.unit !== '') return -1;
      result.unit = code === 0xe58583 ? '元' : (SIGNS[code] ?? '¥');
      scratch[length++] = CURRENCY;
    } else return -1;
  }
  let from = 0;
  while (from < length && scratch[from] === 32) from++;
  while (length > from && scratch[length - 1] === 32) length--;
  // Blanks between a sign or a unit and the digits say nothing; between digits they may group thousands.
  let to = 0;
  for (let i = from; i < length; i++) {
    const blank = scratch[i] === 32;
    if (blank && !(isDigit(scratch[i - 1]) && isDigit(scratch[i + 1]))) continue;
    scratch[to++] = scratch[i];
  }
  return to;
}

function isCapital(byte: number): boolean {
  return byte >= 65 && byte <= 90;
}

/** Where the currency's code ends that stands at `start`; `start` where none does. */
function codeEnd(bytes: Uint8Array, start: number, end: number): number {
  let stop = start;
  while (stop < end && stop - start < LONGEST_CODE && isCapital(bytes[stop])) stop++;
  if (stop < end && stop - start < LONGEST_CODE && bytes[stop] === CURRENCY) stop++;
  return CODES.has(String.fromCharCode(...bytes.subarray(start, stop))) ? stop : start;
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}

/** The ASCII byte a wider character stands for; 0 for none. */
function plainByte(code: number): number {
  if (code >= 0xefbc90 && code <= 0xefbc99) return code - 0xefbc90 + 48;
  switch (code) {
    case 0xc2a0: // no-break space
    case 0xe38080: // ideographic space
    case 0xe28089: // thin space
    case 0xe280af: // narrow no-break space
      return 32;
    case 0xefbc8b:
      return 43;
    case 0xefbc8c:
      return 44;
    case 0xefbc8d:
    case 0xe28892: // minus sign
      return 45;
    case 0xefbc8e:
      return 46;
    case 0xefbc85:
      return 37;
    case 0xefbc84:
      return CURRENCY;
    case 0xefbc88:
      return 40;
    case 0xefbc89:
      return 41;
    case 0xe799be:
      return HUNDRED;
    case 0xe58d83:
      return THOUSAND;
    case 0xe4b887:
      return TEN_THOUSAND;
    case 0xe4babf:
      return HUNDRED_MILLION;
    default:
      return 0;
  }
}
