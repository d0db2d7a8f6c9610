import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { type CellValue, numberAt, valueAt } from '@patron/sdk';
import Papa from 'papaparse';
import { describe, expect, test } from 'vitest';
import { bytesSource } from './file-source.ts';
import { readTable } from './read-table.ts';

const shared = resolve(process.env.PATRON_SHARED ?? resolve(import.meta.dirname, '../../../shared'), 'data');
// biome-ignore lint/suspicious/noConsole: a skipped test says why.
if (!existsSync(shared)) console.warn(`The files of '${shared}' are not there: none of them is imported.`);

interface Expected {
  /** As SOURCES.md counts them. */
  readonly rows: number;
  readonly types: string;
  /** Sums of columns, by hand or as published. */
  readonly totals: Readonly<Record<string, number>>;
  /** Distinct texts. */
  readonly distinct?: Readonly<Record<string, number>>;
  readonly missing?: Readonly<Record<string, number>>;
}

const letters: Readonly<Record<string, string>> = {
  string: 's',
  integer: 'i',
  number: 'n',
  boolean: 'b',
  date: 'd',
  timestamp: 't',
};

const expected: Readonly<Record<string, Expected>> = {
  'cdnow/CDNOW_sample.txt': {
    rows: 6919,
    types: 'ssdin',
    totals: { column4: 16_479, column5: 244_091.94 },
    distinct: { column1: 2357 },
  },
  'cdnow/cdnow_customers_summary.csv': {
    rows: 2357,
    types: 'sinn',
    totals: { frequency: 2457, recency: 16_135.52, T: 77_111.21 },
    distinct: { ID: 2357 },
  },
  'clv/donations.csv': { rows: 22, types: 'iiii', totals: { weights: 11_104, frequency: 56 } },
  'clv/sbg_fader_hardie_2007_survivors.csv': {
    rows: 13,
    types: 'inn',
    totals: { year: 78, high_end_pct: 756, regular_pct: 457.9 },
  },
  'events/sepsis.csv': {
    rows: 15_214,
    types: 'sssstiisbbbbbbbbbbbbbbbbnnbbbbbbsi',
    totals: {},
    distinct: { activity: 16, case_id: 1049 },
    missing: { case_id: 24 },
  },
  'online_retail/expected_monthly_cohorts.csv': {
    rows: 13,
    types: 'siiiiiiiiiiiii',
    totals: { m0: 4338, m1: 976, m12: 235 },
    missing: { m12: 12 },
  },
  'online_retail/online_retail.csv': {
    rows: 541_909,
    types: 'sssitnss',
    totals: { Quantity: 5_176_450, UnitPrice: 2_498_803.974 },
    distinct: { InvoiceNo: 25_900, CustomerID: 4372 },
    missing: { CustomerID: 135_080 },
  },
  'survival/lung.csv': {
    rows: 228,
    types: 'niiiinnnnn',
    totals: { time: 69_593, age: 14_238, 'meal.cal': 168_109, 'wt.loss': 2104 },
    missing: { inst: 1, 'meal.cal': 47 },
  },
  'survival/rossi.csv': { rows: 432, types: 'iiiiiiiii', totals: { week: 19_809, arrest: 114, prio: 1289 } },
  'survival/waltons_dataset.csv': { rows: 163, types: 'nis', totals: { T: 8087, E: 156 }, distinct: { group: 2 } },
  'telco/WA_Fn-UseC_-Telco-Customer-Churn.csv': {
    rows: 7043,
    types: 'ssississssssssssssnns',
    totals: { MonthlyCharges: 456_116.6, TotalCharges: 16_056_168.7, tenure: 227_990 },
    distinct: { customerID: 7043 },
    missing: { TotalCharges: 11 },
  },
};

/** The fields of a file as another program cuts them. */
function fieldsOf(path: string): string[][] {
  const text = readFileSync(join(shared, path), 'utf8').trimEnd();
  if (path.endsWith('.txt')) return text.split(/\r?\n/).map((line) => line.trim().split(/ +/));
  return Papa.parse<string[]>(text).data.slice(1);
}

/** What a field says, whatever it was read as: `12.50` is 12.5, and no text is no value. */
function said(field: string, value: CellValue): CellValue {
  if (field.trim() === '' && value === null) return null;
  if (typeof value === 'number') return Number(field);
  if (typeof value === 'boolean') return field === 'TRUE';
  if (typeof value !== 'string' || value === field) return field;
  if (/^\d{8}$/.test(field)) return field.replace(/(\d{4})(\d\d)(\d\d)/, '$1-$2-$3');
  return /^\d{4}-\d\d-\d\d \d/.test(field) ? field.replace(' ', 'T') : field;
}

describe.skipIf(!existsSync(shared))('every file of the reference data', () => {
  test('is looked at below', () => {
    const files = readdirSync(shared, { recursive: true, encoding: 'utf8' }).filter((path) =>
      /\.(csv|txt)$/.test(path),
    );
    expect(files.map((path) => path.replaceAll('\\', '/')).sort()).toEqual(Object.keys(expected).sort());
  });

  test.each(Object.entries(expected))('%s comes in whole: each cell, each total', async (path, wanted) => {
    const bytes = new Uint8Array(readFileSync(join(shared, path)));
    const { table, meta, rejects } = await readTable(bytesSource(basename(path), bytes));
    expect(rejects.count).toBe(0);
    expect(table.rows).toBe(wanted.rows);
    expect(meta.map(({ type }) => letters[type]).join('')).toBe(wanted.types);
    for (const [name, count] of Object.entries(wanted.distinct ?? {}))
      expect(meta.find((column) => column.name === name)?.distinct, name).toBe(count);
    for (const [name, count] of Object.entries(wanted.missing ?? {}))
      expect(meta.find((column) => column.name === name)?.missing, name).toBe(count);
    for (const [name, total] of Object.entries(wanted.totals)) {
      const column = table.columns.find((each) => each.name === name)?.column;
      let sum = 0;
      // In thousandths, which no number here goes beyond, so that the sum is exact.
      for (let row = 0; column && row < table.rows; row++) sum += Math.round((numberAt(column, row) || 0) * 1000);
      expect(sum, name).toBe(Math.round(total * 1000));
    }
    const fields = fieldsOf(path);
    expect(fields).toHaveLength(table.rows);
    const different: unknown[] = [];
    for (const [c, { name, column }] of table.columns.entries()) {
      for (let row = 0; row < table.rows && different.length < 5; row++) {
        const value = valueAt(column, row);
        if (said(fields[row][c], value) !== value) different.push([name, row, fields[row][c], value]);
      }
    }
    expect(different).toEqual([]);
  });
});
