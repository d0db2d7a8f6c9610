import { renderText } from '@patron/sdk';
import { deleteDB } from 'idb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createWorkbookHost,
  openWorkbookStore,
  type ReportBlock,
  type SaveState,
  type WorkbookHost,
  type WorkbookStore,
} from './index.ts';
import { ruledTable } from './test-table.ts';

const states: SaveState[] = [];
let store: WorkbookStore;
let host: WorkbookHost;
let container: HTMLElement;

/** Looks again until `check` holds. */
async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 200 && !(await check()); turn++) await wait(25);
  expect(await check()).toBe(true);
}

const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function start(): Promise<void> {
  container = document.body.appendChild(document.createElement('div'));
  container.style.cssText = 'width:1280px;height:900px';
  host = await createWorkbookHost(container, {
    store,
    locale: 'en-US',
    darkMode: false,
    newSheetName: () => 'Sheet1',
    openTable: async (source) => ((source as { table: string }).table === 'gone' ? null : { view: ruledTable(5000) }),
    renderText: (text, scope, locale) =>
      renderText(
        text,
        locale === 'zh-CN' ? { sizes: `分群人数 ${scope}` } : { sizes: `Segment sizes ${scope}` },
        locale,
      ),
    onNotice() {},
    onSaveState: (state) => states.push(state),
  });
}

async function stop(): Promise<void> {
  await host.dispose();
  container.remove();
}

const words = {
  'en-US': {
    title: 'RFM segments',
    answer: '19 % of customers, the champions and loyal, bring 71 % of revenue.',
    customers: 'Customers',
    segment: 'Segment',
    names: ['Champions', 'Loyal', 'At risk'],
    note: 'Ties share the mean of their ranks. '.repeat(8),
  },
  'zh-CN': {
    title: 'RFM 客户分群',
    answer: '19% 的客户（冠军与忠诚客户）贡献了 71% 的收入。',
    customers: '客户数',
    segment: '客户分群',
    names: ['冠军客户', '忠诚客户', '有流失风险'],
    note: '并列者取名次的平均值。'.repeat(12),
  },
};

function report(locale: 'en-US' | 'zh-CN', sizes = [634, 810, 593]): ReportBlock[] {
  const text = words[locale];
  const names = sizes.map((_, index) => text.names[index] ?? `${text.segment} ${index + 1}`);
  return [
    { id: 'title', kind: 'title', text: text.title, subtitle: text.answer },
    {
      id: 'metrics',
      kind: 'metrics',
      items: [
        { label: text.customers, value: 4338, format: 'integer', detail: 'n = 397,884' },
        { label: 'Revenue', value: 8911407.904, format: 'money' },
      ],
    },
    {
      id: 'chart:sizes',
      kind: 'chart',
      scope: 'rfm',
      spec: {
        id: 'sizes',
        kind: 'bar',
        title: { key: 'sizes' },
        categories: names,
        series: [{ name: 'n', values: sizes }],
        value: { format: 'integer' },
      },
      width: 640,
      height: 300,
    },
    {
      id: 'table:segments',
      kind: 'table',
      columns: [
        { header: text.segment, format: 'text', values: names },
        { header: text.customers, format: 'integer', values: sizes },
        { header: '%', format: 'percent', values: sizes.map((size) => size / 4338) },
      ],
    },
    { id: 'notes', kind: 'notes', items: [{ level: 'info', text: text.note }] },
  ];
}

/** Where a text is on a sheet. */
function place(sheetId: string, text: string): [number, number] {
  const { values } = host.sheetValues(sheetId);
  for (const [row, cells] of values.entries()) {
    const column = cells.indexOf(text);
    if (column >= 0) return [row, column];
  }
  throw new Error(`'${text}' is not on the sheet.`);
}

beforeAll(async () => {
  await deleteDB('test-reports');
  store = await openWorkbookStore('test-reports');
  await start();
});

afterAll(async () => {
  await stop();
  store.close();
});

