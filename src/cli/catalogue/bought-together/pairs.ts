import {
  type AnalysisContext,
  AnalysisError,
  type AnalysisResult,
  chiSquareUpperTail,
  message,
  tableFromRows,
  wilsonInterval,
} from '@patron/sdk';
import { type Baskets, basketsOf } from './baskets.ts';

interface Parameters {
  /** How many products, those in most orders first, are looked at. */
  readonly products: number;
  /** Pairs in fewer orders are left out. */
  readonly minimumOrders: number;
}

/** Two products: the orders that hold both, and how much more often that is than by chance. */
interface Pair {
  /** The one whose orders hold the other more often than the other way round. */
  readonly product: number;
  readonly other: number;
  readonly orders: number;
  readonly confidence: number;
  readonly interval: readonly [number, number];
  readonly lift: number;
  pValue: number;
}

const mostPairs = 500;
const confidenceLevel = 0.95;

/**
 * Which products are bought together: support, confidence and lift of every pair (Agrawal, Imieliński and Swami 1993; Brin et
 * al. 1997), with the likelihood-ratio test of independence (Dunning 1993) corrected for the number of pairs (Holm 1979).
 */
export async function pairs(context: AnalysisContext<Parameters>): Promise<AnalysisResult> {
  const { fields } = context.inputs.lines;
  const { minimumOrders } = context.parameters;
  const baskets = basketsOf(fields.order, fields.product);
  const chosen = mostBought(baskets, context.parameters.products);
  if (chosen.length < 2)
    throw new AnalysisError('There are fewer than two products.', { text: message('fewProducts') });
  const together = await countPairs(baskets, chosen, context);
  const found = correct(ratedPairs(baskets, chosen, together, minimumOrders));
  if (found.length === 0)
    throw new AnalysisError(`No two products are in ${minimumOrders} orders together.`, {
      text: message('noPairs', { orders: { value: minimumOrders, as: 'integer' } }),
      path: 'parameters.minimumOrders',
    });
  const liftsMore = found.filter(({ lift, pValue }) => lift > 1 && pValue < 1 - confidenceLevel);
  const shown = [...liftsMore].sort((a, b) => b.lift - a.lift || b.orders - a.orders).slice(0, mostPairs);
  const { label, orders } = baskets;
  const [first] = shown;
  return {
    headline: first
      ? message('headline', {
          product: label(first.product),
          other: label(first.other),
          lift: { value: first.lift, as: 'decimal' },
        })
      : message('headline.none'),
    metrics: {
      orders: { value: orders, title: message('orders'), format: 'integer' },
      products: { value: chosen.length, title: message('products'), format: 'integer' },
      pairs: { value: found.length, title: message('pairs'), format: 'integer' },
      significant: { value: liftsMore.length, n: found.length, title: message('significant'), format: 'integer' },
    },
    tables: {
      pairs: tableFromRows(
        [
          { name: 'product', title: message('product'), type: 'string' },
          { name: 'other', title: message('other'), type: 'string' },
          { name: 'orders', title: message('together'), type: 'integer', format: 'integer' },
          { name: 'support', title: message('support'), type: 'number', format: 'percent' },
          { name: 'confidence', title: message('confidence'), type: 'number', format: 'percent' },
          { name: 'low', title: message('low'), type: 'number', format: 'percent' },
          { name: 'high', title: message('high'), type: 'number', format: 'percent' },
          { name: 'lift', title: message('lift'), type: 'number', format: 'decimal' },
          { name: 'p', title: message('p'), type: 'number', format: 'pValue' },
        ],
        shown.map((pair) => [
          label(pair.product),
          label(pair.other),
          pair.orders,
          pair.orders / orders,
          pair.confidence,
          ...pair.interval,
          pair.lift,
          pair.pValue,
        ]),
        { title: message('pairs.table') },
      ),
    },
    charts:
      shown.length === 0
        ? []
        : [
            {
              kind: 'bar',
              id: 'lift',
              title: message('chart'),
              table: 'pairs',
              orientation: 'horizontal',
              categories: shown.slice(0, 12).map(({ product, other }) => `${label(product)} → ${label(other)}`),
              series: [{ name: message('lift'), values: shown.slice(0, 12).map(({ lift }) => lift) }],
              value: { title: message('lift'), format: 'decimal' },
            },
          ],
    notes: [
      { level: 'info', text: message('note.reading') },
      { level: 'info', text: message('note.test', { pairs: { value: found.length, as: 'integer' } }) },
    ],
  };
}

