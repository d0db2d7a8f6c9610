import { type ChartBuilder, denseCodes, isPresent, message, numberAt } from '@patron/sdk';

/** Bars that are shown for themselves; what is smaller is one bar. */
const shown = 30;

/** Categories from the largest to the smallest, with their running share of the total. */
export const pareto: ChartBuilder = async ({ category, value }, { checkpoint }) => {
  const codes = denseCodes(category);
  // Rows without a category are one of their own.
  const none = codes.count;
  const sums = new Float64Array(codes.count + 1);
  for (let row = 0; row < category.length; row++) {
    const amount = numberAt(value, row);
    if (amount > 0) sums[isPresent(category, row) ? codes.codes[row] : none] += amount;
    if (row % 65_536 === 0) await checkpoint();
  }
  const order = [...sums.keys()].filter((code) => sums[code] > 0).sort((a, b) => sums[b] - sums[a]);
  const total = order.reduce((sum, code) => sum + sums[code], 0);
  let running = 0;
  let until = 0;
  for (const code of order) {
    if (running >= 0.8 * total) break;
    running += sums[code];
    until++;
  }
  const names = order.slice(0, shown).map((code) => (code === none ? '–' : codes.label(code)));
  const values = order.slice(0, shown).map((code) => sums[code]);
  const rest = order.slice(shown).reduce((sum, code) => sum + sums[code], 0);
  if (rest > 0) {
    names.push('…');
    values.push(rest);
  }
  return {
    kind: 'bar',
    id: 'pareto',
    title: message('pareto.title'),
    summary: message('pareto.summary', { count: until, all: order.length }),
    categories: names,
    series: [{ name: message('pareto.value'), values }],
    value: { title: message('pareto.value') },
    category: { title: message('pareto.category') },
  };
};
