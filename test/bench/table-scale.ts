import { openTableView, TablesClient } from '../../src/tables/index.ts';
import { shownRows } from './shown-rows.ts';
import { mulberry32 } from './transactions.ts';

const PIECE_ROWS = 100_000;

/** A sales file of eight columns in pieces of a hundred thousand rows; about 67 bytes a row. */
export function* salesCsv(rows: number): Generator<string> {
  const random = mulberry32(21);
  const days = Array.from({ length: 1000 }, (_, day) =>
    new Date((18_628 + day) * 86_400_000).toISOString().slice(0, 10),
  );
  yield 'order,customer,product,day,quantity,price,city,online\n';
  for (let start = 0; start < rows; start += PIECE_ROWS) {
    let text = '';
    for (let row = start; row < Math.min(rows, start + PIECE_ROWS); row++) {
      const cents = 100 + Math.floor(random() * 20_000);
      text +=
        `O${row},C${Math.floor(random() ** 1.5 * (rows / 10))},product ${Math.floor(random() * 5000)},` +
        `${days[Math.floor(random() * 1000)]},${1 + Math.floor(random() * 9)},${(cents / 100).toFixed(2)},` +
        `city ${Math.floor(random() * 300)},${random() < 0.4 ? 'TRUE' : 'FALSE'}\n`;
    }
    yield text;
  }
}

export interface ScaleFigure {
  readonly what: string;
  readonly value: number;
  readonly unit: 'ms' | 'bytes/row' | 'MB';
  /** The most it may be, where a limit is set. */
  readonly limit?: number;
}

/** Imports, opens, filters, orders and describes a table of `rows` rows as the app does. */
export async function tableScale(file: File): Promise<ScaleFigure[]> {
  const figures: ScaleFigure[] = [];
  const timed = async <R>(what: string, run: () => Promise<R>): Promise<R> => {
    const start = performance.now();
    const result = await run();
    figures.push({ what, value: performance.now() - start, unit: 'ms' });
    return result;
  };
  const database = `bench-${crypto.randomUUID()}`;
  figures.push({ what: 'file', value: file.size / 1e6, unit: 'MB' });
  const importer = new TablesClient({ database });
  const { meta } = await timed('import and store', () => importer.importFile(file, { workbook: 'bench' }));
  figures.push({ what: 'stored', value: meta.bytes / meta.rows, unit: 'bytes/row' });
  importer.close();
  // A client of its own, as after a reload: nothing is warm.
  const client = new TablesClient({ database });
  await timed('first hundred rows, cold', async () => {
    const view = await openTableView(client, meta.id);
    view.prefetch(0, 100);
    while (view.cell(99, view.columns.length - 1) === undefined) await new Promise((resolve) => setTimeout(resolve, 1));
    view.dispose();
  });
  const large = { column: 'price', operator: 'greater', value: 150 } as const;
  await timed('filter by price, cold', () => client.queries.rowIndex(meta.id, { filters: [large] }));
  await timed('filter by price, warm', () => client.queries.rowIndex(meta.id, { filters: [large] }));
  await timed('filter by city', () =>
    client.queries.rowIndex(meta.id, { filters: [{ column: 'city', operator: 'equals', value: 'city 7' }] }),
  );
  await timed('order by price', () =>
    client.queries.rowIndex(meta.id, { sort: [{ column: 'price', descending: true }] }),
  );
  await timed('order by day, price', () =>
    client.queries.rowIndex(meta.id, { sort: [{ column: 'day' }, { column: 'price' }] }),
  );
  await timed('order by customer', () => client.queries.rowIndex(meta.id, { sort: [{ column: 'customer' }] }));
  await timed('statistics of price', () => client.queries.statistics(meta.id, { column: 'price' }));
  await timed('statistics of customer', () => client.queries.statistics(meta.id, { column: 'customer' }));
  const columns = meta.columns.map(({ name }) => name);
  await timed('find in eight columns', () => client.queries.find(meta.id, { text: 'city 77', columns }));
  await timed('read two columns', () => client.readColumns(meta.id, ['day', 'price']));
  client.close();
  const shown = new TablesClient({ database });
  figures.push(...(await shownRows(shown, meta.id)));
  await shown.remove(meta.id);
  shown.close();
  return figures;
}
