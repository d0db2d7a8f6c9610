import { blobSource, readTable, TableStore } from '../../src/tables/index.ts';
import type { CsvImportTiming } from './csv-import.ts';

/**
 * Imports the posted file, as often as asked, and posts what each run took: from the File handle to columns in memory, and,
 * beside it, from the File handle to a table in IndexedDB.
 */
self.onmessage = async (event: MessageEvent<{ file: File; runs: number }>): Promise<void> => {
  const timings: CsvImportTiming[] = [];
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
    timings.push({ milliseconds, rows: table.rows, distinctCustomers, amountCents: cents, quantity: pieces });
  }
  // Only now, so that what the browser still has to write to disk is in nobody's way.
  const store = await TableStore.open('patron-bench');
  for (const [run, timing] of timings.entries()) {
    const start = performance.now();
    const { meta } = await store.importFile(blobSource(event.data.file), { workbook: 'bench' });
    timings[run] = { ...timing, stored: performance.now() - start };
    await store.remove(meta.id);
  }
  self.postMessage(timings);
};
