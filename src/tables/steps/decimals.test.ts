import { type Column, numberAt } from '@patron/sdk';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assembleColumn } from '../assemble.ts';
import { MemorySink } from '../table-sink.ts';
import { writeBatches } from '../write-batches.ts';
import { concatColumns } from './concat-columns.ts';

/** Amounts of one file: whole units of the last of so many places, at most fifteen digits. */
interface Amounts {
  readonly places: number;
  readonly units: readonly number[];
}

const amounts = fc.record({
  places: fc.integer({ min: 0, max: 6 }),
  units: fc.array(fc.integer({ min: -(10 ** 15), max: 10 ** 15 }), { minLength: 1, maxLength: 12 }),
});
const files = fc.array(amounts, { minLength: 1, maxLength: 5 });

const columnOf = ({ places, units }: Amounts): Column => ({
  type: 'number',
  length: units.length,
  values: Float64Array.from(units),
  scale: 10 ** places,
});

/** The column as it is stored after one file has been appended to the other. */
async function stored(parts: readonly Amounts[]): Promise<Column> {
  const sink = new MemorySink();
  async function* batches() {
    for (const part of parts) yield { rows: part.units.length, columns: [columnOf(part)] };
  }
  const { built } = await writeBatches(
    { columns: [{ name: 'amount', type: 'number' }], batches: batches() },
    { sink, groupRows: 8 },
  );
  return assembleColumn('amount', built[0], sink.chunksOf(0));
}

/** Each amount as it is written. */
const texts = (parts: readonly Amounts[]): string[] =>
  parts.flatMap(({ places, units }) =>
    units.map((unit) => {
      const digits = String(Math.abs(unit)).padStart(places + 1, '0');
      const whole = digits.slice(0, digits.length - places);
      return `${unit < 0 ? '-' : ''}${whole}.${digits.slice(digits.length - places)}`;
    }),
  );

/** Whether all amounts are whole units of one place that a double holds. */
function haveCommonScale(parts: readonly Amounts[]): boolean {
  const places = Math.max(...parts.map((part) => part.places));
  return parts.every((part) =>
    part.units.every((unit) => Math.abs(unit) * 10 ** (places - part.places) <= Number.MAX_SAFE_INTEGER),
  );
}

for (const [name, join] of [
  ['stored one below the other', stored],
  [
    'put together in memory',
    async (parts: readonly Amounts[]) => concatColumns(parts.map(columnOf), { type: 'number' }),
  ],
] as const) {
  test(`amounts of different scales, ${name}, each stay the number that was written`, async () => {
    await fc.assert(
      fc.asyncProperty(files, async (parts) => {
        const column = await join(parts);
        expect(Array.from({ length: column.length }, (_, row) => numberAt(column, row))).toEqual(
          texts(parts).map((text) => Number(text) + 0),
        );
      }),
    );
  });

  test(`amounts that fit one scale, ${name}, add up to the last place`, async () => {
    await fc.assert(
      fc.asyncProperty(files.filter(haveCommonScale), async (parts) => {
        const column = await join(parts);
        const places = Math.max(...parts.map((part) => part.places));
        if (column.type !== 'number') throw new Error('The amounts are no numbers.');
        let sum = 0n;
        for (const value of column.values) sum += BigInt(value) * BigInt(10 ** places / column.scale);
        const written = parts.flatMap((part) =>
          part.units.map((unit) => BigInt(unit) * 10n ** BigInt(places - part.places)),
        );
        expect(sum).toBe(written.reduce((total, unit) => total + unit, 0n));
      }),
    );
  });
}

test('whole numbers that came as doubles do not cost amounts their exactness', async () => {
  const sink = new MemorySink();
  const cents: Column = { type: 'number', length: 2, values: Int32Array.of(1010, 20), scale: 100 };
  const doubles: Column = { type: 'number', length: 3, values: Float64Array.of(7, 0.25, 0.5), scale: 1 };
  async function* batches() {
    yield { rows: 2, columns: [cents] };
    yield { rows: 3, columns: [doubles] };
  }
  const { built } = await writeBatches({ columns: [{ name: 'n', type: 'number' }], batches: batches() }, { sink });
  const column = assembleColumn('n', built[0], sink.chunksOf(0));
  expect(column).toMatchObject({ scale: 100, values: Uint16Array.of(1010, 20, 700, 25, 50) });
  expect(concatColumns([cents, doubles], { type: 'number' })).toMatchObject({ scale: 100 });
});
