import type { Column, NumericArray, RoleInput } from '@patron/sdk';

/** Arrays of fewer bytes are not worth sharing. */
const worthSharing = 2 ** 20;

/**
 * The inputs with their large numbers and codes in shared memory where the page is isolated, so that every thread of a plugin
 * sees them without a copy. Texts stay as they are: what decodes them does not take shared memory.
 */
export function shareColumns(inputs: Readonly<Record<string, RoleInput>>): Record<string, RoleInput> {
  if (globalThis.crossOriginIsolated !== true) return inputs;
  const shared = new Map<Column, Column>();
  const shareAll = (columns: Readonly<Record<string, Column>>): Record<string, Column> =>
    Object.fromEntries(
      Object.entries(columns).map(([name, column]) => {
        const own = shared.get(column) ?? shareColumn(column);
        shared.set(column, own);
        return [name, own];
      }),
    );
  return Object.fromEntries(
    Object.entries(inputs).map(([role, { rows, fields, properties }]) => [
      role,
      { rows, fields: shareAll(fields), properties: shareAll(properties) },
    ]),
  );
}

function shareColumn(column: Column): Column {
  const validity = column.validity && shareArray(column.validity);
  if (column.type !== 'string') return { ...column, validity, values: shareArray(column.values) } as Column;
  if (column.layout === 'plain') return { ...column, validity };
  return { ...column, validity, codes: shareArray(column.codes) };
}

function shareArray<A extends NumericArray>(array: A): A {
  if (array.byteLength < worthSharing || array.buffer instanceof SharedArrayBuffer) return array;
  const Kind = array.constructor as new (buffer: SharedArrayBuffer) => A;
  const shared = new Kind(new SharedArrayBuffer(array.byteLength));
  shared.set(array);
  return shared;
}