describe('a report sheet', () => {
  let id = '';
  let sheet = '';

  beforeAll(async () => {
    id = (await store.create('Reports')).id;
    await host.open(id);
    sheet = host.addReportSheet({ reportId: 'run-1', name: 'RFM' });
    await wait(600);
    host.writeReport(sheet, report('en-US'));
    await wait(1200);
  });

  it('writes figures and small tables as real cells with their formats', () => {
    const [row, column] = place(sheet, 'Champions');
    expect(column).toBe(1);
    expect(host.cellValue(sheet, row, 2)).toBe(634);
    expect(host.cellText(sheet, row, 3)).toBe('14.6%');
    expect(host.sheetValues(sheet).texts.flat()).toContain('8,911,407.90');
  });

  it('draws its chart over the cells, named by its summary', async () => {
    await until(() => (container.querySelector<HTMLCanvasElement>('[role=img] canvas')?.width ?? 0) > 400);
    const chart = container.querySelector('[role=img]');
    expect(chart?.getAttribute('aria-label')).toContain('Segment sizes rfm');
  });

  it('feeds formulas', async () => {
    const [row] = place(sheet, 'Champions');
    host.setCell(sheet, 0, 20, `=SUM(C${row + 1}:C${row + 3})`);
    await host.calculated();
    expect(host.cellValue(sheet, 0, 20)).toBe(634 + 810 + 593);
  });

  it('speaks another language in the same cells, the chart too, and keeps what the user typed over', async () => {
    const [row] = place(sheet, 'Loyal');
    host.setCell(sheet, row, 1, 'My regulars');
    host.setCell(sheet, row, 10, 'my remark');
    host.setLocale('zh-CN');
    const { kept } = host.writeReport(sheet, report('zh-CN'));
    await wait(300);
    expect(kept).toBe(1);
    expect(host.cellValue(sheet, row, 1)).toBe('My regulars');
    expect(host.cellValue(sheet, row - 1, 1)).toBe('冠军客户');
    expect(host.cellValue(sheet, row, 10)).toBe('my remark');
    expect(container.querySelector('[role=img]')?.getAttribute('aria-label')).toContain('分群人数 rfm');
    host.setLocale('en-US');
    host.writeReport(sheet, report('en-US'));
  });

  it('makes room for a table that has grown, so that the user’s cells below move and stay', async () => {
    const [noteRow] = place(sheet, words['en-US'].note);
    host.setCell(sheet, noteRow + 3, 1, 'written below');
    host.writeReport(sheet, report('en-US', [634, 810, 593, 44, 55]));
    await host.calculated();
    const [row] = place(sheet, 'Champions');
    expect(host.cellValue(sheet, row + 4, 2)).toBe(55);
    expect(place(sheet, words['en-US'].note)[0]).toBe(noteRow + 2);
    expect(host.cellValue(sheet, noteRow + 5, 1)).toBe('written below');
    expect(host.cellValue(sheet, 0, 20)).toBe(634 + 810 + 593);
    for (const sizes of [
      [634, 810],
      [634, 810, 593, 44, 55],
      [634, 810],
    ])
      host.writeReport(sheet, report('en-US', sizes));
    expect(host.cellValue(sheet, row + 3, 2)).toBeNull();
    expect(host.cellValue(sheet, noteRow + 5, 1)).toBe('written below');
  });

  it('finds its cells again after the user has put rows above them', async () => {
    const [row] = place(sheet, 'Champions');
    host.insertRows(sheet, 0, 2);
    host.writeReport(sheet, report('en-US', [700, 810]));
    expect(host.cellValue(sheet, row + 2, 2)).toBe(700);
    expect(
      host
        .sheetValues(sheet)
        .values.flat()
        .filter((value) => value === 'Champions'),
    ).toHaveLength(1);
  });

  it('shows the chart of a report that was written before its sheet was looked at', async () => {
    const other = host.addReportSheet({ reportId: 'run-2', name: 'RFM', activate: false });
    host.writeReport(other, report('en-US'));
    expect(host.sheets().at(-1)?.name).toBe('RFM (2)');
    host.activateSheet(other);
    await until(() => container.querySelectorAll('[role=img] canvas').length === 1);
    host.activateSheet(sheet);
    host.removeSheet(other);
  });

  it('is whole again after the workbook has been closed and opened, chart, formula and details included', async () => {
    host.setDetails({ runs: ['run-1'] });
    await host.calculated();
    const before = host.sheetValues(sheet).values;
    await stop();
    await start();
    await host.open(id);
    host.activateSheet(sheet);
    await wait(1500);
    expect(host.sheets().map(({ name, kind, reportId }) => [name, kind, reportId])).toEqual([
      ['Sheet1', 'sheet', undefined],
      ['RFM', 'report', 'run-1'],
    ]);
    expect(host.sheetValues(sheet).values).toEqual(before);
    expect(host.details()).toEqual({ runs: ['run-1'] });
    expect(container.querySelector('[role=img]')?.getAttribute('aria-label')).toContain('Segment sizes rfm');
    host.writeReport(sheet, report('en-US', [701, 810]));
    expect(
      host
        .sheetValues(sheet)
        .values.flat()
        .filter((value) => value === 'Champions'),
    ).toHaveLength(1);
    expect(container.querySelectorAll('[role=img]')).toHaveLength(1);
  });
});

