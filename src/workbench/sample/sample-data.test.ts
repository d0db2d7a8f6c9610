import { describe, expect, it } from 'vitest';
import { sampleTables } from './sample-data.ts';

const linesOf = (name: string): string[] => {
  const table = sampleTables().find((each) => each.name === name);
  return [...(table?.parts ?? [])].join('').trimEnd().split('\r\n');
};

describe('the sample workbook', () => {
  it('has 2,000 customers and about 20,000 orders over 18 months', () => {
    expect(linesOf('customers')).toHaveLength(2001);
    const orders = new Set(
      linesOf('orders')
        .slice(1)
        .map((line) => line.split(',')[0]),
    );
    expect(orders.size).toBeGreaterThan(15_000);
    expect(orders.size).toBeLessThan(25_000);
  });

  it('has memberships, some cancelled after they began and some still running', () => {
    const ends = linesOf('customers')
      .slice(1)
      .map((line) => line.split(','))
      .map(([, , , , joined, , cancelled]) => ({ joined, cancelled }));
    const over = ends.filter(({ cancelled }) => cancelled !== '');
    expect(over.length).toBeGreaterThan(500);
    expect(over.length).toBeLessThan(1200);
    expect(over.every(({ joined, cancelled }) => cancelled > joined)).toBe(true);
  });

  it('is the same for everybody', () => {
    expect(linesOf('orders').slice(0, 50)).toEqual(linesOf('orders').slice(0, 50));
    expect(linesOf('answers')).toEqual(linesOf('answers'));
  });

  it('gives every line the columns of its header', () => {
    for (const name of ['orders', 'customers', 'visits', 'answers']) {
      const lines = linesOf(name);
      const width = lines[0].split(',').length;
      expect(
        lines.every((line) => line.split(',').length === width),
        name,
      ).toBe(true);
    }
  });
});
