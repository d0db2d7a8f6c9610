import { blobSource, readTable, TableStore } from '../../src/tables/index.ts';
import type { CsvImportTiming } from './csv-import.ts';

/**
 * Imports the posted file, as often as asked, and posts what each run took: from the File handle to columns in memory, and,
 * beside it, from the File handle to a table in IndexedDB.
 */
self.onmessage = async (event: MessageEvent<{ file: File; runs: number }>): Promise<void> => {
  const timings: CsvImportTiming[] = [];
  const store = await TableStore.open('patron-bench');
  for (let run = 0; run < event.data.runs; run++) {
    const start = performance.now();
    const { table } = await readTable(blobSource(event.data.file));
    const milliseconds = performance.now() - start;
    const [customer, , amount, quantity] = table.columns.map(({ column }) => column);
    if (customer.type !== 'string' || customer.layout !== 'dictionary') throw new Error('No dictionary was built.');
    if (amount.type !== 'number' || amount.scale !== 100 || quantity.type !== 'integer')
      throw new Error('Wrong types.');
    let cents = 0;
    let pieces = 0;
    for (let i = 0; i < table.rows; i++) {
      cents += amount.values[i];
      pieces += quantity.values[i];
    }
    const distinctCustomers = customer.dictionary.offsets.length - 1;
    const storeStart = performance.now();
    const { meta } = await store.importFile(blobSource(event.data.file), { workbook: 'bench' });
    const stored = performance.now() - storeStart;
    await store.remove(meta.id);
    timings.push({ milliseconds, stored, rows: table.rows, distinctCustomers, amountCents: cents, quantity: pieces });
  }
  self.postMessage(timings);
};
