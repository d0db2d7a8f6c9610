import {
  booleanColumn,
  type CellValue,
  type Column,
  columnFromValues,
  dateColumn,
  integerColumn,
  stringColumn,
  timestampColumn,
  valueAt,
} from '@patron/sdk';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileFormula } from './formula.ts';
import { roundHalfUp } from './formula-functions.ts';

const columns: Record<string, Column> = {
  price: { type: 'number', length: 3, values: Int32Array.of(255, 10, 0), scale: 100, validity: Uint8Array.of(0b011) },
  quantity: integerColumn(Int32Array.of(3, -2, 5)),
  ratio: columnFromValues('number', [0.1, 0, null]),
  name: stringColumn(['Ann', 'bob', null]),
  'Unit price': integerColumn(Int32Array.of(7, 8, 9)),
  客户: stringColumn(['甲', '乙', '丙']),
  paid: booleanColumn([true, false, true]),
  day: dateColumn(Int32Array.of(19_782, 0, -1)),
  at: timestampColumn(Float64Array.of(1_709_251_200_000, 0, 86_399_999), true),
};

function answer(formula: string, timeZone = 'UTC'): { values: CellValue[]; type: string } {
  const described = Object.entries(columns).map(([name, column]) => ({
    name,
    type: column.type,
    scale: column.type === 'number' ? column.scale : undefined,
    zoned: column.type === 'timestamp' ? column.zoned : undefined,
  }));
  const column = compileFormula(formula, described).compute({
    length: 3,
    columns: new Map(Object.entries(columns)),
    timeZone,
  });
  return { values: Array.from({ length: 3 }, (_, row) => valueAt(column, row)), type: column.type };
}
const values = (formula: string): CellValue[] => answer(formula).values;