function mostBought({ ordersWith }: Baskets, count: number): number[] {
  return Array.from(ordersWith.keys())
    .filter((product) => ordersWith[product] > 0)
    .sort((a, b) => ordersWith[b] - ordersWith[a] || a - b)
    .slice(0, count);
}

/** The orders that hold products i and j of `chosen`, at `i * chosen.length + j` with i < j. */
async function countPairs(
  { starts, products, ordersWith }: Baskets,
  chosen: readonly number[],
  { progress, checkpoint }: Pick<AnalysisContext, 'progress' | 'checkpoint'>,
): Promise<Uint32Array> {
  const rankOf = new Int32Array(ordersWith.length).fill(-1);
  chosen.forEach((product, rank) => {
    rankOf[product] = rank;
  });
  const counts = new Uint32Array(chosen.length * chosen.length);
  const orders = starts.length - 1;
  for (let order = 0; order < orders; order++) {
    const ranks: number[] = [];
    for (let at = starts[order]; at < starts[order + 1]; at++)
      if (rankOf[products[at]] >= 0) ranks.push(rankOf[products[at]]);
    ranks.sort((a, b) => a - b);
    for (let i = 0; i < ranks.length; i++)
      for (let j = i + 1; j < ranks.length; j++) counts[ranks[i] * chosen.length + ranks[j]]++;
    if (order % 2048 === 0) {
      progress(order, orders);
      await checkpoint();
    }
  }
  return counts;
}

function ratedPairs(
  { orders, ordersWith }: Baskets,
  chosen: readonly number[],
  together: Uint32Array,
  minimumOrders: number,
): Pair[] {
  const found: Pair[] = [];
  for (let i = 0; i < chosen.length; i++)
    for (let j = i + 1; j < chosen.length; j++) {
      const both = together[i * chosen.length + j];
      if (both < minimumOrders) continue;
      // `chosen` descends by orders, so the second is the rarer one and holds the first more often.
      const [commoner, rarer] = [ordersWith[chosen[i]], ordersWith[chosen[j]]];
      found.push({
        product: chosen[j],
        other: chosen[i],
        orders: both,
        confidence: both / rarer,
        interval: wilsonInterval(both, rarer, confidenceLevel),
        lift: (both * orders) / (commoner * rarer),
        pValue: independence(both, commoner, rarer, orders),
      });
    }
  return found;
}

/** p of the likelihood-ratio test that two products are bought independently: G² = 2 Σ observed · ln(observed / expected). */
export function independence(both: number, first: number, second: number, orders: number): number {
  const cells = [
    [both, (first * second) / orders],
    [first - both, (first * (orders - second)) / orders],
    [second - both, ((orders - first) * second) / orders],
    [orders - first - second + both, ((orders - first) * (orders - second)) / orders],
  ];
  const sum = cells.reduce((total, [seen, due]) => total + (seen > 0 ? seen * Math.log(seen / due) : 0), 0);
  return chiSquareUpperTail(Math.max(0, 2 * sum), 1);
}

/** Holm's correction: the k-th smallest of m p-values times m − k, never below the one before. */
function correct(found: Pair[]): Pair[] {
  let least = 0;
  [...found]
    .sort((a, b) => a.pValue - b.pValue)
    .forEach((pair, k) => {
      least = Math.min(1, Math.max(least, pair.pValue * (found.length - k)));
      pair.pValue = least;
    });
  return found;
}
