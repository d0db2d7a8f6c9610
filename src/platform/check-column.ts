import type { Column, StringVector } from '@patron/sdk';
import { expectObject, expectOneOf, MisfitError } from './expect-value.ts';
import { nextTask } from './next-task.ts';
import { expected } from './problem.ts';
import { platformText } from './texts.ts';

const numericArrays = [
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
] as const;
const codeArrays = [Uint8Array, Uint16Array, Uint32Array] as const;

type TypedArray = InstanceType<(typeof numericArrays)[number]>;

/** Rows looked at between two tasks. */
const rowsAtOnce = 2_000_000;

/**
 * Checks that a column is well formed: its arrays are of the right kinds and lengths, every code has its text and every text
 * its bytes. Long columns are looked at in slices, with a task between.
 * @throws MisfitError with the path.
 */
export async function checkColumn(value: unknown, path: string): Promise<Column> {
  const column = expectObject(value, path);
  expectOneOf(['string', 'number', 'integer', 'boolean', 'date', 'timestamp'])(column.type, `${path}.type`);
  const { length } = column;
  if (!Number.isSafeInteger(length) || (length as number) < 0)
    throw new MisfitError(`${path}.length`, expected('platform.integer', length));
  const rows = length as number;
  if (column.validity !== undefined)
    expectArray(column.validity, [Uint8Array], (rows + 7) >> 3, `${path}.validity`, true);
  if (column.type === 'string') await checkText(column, rows, path);
  else checkNumbers(column, rows, path);
  return value as Column;
}

function checkNumbers(column: Readonly<Record<string, unknown>>, rows: number, path: string): void {
  const kinds = column.type === 'boolean' ? [Uint8Array] : numericArrays;
  expectArray(column.values, kinds, rows, `${path}.values`);
  if (column.type === 'number' && !(Number.isFinite(column.scale) && (column.scale as number) > 0))
    throw new MisfitError(`${path}.scale`, expected('platform.number', column.scale));
  if (column.type === 'timestamp') {
    if (![1, 1000, 60000].includes(column.unit as number))
      throw new MisfitError(
        `${path}.unit`,
        expected(platformText('platform.oneOf', { choices: '1, 1000, 60000' }), column.unit),
      );
    if (typeof column.zoned !== 'boolean')
      throw new MisfitError(`${path}.zoned`, expected('platform.boolean', column.zoned));
  }
}

async function checkText(column: Readonly<Record<string, unknown>>, rows: number, path: string): Promise<void> {
  expectOneOf(['dictionary', 'plain'])(column.layout, `${path}.layout`);
  if (column.layout === 'plain') {
    const count = await checkStrings(column.text, `${path}.text`);
    if (count !== rows)
      throw new MisfitError(
        `${path}.text`,
        expected(platformText('platform.lengthOf', { count: String(rows) }), count),
      );
    return;
  }
  const codes = expectArray(column.codes, codeArrays, rows, `${path}.codes`);
  const count = await checkStrings(column.dictionary, `${path}.dictionary`);
  const validity = column.validity as Uint8Array | undefined;
  for (let start = 0; start < rows; start += rowsAtOnce) {
    if (start > 0) await nextTask();
    const end = Math.min(rows, start + rowsAtOnce);
    for (let i = start; i < end; i++) {
      const present = validity === undefined || (validity[i >> 3] & (1 << (i & 7))) !== 0;
      if (present && codes[i] >= count) {
        const within = platformText('platform.within', { minimum: '0', maximum: String(count - 1) });
        throw new MisfitError(`${path}.codes[${i}]`, expected(within, codes[i]));
      }
    }
  }
}

/** Checks a string vector, and gives the number of strings. */
async function checkStrings(value: unknown, path: string): Promise<number> {
  const { offsets, bytes } = expectObject(value, path) as Partial<Record<keyof StringVector, unknown>>;
  if (!(offsets instanceof Uint32Array) || offsets.length === 0)
    throw new MisfitError(`${path}.offsets`, expected('platform.column', offsets));
  if (!(bytes instanceof Uint8Array)) throw new MisfitError(`${path}.bytes`, expected('platform.column', bytes));
  let wrong = offsets[0] !== 0 || offsets[offsets.length - 1] > bytes.length;
  for (let start = 1; start < offsets.length && !wrong; start += rowsAtOnce) {
    if (start > 1) await nextTask();
    const end = Math.min(offsets.length, start + rowsAtOnce);
    for (let i = start; i < end; i++) if (offsets[i] < offsets[i - 1]) wrong = true;
  }
  if (wrong) throw new MisfitError(`${path}.offsets`, expected('platform.increasing', offsets));
  return offsets.length - 1;
}

/** A typed array of one of the kinds and of exactly `length` (or, `orLonger`, at least that) items. */
function expectArray(
  value: unknown,
  kinds: readonly (abstract new (...given: never) => TypedArray)[],
  length: number,
  path: string,
  orLonger = false,
): TypedArray {
  if (!kinds.some((kind) => value instanceof kind)) throw new MisfitError(path, expected('platform.column', value));
  const array = value as TypedArray;
  if (array.length !== length && !(orLonger && array.length > length))
    throw new MisfitError(path, expected(platformText('platform.lengthOf', { count: String(length) }), array.length));
  return array;
}
