import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeXlsx } from 'hucre/xlsx';
import { describe, expect, it } from 'vitest';
import { bytesSource } from '../../tables/index.ts';
import { readSheets } from './read-sheets.ts';
import type { SheetCells } from './sheet-data.ts';
import { writeSheets } from './write-sheets.ts';

const soffice = ['/usr/bin/soffice', '/usr/local/bin/soffice', '/usr/bin/libreoffice'].find((path) => existsSync(path));
// biome-ignore lint/suspicious/noConsole: a skipped test says why.
if (!soffice) console.warn('LibreOffice (soffice) is not installed: sheets are not exchanged with it.');

const functions = ['SUM', 'IF', 'TEXT'];

async function convert(
  program: string,
  folder: string,
  bytes: Uint8Array,
  format: string,
  file: string,
): Promise<Buffer> {
  await writeFile(join(folder, 'in.xlsx'), bytes);
  const profile = `-env:UserInstallation=file://${folder}/profile`;
  const out = join(folder, 'out');
  await promisify(execFile)(program, [
    profile,
    '--headless',
    '--convert-to',
    format,
    '--outdir',
    out,
    join(folder, 'in.xlsx'),
  ]);
  return await readFile(join(out, file));
}

async function read(bytes: Uint8Array<ArrayBuffer>) {
  const cells: SheetCells = {};
  const setting = { parts: ['Plan'], taken: [], functions, names: [], stylePrefix: '' };
  const found = await readSheets(
    bytesSource('plan.xlsx', bytes),
    setting,
    (_, rows) => void Object.assign(cells, rows),
  );
  return { ...found, cells };
}

describe.skipIf(!soffice)('a sheet that LibreOffice has saved', () => {
  it('comes in with its formats, goes out, and is the same to LibreOffice', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'patron-'));
    try {
      const line = { style: 'medium', color: { rgb: '00B050' } } as const;
      const made = await writeXlsx({
        sheets: [
          {
            name: 'Plan',
            rows: [
              ['Plan 2026', null, null],
              ['a', 1.5, new Date(Date.UTC(2026, 0, 31))],
              ['b', 2.25, null],
              ['=x', null, null],
            ],
            cells: new Map([
              [
                '0,0',
                {
                  value: 'Plan 2026',
                  style: {
                    font: {
                      name: 'DejaVu Sans',
                      size: 16,
                      bold: true,
                      italic: true,
                      underline: true,
                      color: { rgb: 'C00000' },
                    },
                    fill: { type: 'pattern', pattern: 'solid', fgColor: { rgb: 'FFFF00' } },
                    alignment: { horizontal: 'center', vertical: 'center', wrapText: true },
                  },
                },
              ],
              ['1,1', { value: 1.5, style: { numFmt: '#,##0.00', border: { top: line, left: line } } }],
              ['1,2', { style: { numFmt: 'yyyy-mm-dd', alignment: { textRotation: 30 } } }],
              ['3,1', { formula: 'SUM(B2:B3)*2', formulaResult: 7.5 }],
              ['3,2', { formula: 'IF(B4>7,"more","less")', formulaResult: 'more' }],
            ]),
            merges: [{ startRow: 0, startCol: 0, endRow: 0, endCol: 2 }],
            columns: [{ width: 24 }, { width: 12 }, { width: 14 }],
            rowDefs: new Map([
              [0, { height: 36 }],
              [2, { hidden: true }],
            ]),
          },
        ],
      });
      const saved = await convert(soffice as string, folder, made, 'xlsx:Calc MS Excel 2007 XML', 'in.xlsx');
      const first = await read(new Uint8Array(saved));
      expect(first.cells[3]).toMatchObject({
        0: { v: '=x', t: 1 },
        1: { v: 7.5, f: '=SUM(B2:B3)*2' },
        2: { v: 'more', f: '=IF(B4>7,"more","less")' },
      });
      expect(first.styles[first.cells[0][0].s ?? '']).toMatchObject({
        ff: 'DejaVu Sans, sans-serif',
        fs: 16,
        bl: 1,
        it: 1,
        ul: { s: 1 },
        cl: { rgb: '#C00000' },
        bg: { rgb: '#FFFF00' },
        ht: 2,
        vt: 2,
        tb: 3,
      });
      expect(first.styles[first.cells[1][1].s ?? '']).toMatchObject({
        n: { pattern: '#,##0.00' },
        bd: { t: { s: 8, cl: { rgb: '#00B050' } }, l: { s: 8, cl: { rgb: '#00B050' } } },
      });
      expect(first.styles[first.cells[1][2].s ?? '']).toMatchObject({
        n: { pattern: 'yyyy\\-mm\\-dd' },
        tr: { a: -30 },
      });
      expect(first.cells[1][2].v).toBe(46_053);
      expect(first.sheets[0]).toMatchObject({
        mergeData: [{ startRow: 0, endRow: 0, startColumn: 0, endColumn: 2 }],
        rowData: { 0: { h: 48 }, 2: { hd: 1 } },
      });
      expect(first.leftOut).toEqual([]);
      const written = await writeSheets({
        sheets: [{ name: 'Plan', stored: { ...first.sheets[0], cellData: first.cells } }],
        styles: first.styles,
        functions,
        names: [],
      });
      const again = await read(
        new Uint8Array(await convert(soffice as string, folder, written, 'xlsx:Calc MS Excel 2007 XML', 'in.xlsx')),
      );
      const seen = ({ cells, styles }: typeof first): unknown =>
        Object.values(cells).map((row) =>
          Object.fromEntries(
            Object.entries(row).map(([column, { s, ...cell }]) => [column, { ...cell, style: styles[s ?? ''] }]),
          ),
        );
      expect(seen(again)).toEqual(seen(first));
      expect(again.sheets[0].mergeData).toEqual(first.sheets[0].mergeData);
      expect([0, 1, 2].map((column) => again.sheets[0].columnData[column]?.w)).toEqual(
        [0, 1, 2].map((column) => first.sheets[0].columnData[column]?.w),
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }, 60_000);
});
