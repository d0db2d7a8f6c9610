import { readXlsx } from 'hucre/xlsx';
import { describe, expect, it } from 'vitest';
import { sheetXlsx } from './sheet-xlsx.ts';

describe('an ordinary sheet as XLSX', () => {
  it('keeps values, number formats, bold type, widths and merges', async () => {
    const bytes = await sheetXlsx(
      'A: report?',
      {
        cellData: {
          0: { 0: { v: '=not a formula', t: 1, s: 'head' }, 2: { v: 1, t: 3 } },
          2: { 1: { v: 0.192, t: 2, s: { n: { pattern: '0.0%' } } }, 2: { p: { body: { dataStream: 'rich\r\n' } } } },
        },
        columnData: { 1: { w: 145 } },
        mergeData: [{ startRow: 0, endRow: 0, startColumn: 0, endColumn: 1 }],
      },
      { head: { bl: 1 } },
    );
    const { sheets } = await readXlsx(bytes, { readStyles: true });
    const [sheet] = sheets;
    expect(sheet.name).toBe('A  report');
    expect(sheet.rows[0][0]).toBe('=not a formula');
    expect(sheet.rows[0][2]).toBe(true);
    expect(sheet.rows[2].slice(1)).toEqual([0.192, 'rich']);
    expect(sheet.cells?.get('0,0')?.formula).toBeUndefined();
    expect(sheet.cells?.get('0,0')?.style?.font?.bold).toBe(true);
    expect(sheet.cells?.get('2,1')?.style?.numFmt).toBe('0.0%');
    // 145 pixels are 20 characters of 7 pixels and 5 pixels of margin.
    expect(sheet.columns?.[1]?.width).toBeCloseTo(20);
    expect(sheet.merges?.[0]).toMatchObject({ startRow: 0, startCol: 0, endRow: 0, endCol: 1 });
  });
});
