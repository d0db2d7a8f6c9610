import { describe, expect, it } from 'vitest';
import { isRunRecord } from './run-shape.ts';

const run = {
  id: 'r',
  workbook: 'w',
  request: { analysis: 'rfm', roles: { transactions: { table: 't', fields: {}, filters: [] } }, parameters: {} },
  plugin: { id: 'patron.rfm', version: '1.0.0' },
  parameters: {},
  seed: 1,
  timeZone: 'Asia/Shanghai',
  tables: [{ role: 'transactions', id: 't', name: 'orders', version: 1 }],
  rows: { read: 3, used: 3, leftOut: [] },
  startedAt: 1,
  milliseconds: 2,
  result: { metrics: {}, tables: {}, charts: [], notes: [] },
  resultTables: {},
  headings: { segments: [{ name: 'segment' }] },
};

describe('a run that a file holds', () => {
  it('is taken where all its parts are there', () => {
    expect(isRunRecord(run)).toBe(true);
    expect(isRunRecord({ ...run, name: 'Mine', reportSheet: 's', titles: {} })).toBe(true);
  });

  it('is left out where any part is missing or of another kind', () => {
    for (const key of Object.keys(run)) expect(isRunRecord({ ...run, [key]: undefined }), key).toBe(false);
    const wrong: unknown[] = [
      null,
      [],
      'run',
      { ...run, seed: Number.NaN },
      { ...run, resultTables: { customers: 7 } },
      { ...run, tables: [{ role: 'transactions' }] },
      { ...run, request: { ...run.request, roles: { transactions: null } } },
      { ...run, result: { ...run.result, charts: ['chart'] } },
    ];
    for (const value of wrong) expect(isRunRecord(value)).toBe(false);
  });
});
