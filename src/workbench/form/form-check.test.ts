import type { AnalysisContribution } from '@patron/sdk';
import { describe, expect, it } from 'vitest';
import { translatorFor } from '../../i18n/index.ts';
import { checkForm } from './form-check.ts';
import { draftFromRequest, type FormTable, firstDraft, rolesInUse } from './form-state.ts';

const t = translatorFor(() => 'en-US');

const orders: FormTable = {
  id: 't1',
  name: 'orders',
  rows: 541_909,
  columns: [
    { name: 'InvoiceNo', type: 'string' },
    { name: 'Quantity', type: 'integer' },
    { name: 'InvoiceDate', type: 'timestamp' },
    { name: 'UnitPrice', type: 'number' },
    { name: 'CustomerID', type: 'string' },
  ],
};

const analysis: AnalysisContribution = {
  id: 'rfm.segments',
  title: 'RFM segments',
  inputs: [
    {
      role: 'transactions',
      title: 'Transactions',
      group: 'input',
      fields: [
        { name: 'customer', title: 'Customer', kind: 'key', guess: ['customer'] },
        { name: 'time', title: 'Time', kind: 'time', guess: ['date'] },
        { name: 'amount', title: 'Amount', kind: 'number', guess: ['amount'] },
      ],
    },
    {
      role: 'customers',
      title: 'Customers',
      group: 'input',
      fields: [{ name: 'recency', title: 'Recency', kind: 'number', guess: ['recency'] }],
    },
  ],
  parameters: [
    { name: 'asOf', title: 'As of', type: 'date', default: null },
    { name: 'bins', title: 'Bins', type: 'integer', default: 5, minimum: 2, maximum: 10 },
    { name: 'window', title: 'Window', type: 'duration', default: '14d' },
  ],
};

const first = firstDraft(analysis, [orders]);
const same = (text: string): string => text;
const wordsOf = (parameters: Record<string, string | number>, roles = first.roles): Record<string, string> => {
  const { problems } = checkForm(
    analysis,
    { ...first, roles, parameters: { ...first.parameters, ...parameters } },
    [orders],
    same,
  );
  return Object.fromEntries(Object.entries(problems).map(([path, problem]) => [path, problem(t)]));
};

describe('the form of an analysis', () => {
  it('begins with the role that the tables fill best, and quantity times price for the amount', () => {
    expect(rolesInUse(analysis, first).map(({ role }) => role)).toEqual(['transactions']);
    expect(first.roles.transactions.fields).toEqual({
      customer: 'CustomerID',
      time: 'InvoiceDate',
      amount: { product: ['Quantity', 'UnitPrice'] },
    });
  });

  it('makes the request from a draft without problems, and the draft from a request', () => {
    const { request, problems } = checkForm(analysis, first, [orders], same);
    expect(problems).toEqual({});
    expect(request?.parameters).toEqual({ asOf: null, bins: 5, window: '14d' });
    expect(request && draftFromRequest(analysis, request).roles.transactions).toEqual(first.roles.transactions);
  });

  it('reads numbers as they are typed, grouped ones too', () => {
    const { request } = checkForm(
      analysis,
      { ...first, parameters: { ...first.parameters, bins: '1 0' } },
      [orders],
      same,
    );
    expect(request?.parameters.bins).toBe(10);
  });

  it('says beside the field what is wrong with a parameter', () => {
    expect(wordsOf({ bins: '2.5' })).toEqual({ 'parameters.bins': 'Write a whole number.' });
    expect(wordsOf({ bins: 11 })).toEqual({ 'parameters.bins': 'At most 10.' });
    expect(wordsOf({ bins: '' })).toEqual({ 'parameters.bins': 'Fill this in.' });
    expect(wordsOf({ asOf: '11/12/2011' })).toEqual({ 'parameters.asOf': 'Write a day as YYYY-MM-DD.' });
    expect(wordsOf({ window: '2 weeks' })['parameters.window']).toContain('30s, 15m, 12h, 14d');
  });

  it('names columns that the table does not have, and filters without one', () => {
    const transactions = {
      ...first.roles.transactions,
      fields: { ...first.roles.transactions.fields, customer: 'Buyer' },
      filters: [{ column: '', operator: '=' as const, value: '1' }],
    };
    expect(wordsOf({}, { ...first.roles, transactions })).toEqual({
      'inputs.transactions.customer': 'The table has no column “Buyer”. Choose another.',
      'inputs.transactions.filters.0': 'Choose a column.',
    });
  });

  it('asks for a table where none is chosen', () => {
    const transactions = { table: null, fields: {}, filters: [] };
    expect(wordsOf({}, { ...first.roles, transactions })).toEqual({ 'inputs.transactions': 'Choose a table.' });
  });
});
