import type { RoleContribution } from '@patron/sdk';
import { describe, expect, it } from 'vitest';
import { type ColumnBrief, guessFields } from './guess-fields.ts';

const role: RoleContribution = {
  role: 'transactions',
  title: 'Transactions',
  fields: [
    { name: 'customer', title: 'Customer', kind: 'key', guess: ['customer', 'client', 'user', '会员', '客户'] },
    { name: 'time', title: 'Time', kind: 'time', guess: ['time', 'date', '日期', '时间'] },
    { name: 'amount', title: 'Amount', kind: 'number', guess: ['amount', 'revenue', '金额', 'price'] },
    { name: 'order', title: 'Order', kind: 'key', optional: true, guess: ['invoice', 'order', '订单'] },
  ],
};

const columns = (text: string): ColumnBrief[] =>
  text.split(' ').map((pair) => {
    const [name, type] = pair.split(':');
    return { name, type: type as ColumnBrief['type'] };
  });

describe('guessFields', () => {
  it('fills the roles of a shop export, taking quantity times price for the amount', () => {
    const shop = columns(
      'InvoiceNo:string StockCode:string Description:string Quantity:integer InvoiceDate:timestamp UnitPrice:number CustomerID:string Country:string',
    );
    expect(guessFields(role, shop)).toEqual({
      customer: 'CustomerID',
      time: 'InvoiceDate',
      amount: { product: ['Quantity', 'UnitPrice'] },
      order: 'InvoiceNo',
    });
  });

  it('reads Chinese headings', () => {
    const shop = columns('订单编号:string 客户编号:string 下单日期:date 实付金额:number 数量:integer 单价:number');
    expect(guessFields(role, shop)).toEqual({
      customer: '客户编号',
      time: '下单日期',
      amount: '实付金额',
      order: '订单编号',
    });
  });

  it('takes the only column of days though its name says nothing, and leaves the rest open', () => {
    expect(guessFields(role, columns('a:string b:date c:number'))).toEqual({ time: 'b' });
  });
});
