import { type Column, denseCodes } from '@patron/sdk';

/** The products of each order, each once: those of order i are `products[starts[i]]` to `products[starts[i + 1] - 1]`. */
export interface Baskets {
  readonly orders: number;
  readonly starts: Uint32Array;
  readonly products: Uint32Array;
  /** In how many orders each product is. */
  readonly ordersWith: Uint32Array;
  label(product: number): string;
}

/** Groups order lines by order, by a counting sort; what stands twice in an order counts once. */
export function basketsOf(order: Column, product: Column): Baskets {
  const orders = denseCodes(order);
  const kinds = denseCodes(product);
  const rows = order.length;
  const lines = new Uint32Array(orders.count + 1);
  for (let row = 0; row < rows; row++) lines[orders.codes[row] + 1]++;
  for (let i = 0; i < orders.count; i++) lines[i + 1] += lines[i];
  const next = lines.slice();
  const byOrder = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) byOrder[next[orders.codes[row]]++] = kinds.codes[row];

  const starts = new Uint32Array(orders.count + 1);
  const ordersWith = new Uint32Array(kinds.count);
  const lastSeen = new Uint32Array(kinds.count);
  let kept = 0;
  let occupied = 0;
  for (let i = 0; i < orders.count; i++) {
    for (let line = lines[i]; line < lines[i + 1]; line++) {
      const kind = byOrder[line];
      if (lastSeen[kind] === i + 1) continue;
      lastSeen[kind] = i + 1;
      ordersWith[kind]++;
      byOrder[kept++] = kind;
    }
    starts[i + 1] = kept;
    if (lines[i + 1] > lines[i]) occupied++;
  }
  return { orders: occupied, starts, products: byOrder.subarray(0, kept), ordersWith, label: kinds.label };
}
