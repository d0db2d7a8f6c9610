import { type Column, type DictionaryColumn, isPresent, stringAt, stringCount, textAt } from '@patron/sdk';

/** Codes of one or several columns' values; 0 where the row has none in any of them. */
export interface ValueCodes {
  readonly codes: Uint32Array;
  readonly count: number;
  /** The values behind a code as text, one a column; '' stands for none. */
  values(code: number): readonly string[];
}

/** Codes of one column; missing values and empty texts share code 0. */
export function valueCodes(column: Column): ValueCodes {
  return column.type === 'string' && column.layout === 'dictionary' ? dictionaryCodes(column) : distinctCodes(column);
}

function dictionaryCodes(column: DictionaryColumn): ValueCodes {
  const count = stringCount(column.dictionary) + 1;
  const codeOf = Uint32Array.from({ length: count - 1 }, (_, code) =>
    stringAt(column.dictionary, code) === '' ? 0 : code + 1,
  );
  const codes = new Uint32Array(column.length);
  for (let row = 0; row < codes.length; row++) if (isPresent(column, row)) codes[row] = codeOf[column.codes[row]];
  return { codes, count, values: (code) => [code === 0 ? '' : stringAt(column.dictionary, code - 1)] };
}

function distinctCodes(column: Column): ValueCodes {
  const codeOf = new Map<number | string, number>();
  const firstRow = [-1];
  const codes = new Uint32Array(column.length);
  for (let row = 0; row < codes.length; row++) {
    if (!isPresent(column, row)) continue;
    const value = column.type === 'string' ? (textAt(column, row) as string) : column.values[row];
    if (value === '') continue;
    let code = codeOf.get(value);
    if (code === undefined) {
      code = firstRow.push(row) - 1;
      codeOf.set(value, code);
    }
    codes[row] = code;
  }
  return {
    codes,
    count: firstRow.length,
    values: (code) => [code === 0 ? '' : (textAt(column, firstRow[code]) as string)],
  };
}

/** Codes of the combinations of several columns' values that occur. */
export function combinedCodes(columns: readonly Column[]): ValueCodes {
  const [first, ...rest] = columns.map(valueCodes);
  return rest.reduce(combine, first);
}

function combine(a: ValueCodes, b: ValueCodes): ValueCodes {
  const { codes, pairs } = pairCodes(a.codes, b.codes, b.count);
  return {
    codes,
    count: pairs.length,
    values: (code) => [...a.values(Math.floor(pairs[code] / b.count)), ...b.values(pairs[code] % b.count)],
  };
}

/** Dense codes of the pairs of two codes; pair (0, 0) is 0. `pairs[code]` is `a * width + b`. */
export function pairCodes(
  a: Uint8Array | Uint16Array | Uint32Array,
  b: Uint32Array,
  width: number,
): { codes: Uint32Array; pairs: number[] } {
  const codeOf = new Map<number, number>([[0, 0]]);
  const pairs = [0];
  const codes = new Uint32Array(a.length);
  let last = -1;
  let lastCode = 0;
  for (let row = 0; row < codes.length; row++) {
    const pair = a[row] * width + b[row];
    if (pair !== last) {
      let code = codeOf.get(pair);
      if (code === undefined) {
        code = pairs.push(pair) - 1;
        codeOf.set(pair, code);
      }
      last = pair;
      lastCode = code;
    }
    codes[row] = lastCode;
  }
  return { codes, pairs };
}
