import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesSource } from './file-source.ts';
import { previewFile } from './preview-file.ts';
import { readTable } from './read-table.ts';
import { TableError } from './table-error.ts';

/** Reads whatever it is given: a table whose columns are all of its length, or an error that says what is wrong. */
async function readsOrRefuses(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  for (const read of [readTable, previewFile]) {
    try {
      const result = await read(bytesSource('fuzzed.csv', bytes.slice()), { format: 'text' });
      if ('table' in result) {
        for (const { column } of result.table.columns) expect(column.length).toBe(result.table.rows);
      }
    } catch (error) {
      if (!(error instanceof TableError)) throw error;
    }
  }
}

const pieces = fc.array(
  fc.constantFrom(
    ...[
      'a',
      '1',
      '007',
      '-1.5',
      '1e5',
      '2011-01-05',
      '05/01/2011 8:00',
      'TRUE',
      'NA',
      '',
      ' ',
      '"',
      '""',
      ',',
      ';',
      '\t',
      '|',
    ],
    ...['\n', '\r\n', '\r', '客户', '１２％', '¥', '\0', '\ufeff', '\ud800', '"a""b"', '9'.repeat(20), 'x'.repeat(300)],
  ),
  { maxLength: 120 },
);

test('reads or refuses every text of stray pieces', async () => {
  await fc.assert(
    fc.asyncProperty(pieces, (parts) => readsOrRefuses(new TextEncoder().encode(parts.join('')))),
    { numRuns: 500 },
  );
}, 120_000);

test('reads or refuses any bytes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), (bytes) => readsOrRefuses(new Uint8Array(bytes))),
    { numRuns: 500 },
  );
}, 120_000);

const real = resolve(
  process.env.PATRON_SHARED ?? resolve(import.meta.dirname, '../../../shared'),
  'data/events/sepsis.csv',
);
// biome-ignore lint/suspicious/noConsole: a skipped test says why.
if (!existsSync(real)) console.warn(`Fuzzing of a real file is skipped: there is no '${real}'.`);

test.skipIf(!existsSync(real))(
  'reads or refuses a real file with flipped bytes, cut off anywhere',
  async () => {
    const whole = new Uint8Array(readFileSync(real)).subarray(0, 60_000);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: whole.length }),
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.constantFrom(0, 10, 13, 34, 44, 200, 255)), { maxLength: 12 }),
        (length, flips) => {
          const bytes = whole.slice(0, length);
          for (const [at, byte] of flips) if (at < length) bytes[at] = byte;
          return readsOrRefuses(bytes);
        },
      ),
      { numRuns: 30 },
    );
  },
  120_000,
);
