import { openAsBlob, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Column, decimalColumn, isPresent, numberAt, takeRows, textAt } from '@patron/sdk';
import { blobSource, readTable } from '../../src/tables/index.ts';

const SHARED = process.env.PATRON_SHARED ?? fileURLToPath(new URL('../../../shared', import.meta.url));

/** The Online Retail transactions (UCI), where the shared folder is present. */
export const ONLINE_RETAIL = `${SHARED}/data/online_retail/online_retail.csv`;
const COHORTS = `${SHARED}/data/online_retail/expected_monthly_cohorts.csv`;

/** The columns of the rows that published RFM tables use: a customer, no cancelled invoice, quantity and price above zero. */
export interface OnlineRetail {
  readonly read: number;
  readonly used: number;
  readonly customer: Column;
  readonly order: Column;
  readonly time: Column;
  readonly amount: Column;
}

/** Reads the file with the app's own importer and keeps the rows that published tables keep. */
export async function onlineRetail(): Promise<OnlineRetail> {
  const { table } = await readTable(blobSource(await openAsBlob(ONLINE_RETAIL), 'online_retail.csv'));
  const column = (name: string): Column => {
    const found = table.columns.find((candidate) => candidate.name === name);
    if (!found) throw new Error(`The file has no column '${name}'.`);
    return found.column;
  };
  return keepSales(table.rows, column);
}

function keepSales(read: number, column: (name: string) => Column): OnlineRetail {
  const [customer, invoice, quantity, price] = ['CustomerID', 'InvoiceNo', 'Quantity', 'UnitPrice'].map(column);
  const kept: number[] = [];
  for (let row = 0; row < read; row++) {
    const sold = numberAt(quantity, row) > 0 && numberAt(price, row) > 0;
    if (isPresent(customer, row) && sold && !textAt(invoice, row)?.startsWith('C')) kept.push(row);
  }
  const rows = Uint32Array.from(kept);
  const mills = Float64Array.from(kept, (row) => numberAt(quantity, row) * Math.round(numberAt(price, row) * 1000));
  return {
    read,
    used: kept.length,
    customer: takeRows(customer, rows),
    order: takeRows(invoice, rows),
    time: takeRows(column('InvoiceDate'), rows),
    amount: decimalColumn(mills, 1000),
  };
}

/** The monthly cohorts computed from the same rows elsewhere (R): customers by cohort and offset. */
export function expectedCohorts(): { cohort: string; customers: number[] }[] {
  const [, ...lines] = readFileSync(COHORTS, 'utf8').trim().split(/\r?\n/);
  return lines.map((line) => {
    const [cohort, ...cells] = line.split(',');
    return { cohort, customers: cells.filter((cell) => cell !== '').map(Number) };
  });
}
