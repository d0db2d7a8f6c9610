import { renderText, type Text, tableFromRows } from '@patron/sdk';
import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../analysis/index.ts';
import { type Locale, translatorFor } from '../../i18n/index.ts';
import { reportBlocks } from './report-blocks.ts';
import type { ReportContext } from './report-context.ts';

const catalogue: Record<Locale, Record<string, string>> = {
  'en-US': { answer: '{share} of customers', champions: 'Champions', sizes: 'Sizes' },
  'zh-CN': { answer: '{share} 的客户', champions: '冠军客户', sizes: '人数' },
};

const record: RunRecord = {
  id: 'run',
  workbook: 'w',
  request: {
    analysis: 'rfm.segments',
    roles: {
      transactions: {
        table: 't',
        fields: { customer: 'CustomerID', amount: { product: ['Quantity', 'UnitPrice'] } },
        filters: [],
      },
    },
    parameters: {},
  },
  plugin: { id: 'patron.rfm', version: '1.0.0' },
  parameters: { bins: 5 },
  seed: 1,
  timeZone: 'UTC',
  tables: [{ role: 'transactions', id: 't', name: 'orders', version: 2 }],
  rows: {
    read: 541_909,
    used: 397_884,
    leftOut: [
      { role: 'transactions', reason: { kind: 'missing', field: 'customer' }, count: 135_080 },
      {
        role: 'transactions',
        reason: { kind: 'filter', filter: { column: 'InvoiceNo', operator: '!^=', value: 'C' } },
        count: 8905,
      },
    ],
  },
  startedAt: Date.UTC(2026, 10, 21, 12),
  milliseconds: 900,
  result: {
    headline: { key: 'answer', args: { share: { value: 0.335, as: 'percent' } } },
    metrics: { share: { value: 0.335, interval: [0.32, 0.349], n: 4338, format: 'percent', smallSample: true } },
    tables: {
      segments: tableFromRows(
        [
          { name: 'segment', type: 'string', labels: { champions: { key: 'champions' } } },
          { name: 'customers', type: 'integer' },
        ],
        [['champions', 633]],
      ),
    },
    charts: [
      {
        id: 'sizes',
        kind: 'bar',
        title: { key: 'sizes' },
        table: 'segments',
        categories: ['champions'],
        series: [{ name: 'n', values: [633] }],
        value: {},
      },
    ],
    notes: [{ level: 'info', text: 'Ties by rank.' }],
  },
  resultTables: { customers: 'c' },
  headings: {},
};

function contextIn(locale: Locale): ReportContext {
  return {
    record,
    inputs: [
      {
        role: 'transactions',
        title: 'Transactions',
        fields: [
          { name: 'customer', title: 'Customer', kind: 'key' },
          { name: 'amount', title: 'Amount', kind: 'number' },
        ],
      },
    ],
    parameters: [{ name: 'bins', title: 'Bins', type: 'integer', default: 5 }],
    name: 'RFM segments',
    pluginName: 'RFM',
    locale,
    t: translatorFor(() => locale),
    render: (text: Text) => renderText(text, catalogue[locale], locale),
    tableSheets: { customers: 'RFM segments – Customers' },
  };
}

const blocks = reportBlocks(contextIn('en-US'));
const find = (id: string) => blocks.find((block) => block.id === id);

describe('a report', () => {
  it('gives the answer first, then figures, the chart, its table, notes and provenance', () => {
    expect(blocks.map(({ id }) => id)).toEqual([
      'title',
      'heading:metrics',
      'metrics',
      'chart:sizes',
      'heading:table:segments',
      'table:segments',
      'sheet:customers',
      'heading:notes',
      'notes',
      'heading:provenance',
      'provenance',
    ]);
    expect(find('title')).toMatchObject({ text: 'RFM segments', subtitle: '33.5% of customers' });
  });

  it('gives each figure its interval, its sample and a word of caution', () => {
    expect(find('metrics')).toMatchObject({
      items: [{ value: 0.335, format: 'percent', detail: '32% to 34.9% · n = 4,338 · small sample' }],
    });
  });

  it('words the names of closed sets and leaves numbers to formulas', () => {
    expect(find('table:segments')).toMatchObject({
      columns: [{ values: ['Champions'] }, { values: [633], format: 'integer' }],
    });
  });

  it('says which rows were left out and why', () => {
    const lines = (find('provenance') as { items: readonly { text: string }[] }).items.map(({ text }) => text);
    expect(lines[4]).toBe(
      '541,909 rows read, 397,884 used. Left out: no customer: 135,080 rows; not “InvoiceNo does not start with C”: 8,905 rows',
    );
    expect(lines[2]).toBe('Columns: Customer = CustomerID, Amount = Quantity × UnitPrice');
  });

  it('has the same blocks in the other language, so that it can be written over', () => {
    const chinese = reportBlocks(contextIn('zh-CN'));
    expect(chinese.map(({ id }) => id)).toEqual(blocks.map(({ id }) => id));
    expect(chinese.find(({ id }) => id === 'table:segments')).toMatchObject({
      columns: [{ values: ['冠军客户'] }, {}],
    });
  });
});
