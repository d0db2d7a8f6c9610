import { integerColumn } from '@patron/sdk';
import { TableStore } from '../../src/tables/index.ts';
import { rfmRun } from './rfm.ts';
import { generateTransactions } from './transactions.ts';

const NAMES = ['customer', 'day', 'cents'] as const;

/** RFM from columns that lie in IndexedDB: reading them and the run, each time from a store that has read nothing yet. */
self.onmessage = async (event: MessageEvent<{ rows: number; runs: number }>): Promise<void> => {
  const { rows, runs } = event.data;
  const database = `cold-${crypto.randomUUID()}`;
  const given = generateTransactions({ rows, customers: rows / 10, order: 'none' });
  const first = await TableStore.open(database);
  const { id } = await first.write({
    workbook: 'bench',
    name: 'transactions',
    columns: NAMES.map((name) => ({ name, column: integerColumn(given[name]) })),
    source: { kind: 'transform', name: 'bench' },
  });
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const store = await TableStore.open(database);
    const start = performance.now();
    const columns = await store.readColumns(id, NAMES);
    const [customer, day, cents] = columns.map(({ column }) => (column.type === 'integer' ? column.values : undefined));
    rfmRun({ customer: customer as Uint32Array, day: day as Uint16Array, cents: cents as Uint32Array })();
    times.push(performance.now() - start);
  }
  await first.remove(id);
  self.postMessage(times.sort((a, b) => a - b)[runs >> 1]);
};