describe('a formula', () => {
  test('keeps money exact: 2.55 × 3 is 7.65, and 0.1 + 0.2 of decimals is 0.3', () => {
    expect(answer('price * quantity')).toEqual({ values: [7.65, -0.2, null], type: 'number' });
    expect(values('0.1 + 0.2')).toEqual([0.3, 0.3, 0.3]);
    expect(answer('quantity × 2 − 1')).toEqual({ values: [5, -5, 9], type: 'integer' });
  });
  test('spreads what is missing, and has no value where it divides by zero', () => {
    expect(values('1 ÷ ratio')).toEqual([10, null, null]);
    expect(values('name & "!"')).toEqual(['Ann!', 'bob!', null]);
    expect(values('ratio > 0')).toEqual([true, false, null]);
    expect(values('ratio > 0 or paid')).toEqual([true, false, true]);
    expect(values('missing(ratio)')).toEqual([false, false, true]);
    expect(values('coalesce(ratio, -1)')).toEqual([0.1, 0, -1]);
    expect(values('if(ratio > 0, "yes", "no")')).toEqual(['yes', 'no', null]);
  });
  test('binds × before +, + before &, & before comparison, not before and, and before or', () => {
    expect(values('1 + 2 * 3')).toEqual([7, 7, 7]);
    expect(values('(1 + 2) * 3')).toEqual([9, 9, 9]);
    expect(values('-2 - -3')).toEqual([1, 1, 1]);
    expect(values('8 / 4 / 2')).toEqual([1, 1, 1]);
    expect(values('1 + 1 & "x" = "2x"')).toEqual([true, true, true]);
    expect(values('not paid and paid or true')).toEqual([true, true, true]);
    expect(values('not (paid and true)')).toEqual([false, true, false]);
  });
  test('reads names in brackets, in Chinese, and in another case', () => {
    expect(values('[Unit price] + 1')).toEqual([8, 9, 10]);
    expect(values('客户 & "女士"')).toEqual(['甲女士', '乙女士', '丙女士']);
    expect(values('QUANTITY')).toEqual([3, -2, 5]);
  });
  test('knows the calendar, before 1970 too, and cuts instants in the time zone', () => {
    expect(values('year(day)')).toEqual([2024, 1970, 1969]);
    expect(values('month(day)')).toEqual([2, 1, 12]);
    expect(values('day(day)')).toEqual([29, 1, 31]);
    expect(values('day + 1')).toEqual(['2024-03-01', '1970-01-02', '1970-01-01']);
    expect(values('day - day')).toEqual([0, 0, 0]);
    expect(values('day >= "2024-01-01"')).toEqual([true, false, false]);
    expect(answer('day(at)', 'UTC').values).toEqual([1, 1, 1]);
    expect(answer('day(at)', 'Asia/Shanghai').values).toEqual([1, 1, 2]);
    expect(answer('day(at)', 'America/New_York').values).toEqual([29, 31, 1]);
  });
  test('rounds halves away from zero as they read', () => {
    expect(roundHalfUp(2.675, 2)).toBe(2.68);
    expect(roundHalfUp(-2.5, 0)).toBe(-3);
    expect(roundHalfUp(1250, -2)).toBe(1300);
    expect(values('round(price, 1)')).toEqual([2.6, 0.1, null]);
    expect(values('round(quantity, -1)')).toEqual([0, 0, 10]);
  });
  test('treats texts', () => {
    expect(values('upper(name) & length(name)')).toEqual(['ANN3', 'BOB3', null]);
    expect(values('trim("  a ") & lower("B") & text(1.5)')).toEqual(['ab1.5', 'ab1.5', 'ab1.5']);
    expect(values('"say ""hi"""')).toEqual(['say "hi"', 'say "hi"', 'say "hi"']);
    expect(values('name < "a"')).toEqual([true, false, null]);
  });
  test('names the position of what is wrong', () => {
    const wrong: [string, string, number][] = [
      ['', 'empty', 1],
      ['1 +', 'unfinished', 4],
      ['1 + * 2', 'unexpected', 5],
      ['(1', 'unfinished', 3],
      ['1)', 'unexpected', 2],
      ['"abc', 'unclosed-text', 1],
      ['1 + [abc', 'unclosed-name', 5],
      ['nothing', 'unknown-column', 1],
      ['1 + sum(2)', 'unknown-function', 5],
      ['constructor(1)', 'unknown-function', 1],
      ['if(paid, 1)', 'wrong-count', 1],
      ['name + 1', 'wrong-type', 6],
      ['if(1, 2, 3)', 'wrong-type', 4],
      ['paid = 1', 'wrong-type', 6],
      ['not name', 'wrong-type', 1],
      ['1 # 2', 'unexpected', 3],
      [`${'('.repeat(2000)}1`, 'too-deep', 100],
    ];
    for (const [formula, problem, position] of wrong) {
      expect(() => answer(formula), formula).toThrow(
        expect.objectContaining({ code: 'bad-formula', details: expect.objectContaining({ problem }) }),
      );
      if (problem === 'too-deep') continue;
      try {
        answer(formula);
      } catch (error) {
        expect((error as { details: { position: number } }).details.position, formula).toBe(position);
      }
    }
  });
  test('computes whole numbers as JavaScript does', () => {
    const expression: fc.Arbitrary<string> = fc.letrec<{ tree: string }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        fc.integer({ min: 0, max: 20 }).map(String),
        fc.constantFrom('quantity', '[Unit price]'),
        fc.tuple(tie('tree'), fc.constantFrom('+', '-', '*'), tie('tree')).map(([a, sign, b]) => `(${a} ${sign} ${b})`),
        tie('tree').map((part) => `(-${part})`),
      ),
    })).tree;
    fc.assert(
      fc.property(expression, (formula) => {
        const expected = [0, 1, 2].map((row) => {
          const script = formula
            .replaceAll('quantity', `(${[3, -2, 5][row]})`)
            .replaceAll('[Unit price]', `(${7 + row})`);
          return Number(new Function(`return ${script}`)());
        });
        fc.pre(expected.every((value) => Math.abs(value) < 1e9));
        expect(values(formula).map((value) => Number(value) + 0)).toEqual(expected.map((value) => value + 0));
      }),
    );
  });
  test('any text either computes or is refused with a position', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'1.5+-*/&=<>()[]", aif(paid)nameor%'.split('')), maxLength: 30 }),
        (text) => {
          try {
            values(text);
          } catch (error) {
            expect(error).toMatchObject({ code: 'bad-formula' });
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
