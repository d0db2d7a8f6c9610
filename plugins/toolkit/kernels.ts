import {
  type CallContext,
  type Column,
  denseCodes,
  type Engine,
  integerColumn,
  type NamedColumns,
  numberAt,
  numberColumn,
  stringColumn,
} from '@patron/sdk';

/** The engine of the house: answers the reduction `sums` on this machine, as a distributed engine would elsewhere. */
export const kernels: Engine = async ({ reduction, columns: { key, value } }, context) => {
  if (reduction !== 'sums') throw new Error(`This engine does not know the reduction '${reduction}'.`);
  if (!key || !value) throw new Error("The reduction 'sums' needs the columns 'key' and 'value'.");
  return sumsBy({ key, value }, context);
};

/** The reduction `sums`: sum and count of the column `value` by the column `key`. Rows without a value do not count. */
export async function sumsBy(
  { key, value }: { readonly key: Column; readonly value: Column },
  { checkpoint }: Pick<CallContext, 'checkpoint'>,
): Promise<NamedColumns> {
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
}
