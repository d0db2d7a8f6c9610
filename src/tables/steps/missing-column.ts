import type { Column, ColumnType } from '@patron/sdk';

/** A column without a value in any row. */
export function missingColumn(
  { type, zoned = false }: { readonly type: ColumnType; readonly zoned?: boolean },
  length: number,
): Column {
  const validity = new Uint8Array((length + 7) >> 3);
  const values = new Uint8Array(length);
  switch (type) {
    case 'string': {
      const dictionary = { offsets: new Uint32Array(1), bytes: new Uint8Array(0) };
      return { type, layout: 'dictionary', length, codes: values, dictionary, validity };
    }
    case 'number':
      return { type, length, values, scale: 10, validity };
    case 'timestamp':
      return { type, length, values, unit: 60_000, zoned, validity };
    default:
      return { type, length, values, validity };
  }
}
