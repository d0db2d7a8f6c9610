import { renderText } from '@patron/sdk';
import { createWorkbookHost, openWorkbookStore } from '../../src/workbook/index.ts';
import { longestTask, wheelFrames } from '../../src/workbook/test-measures.ts';
import { ruledTable } from '../../src/workbook/test-table.ts';
import type { ScaleFigure } from './table-scale.ts';

const FORMULAS = [
  '=SUM(big!A:A)',
  '=AVERAGE(big!B:B)',
  '=COUNT(big!F:F)',
  '=MIN(big!D:D)',
  '=MAX(big!D:D)',
  '=VLOOKUP(777777,big!A:C,3,FALSE)',
  '=XLOOKUP(123456,big!A:A,big!B:B)',
  '=COUNTIF(big!C:C,"g7")',
  '=SUMIF(big!C:C,"g7",big!B:B)',
  '=SUMIFS(big!B:B,big!C:C,"g7",big!A:A,"<=1000")',
];
const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A table sheet of a million rows: frames while it scrolls, and the longest main-thread task while formulas read it. */
export async function sheetFigures(): Promise<ScaleFigure[]> {
  const container = document.body.appendChild(document.createElement('div'));
  container.style.cssText = 'width:1200px;height:720px';
  const table = ruledTable(1_000_000);
  const store = await openWorkbookStore(`bench-${crypto.randomUUID()}`);
  const host = await createWorkbookHost(container, {
    store,
    locale: 'en-US',
    darkMode: false,
    newSheetName: () => 'Sheet1',
    openTable: async () => ({ view: table }),
    renderText: (text, _scope, locale) => renderText(text, {}, locale),
    onNotice() {},
    onSaveState() {},
  });
  await host.open((await store.create('bench')).id);
  const own = host.sheets()[0].id;
  host.addTableSheet({ name: 'big', view: table, source: { table: 'big' } });
  await wait(2000);
  const { median, p95 } = await wheelFrames(container);
  host.activateSheet(own);
  await wait(1500);
  // The first edit lays Univer's toolbar out.
  host.setCell(own, 0, 1, '=1+1');
  await host.calculated();
  const longest = await longestTask(async () => {
    for (const [row, formula] of FORMULAS.entries()) {
      host.setCell(own, row, 0, formula);
      while (host.cellValue(own, row, 0) === null) await wait(4);
    }
    await host.calculated();
  });
  await host.dispose();
  store.close();
  return [
    { what: 'scrolling, median frame', value: median, unit: 'ms', limit: 17 },
    { what: 'scrolling, 95th percentile', value: p95, unit: 'ms', limit: 34 },
    { what: 'formulas, longest task', value: longest, unit: 'ms', limit: 50 },
  ];
}