describe('saving', () => {
  it('saves half a second after the last change, and says so', async () => {
    const { id } = await store.create('Saving');
    await host.open(id);
    states.length = 0;
    const [{ id: sheet }] = host.sheets();
    host.setCell(sheet, 0, 0, 'one');
    expect(states).toEqual(['unsaved']);
    await until(() => states.length === 3);
    expect(states).toEqual(['unsaved', 'saving', 'saved']);
    const { content } = await store.read(id);
    expect(content.snapshot.sheets?.[sheet].cellData?.[0]?.[0].v).toBe('one');
  });

  it('saves at once when the page goes, before any quiet time has passed', async () => {
    const [{ id: sheet }] = host.sheets();
    host.setCell(sheet, 1, 0, 'two');
    window.dispatchEvent(new Event('pagehide'));
    const { content } = await store.read(host.current()?.id ?? '');
    expect(content.snapshot.sheets?.[sheet].cellData?.[1]?.[0].v).toBe('two');
  });

  it('keeps a formula’s result, so that a reopened workbook shows it at once', async () => {
    const [{ id: sheet }] = host.sheets();
    host.setCell(sheet, 2, 0, '=1+2');
    await host.calculated();
    await host.flush();
    const { content } = await store.read(host.current()?.id ?? '');
    expect(content.snapshot.sheets?.[sheet].cellData?.[2]?.[0].v).toBe(3);
  });

  it('keeps two workbooks apart, opens one after the other, renames and deletes', async () => {
    const first = host.current()?.id ?? '';
    const second = await store.create('Second');
    await host.open(second.id);
    host.setCell(host.sheets()[0].id, 0, 0, 'other');
    await host.rename('Renamed');
    await host.open(first);
    expect(host.cellValue(host.sheets()[0].id, 0, 0)).toBe('one');
    expect((await store.list()).map(({ name }) => name)).toContain('Renamed');
    await store.delete(second.id);
    expect((await store.list()).map(({ name }) => name)).not.toContain('Renamed');
    await expect(host.open(second.id)).rejects.toThrow(`Workbook '${second.id}' is not in this browser.`);
    expect(host.current()?.id).toBe(first);
  });

  it('brings table sheets back with their rows, and formulas over them still calculate', async () => {
    const sheet = host.sheets()[0].id;
    const table = host.addTableSheet({
      name: 'orders',
      view: ruledTable(5000),
      source: { table: 't1' },
      activate: false,
    });
    host.setCell(sheet, 4, 0, '=SUM(orders!A:A)');
    await host.calculated();
    expect(host.cellValue(sheet, 4, 0)).toBe((5000 * 5001) / 2);
    const id = host.current()?.id ?? '';
    await host.close();
    const { content } = await store.read(id);
    expect(content.snapshot.sheets?.[table].cellData).toEqual({});
    await host.open(id);
    expect(host.cellValue(table, 5000, 0)).toBe(5000);
    host.setCell(sheet, 5, 0, '=MAX(orders!A:A)');
    await host.calculated();
    expect(host.cellValue(sheet, 5, 0)).toBe(5000);
    expect(host.cellValue(sheet, 4, 0)).toBe((5000 * 5001) / 2);
  });
});

describe('functions from outside', () => {
  it('answer all cells of a calculation in one call, keep the answer, and leave with a name that nobody knows', async () => {
    const batches: unknown[][] = [];
    const withdraw = host.registerFunctions([
      {
        name: 'PATRON_DOUBLE',
        description: 'Twice a number',
        parameters: [{ name: 'number', description: 'A number' }],
        async calculate(calls) {
          batches.push([...calls]);
          await wait(30);
          return calls.map(([value]) => Number(value) * 2);
        },
      },
    ]);
    const { id } = await store.create('Functions');
    await host.open(id);
    const [{ id: sheet }] = host.sheets();
    for (let row = 0; row < 5; row++) host.setCell(sheet, row, 0, `=PATRON_DOUBLE(${row})`);
    host.setCell(sheet, 5, 0, '=SUM(A1:A5)');
    await until(() => host.cellValue(sheet, 5, 0) === 20);
    expect(host.cellValue(sheet, 4, 0)).toBe(8);
    expect(batches.flat()).toHaveLength(5);
    host.setCell(sheet, 6, 0, '=PATRON_DOUBLE(3)');
    await until(() => host.cellValue(sheet, 6, 0) === 6);
    expect(batches.flat()).toHaveLength(5);
    expect(() =>
      host.registerFunctions([{ name: 'SUM', description: '', parameters: [], calculate: async () => [] }]),
    ).toThrow("Function 'SUM' is already there.");
    withdraw();
    await until(() => host.cellValue(sheet, 6, 0) === '#NAME?');
  });

  it('show an error in the cells that asked where the function fails, and calculation goes on', async () => {
    const withdraw = host.registerFunctions([
      {
        name: 'PATRON_FAIL',
        description: 'Fails',
        parameters: [],
        calculate: () => Promise.reject(new Error('no')),
      },
    ]);
    const [{ id: sheet }] = host.sheets();
    host.setCell(sheet, 8, 0, '=PATRON_FAIL()');
    await until(() => host.cellValue(sheet, 8, 0) === '#VALUE!');
    host.setCell(sheet, 9, 0, '=1+1');
    await until(() => host.cellValue(sheet, 9, 0) === 2);
    withdraw();
  });
});
