import type { Column } from '@patron/sdk';

/** Bytes a column takes in memory. */
export function columnBytes(column: Column): number {
  return buffersOf(column).reduce((bytes, buffer) => bytes + buffer.byteLength, 0);
}

/** The arrays a column is made of. */
export function buffersOf(column: Column): ArrayBufferView[] {
  const validity = column.validity ? [column.validity] : [];
  if (column.type !== 'string') return [column.values, ...validity];
  if (column.layout === 'dictionary') {
    return [column.codes, column.dictionary.offsets, column.dictionary.bytes, ...validity];
  }
  return [column.text.offsets, column.text.bytes, ...validity];
}
