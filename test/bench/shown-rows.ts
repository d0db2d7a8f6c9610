import { renderText } from '@patron/sdk';
import { openTableView, type RowQuery, type TablesClient } from '../../src/tables/index.ts';
import { createWorkbookHost, openWorkbookStore } from '../../src/workbook/index.ts';
import type { ScaleFigure } from './table-scale.ts';

const painted = async (): Promise<void> => {
  for (let frame = 0; frame < 2; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
};

/** A table in a sheet, as the app shows it: from asking for it, for a filter or for an order to the frame that shows it. */
export async function shownRows(client: TablesClient, tableId: string): Promise<ScaleFigure[]> {
  const figures: ScaleFigure[] = [];
  const container = document.body.appendChild(document.createElement('div'));
  container.style.cssText = 'width:1200px;height:720px';
  const store = await openWorkbookStore(`bench-${crypto.randomUUID()}`);
  const host = await createWorkbookHost(container, {
    store,
    locale: 'en-US',
    darkMode: false,
    newSheetName: () => 'Sheet1',
    openTable: async () => null,
    renderText: (text, _scope, locale) => renderText(text, {}, locale),
    onNotice() {},
    onSaveState() {},
  });
  await host.open((await store.create('bench')).id);
  const timed = async (what: string, run: () => Promise<unknown>): Promise<void> => {
    const start = performance.now();
    await run();
    await painted();
    figures.push({ what, value: performance.now() - start, unit: 'ms', limit: 1000 });
    await new Promise((resolve) => setTimeout(resolve, 500));
  };
  // The workers' code is loaded, none of the table is.
  await client.list();
  await client.queries.rowIndex(tableId, {});
  let sheet = '';
  await timed('sheet open, cold', async () => {
    const view = await openTableView(client, tableId);
    sheet = host.addTableSheet({ name: 'sales', view, source: { table: tableId } });
    await host.rowsReady(sheet, null);
  });
  const show = async (query: RowQuery): Promise<void> => {
    if (query.sort) host.readAhead(sheet);
    const rows = await client.queries.rowIndex(tableId, query);
    await host.rowsReady(sheet, rows);
    host.showRows(sheet, { rows, kept: null, marks: [] });
  };
  await timed('sort by price shown, cold', () => show({ sort: [{ column: 'price', descending: true }] }));
  await timed('sort by day, price shown', () => show({ sort: [{ column: 'day' }, { column: 'price' }] }));
  await timed('filter by city shown', () =>
    show({ filters: [{ column: 'city', operator: 'one-of', values: ['city 7', 'city 77'] }] }),
  );
  await timed('filter by price shown', () => show({ filters: [{ column: 'price', operator: 'greater', value: 150 }] }));
  await host.dispose();
  store.close();
  container.remove();
  return figures;
}
