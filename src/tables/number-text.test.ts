import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type NumberText, readNumber } from './number-text.ts';

function read(text: string, decimalComma = false): { value: number; unit: string } | undefined {
  const bytes = new TextEncoder().encode(text);
  const result: NumberText = { mantissa: 0, decimals: 0, double: 0, unit: '', leadingZero: false, longDigits: false };
  if (!readNumber(bytes, 0, bytes.length, decimalComma, result)) return undefined;
  const value = Number.isNaN(result.double) ? result.mantissa / 10 ** result.decimals : result.double;
  return { value, unit: result.unit };
}

test.each([
  ['0', 0, ''],
  ['-12.50', -12.5, ''],
  ['+3', 3, ''],
  ['1,234,567.89', 1234567.89, ''],
  ["1'234", 1234, ''],
  ['1 234 567', 1234567, ''],
  ['(1,234.5)', -1234.5, ''],
  ['125-', -125, ''],
  ['.5', 0.5, ''],
  ['5.', 5, ''],
  ['6.02e23', 6.02e23, ''],
  ['12.5%', 0.125, '%'],
  ['$1,234.50', 1234.5, '$'],
  ['-$5', -5, '$'],
  ['¥ 88', 88, '¥'],
  ['￥１２３．４５', 123.45, '¥'],
  ['12€', 12, '€'],
  ['99元', 99, '元'],
  ['1.2万', 12000, ''],
  ['3亿', 300000000, ''],
  ['2万亿', 2e12, ''],
  ['3.5亿元', 350000000, '元'],
  ['1200万元', 12000000, '元'],
  ['3千', 3000, ''],
  ['5百', 500, ''],
  ['2百万', 2000000, ''],
  ['1.5千万', 15000000, ''],
  ['CNY 12.5', 12.5, '¥'],
  ['US$ 1,000.00', 1000, '$'],
  ['12.5 USD', 12.5, '$'],
  ['HK$88', 88, 'HK$'],
  ['-EUR 5', -5, '€'],
  ['$(1,000)', -1000, '$'],
  ['($1,000)', -1000, '$'],
  ['(1,000 USD)', -1000, '$'],
  ['１２，３４５', 12345, ''],
  ['−7', -7, ''],
  ['0.1000000000000000055511151231257827', 0.1, ''],
  ['9007199254740993', 9007199254740992, ''],
])('reads %s', (text, value, unit) => {
  expect(read(text)).toEqual({ value, unit });
});

test.each([
  '',
  '-',
  '.',
  '1.2.3',
  '12,34',
  '1,2345',
  '1e',
  '0x10',
  'abc',
  '5 apples',
  '$',
  '%',
  '1w',
  '万',
  '3万5',
  'USD',
  'XYZ 5',
  'E5',
  'US$$5',
  '5 USD 6',
  '2011-01-05',
  '--5',
  '1,,000',
])('takes %j for no number', (text) => {
  expect(read(text)).toBeUndefined();
});

test('reads a decimal comma where the file has one', () => {
  expect(read('1.234,56', true)?.value).toBe(1234.56);
  expect(read('0,5', true)?.value).toBe(0.5);
});

test('reads every double from its text to the last bit', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
      expect(read(String(number))?.value).toBe(number === 0 ? 0 : number);
    }),
    { numRuns: 2000 },
  );
});
