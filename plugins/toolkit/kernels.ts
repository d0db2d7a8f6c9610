import { denseCodes, type Engine, integerColumn, numberAt, numberColumn, stringColumn } from '@patron/sdk';

/** The reduction `sums`: sum and count of the column `value` by the column `key`. */
export const kernels: Engine = async ({ reduction, columns: { key, value } }, { checkpoint }) => {
  if (reduction !== 'sums') throw new Error(`This engine does not know the reduction '${reduction}'.`);
  if (!key || !value) throw new Error("The reduction 'sums' needs the columns 'key' and 'value'.");
  const codes = denseCodes(key);
  const sums = new Float64Array(codes.count);
  const counts = new Float64Array(codes.count);
  for (let row = 0; row < key.length; row++) {
    const amount = numberAt(value, row);
    if (!Number.isNaN(amount)) {
      sums[codes.codes[row]] += amount;
      counts[codes.codes[row]]++;
    }
    if (row % 65_536 === 0) await checkpoint();
  }
  const keys = Array.from({ length: codes.count }, (_, code) => codes.label(code));
  return {
    columns: [
      { name: 'key', column: stringColumn(keys) },
      { name: 'sum', column: numberColumn(sums) },
      { name: 'count', column: integerColumn(counts) },
    ],
  };
};
