import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  booleanColumn,
  type CellValue,
  type Column,
  columnFromValues,
  dateColumn,
  decimalColumn,
  timestampColumn,
  valueAt,
} from '@patron/sdk';
import Papa from 'papaparse';
import { describe, expect, test } from 'vitest';
import { exportXlsx } from './export-xlsx.ts';
import { memoryGroups } from './table-groups.ts';

const soffice = ['/usr/bin/soffice', '/usr/local/bin/soffice', '/usr/bin/libreoffice'].find((path) => existsSync(path));
// biome-ignore lint/suspicious/noConsole: a skipped test says why.
if (!soffice) console.warn('LibreOffice (soffice) is not installed: exported workbooks are not opened in it.');

const columns: Readonly<Record<string, Column>> = {
  customer: columnFromValues('string', ['007', '110101199003078515', null, '=SUM(A1)', 'a"b,c\nd', ' x ']),
  姓名: columnFromValues('string', ['李雷', '韩梅梅', '王', null, '1,5', 'TRUE']),
  paid: decimalColumn(Int32Array.of(1255, -50, 0, 100_000, 1, 1_234_567), 100),
  rate: columnFromValues('number', [0.1, null, 1 / 3, -2.5e-7, 12_345.678, 1e15]),
  count: columnFromValues('integer', [1, null, -3, 900_719_925_474_099, 0, 42]),
  vip: booleanColumn([true, false, true, true, false, false]),
  day: dateColumn(Int32Array.of(0, 19_000, -1, 20_000, 11_016, -25_000)),
  at: timestampColumn(Float64Array.of(1.7e12, 1.7e12 + 61_000, 0, 86_400_000, 1.6e12, 951_782_399_000)),
  instant: timestampColumn(Float64Array.of(1.7e12, 1.7e12 + 61_000, 0, 86_400_000, 1.6e12, 0), true),
};

/** The cells of the sheet as LibreOffice has them: as they are shown, or with numbers in full. */
async function opened(program: string, folder: string, asShown: boolean): Promise<string[][]> {
  const filter = `csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,${asShown},false`;
  const profile = `-env:UserInstallation=file://${folder}/profile`;
  await promisify(execFile)(program, [
    profile,
    '--headless',
    '--convert-to',
    filter,
    '--outdir',
    folder,
    join(folder, 't.xlsx'),
  ]);
  const text = await readFile(join(folder, 't.csv'), 'utf8');
  return Papa.parse<string[]>(text, { skipEmptyLines: true }).data;
}

const asText = (value: CellValue): string => {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  return String(value);
};

describe.skipIf(!soffice)('a workbook opened in LibreOffice', () => {
  test('has the values of the table', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'patron-xlsx-'));
    try {
      const table = memoryGroups(
        't',
        Object.entries(columns).map(([name, column]) => ({ name, column })),
      );
      const pieces: Uint8Array[] = [];
      for await (const piece of exportXlsx(table)) pieces.push(piece);
      await writeFile(join(folder, 't.xlsx'), Buffer.concat(pieces));
      const [heads, ...shown] = await opened(soffice ?? '', folder, true);
      const [, ...full] = await opened(soffice ?? '', folder, false);
      expect(heads).toEqual(Object.keys(columns));
      expect(shown).toHaveLength(6);
      for (const [at, [name, column]] of Object.entries(columns).entries()) {
        for (let row = 0; row < column.length; row++) {
          const value = valueAt(column, row);
          const label = `${name}, row ${row + 1}`;
          // LibreOffice writes 15 significant digits into text.
          if (typeof value === 'number') expect(Number(full[row][at]), label).toBe(Number(value.toPrecision(15)));
          else
            expect(shown[row][at], label).toBe(
              column.type === 'timestamp' && !column.zoned ? asText(value).replace('T', ' ') : asText(value),
            );
        }
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  }, 120_000);
});
