import { describe, expect, it } from 'vitest';
import { sheetCsv } from './sheet-csv.ts';

const textOf = async (blob: Blob): Promise<string> =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(await blob.arrayBuffer());

describe('a sheet as CSV', () => {
  it('begins with a byte order mark, so that Excel reads it as UTF-8', async () => {
    expect((await textOf(sheetCsv([['客户']], [['客户']]))).charCodeAt(0)).toBe(0xfeff);
  });

  it('writes numbers in full and days as they are shown', async () => {
    const csv = await textOf(sheetCsv([[8911407.904, 40888]], [['8,911,407.90', '2011-12-11']]));
    expect(csv.slice(1)).toBe('8911407.904,2011-12-11\r\n');
  });

  it('disarms texts that a spreadsheet would run as formulas, and leaves negative numbers alone', async () => {
    const csv = await textOf(sheetCsv([['=1+1', '@SUM(A1)', -5, '-x']], [['=1+1', '@SUM(A1)', '-5', '-x']]));
    expect(csv.slice(1)).toBe("'=1+1,'@SUM(A1),-5,'-x\r\n");
  });

  it('quotes what holds a comma, a quote or a line break', async () => {
    const csv = await textOf(sheetCsv([['a,b', 'say "hi"', null]], [['a,b', 'say "hi"', '']]));
    expect(csv.slice(1)).toBe('"a,b","say ""hi""",\r\n');
  });
});
