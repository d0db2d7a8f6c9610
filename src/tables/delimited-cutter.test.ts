import fc from 'fast-check';
import Papa from 'papaparse';
import { expect, test } from 'vitest';
import { DelimitedCutter } from './delimited-cutter.ts';
import { fieldText } from './fields.ts';

interface Cut {
  readonly rows: string[][];
  readonly lines: number[];
  readonly issues: string[];
}

/** Cuts a text that arrives in pieces of `piece` bytes. */
function cut(text: string, columns: number, piece = 1 << 20, delimiter = ','): Cut {
  const source = new TextEncoder().encode(text);
  const result: Cut = { rows: [], lines: [], issues: [] };
  const marks = { delimiter: delimiter.charCodeAt(0), quote: 34, newline: 10 };
  const cutter = new DelimitedCutter(columns, marks, 1, (line, _column, reason) =>
    result.issues.push(`${line} ${reason}`),
  );
  const bytes = new Uint8Array(source.length + 16);
  let start = 0;
  for (let end = 0; ; ) {
    const next = Math.min(source.length, end + piece);
    bytes.set(source.subarray(end, next), end);
    end = next;
    for (;;) {
      const at = cutter.cut(bytes, start, end, end === source.length);
      for (let r = 0; r < cutter.rows; r++) {
        const row: string[] = [];
        for (let c = 0; c < Math.min(columns, cutter.counts[r]); c++) {
          row.push(fieldText(bytes, cutter.starts[r * columns + c], cutter.ends[r * columns + c] >>> 1));
        }
        result.rows.push(row);
        result.lines.push(cutter.lines[r]);
      }
      if (at === start) break;
      start = at;
    }
    if (end === source.length) return result;
  }
}

test('cuts quoted fields with delimiters, line ends and doubled quotes', () => {
  const { rows, lines, issues } = cut('a,"b, ""c""\nd",e\r\n1,2,3\n', 3);
  expect(rows).toEqual([
    ['a', 'b, "c"\nd', 'e'],
    ['1', '2', '3'],
  ]);
  expect(lines).toEqual([1, 3]);
  expect(issues).toEqual([]);
});

test('keeps an inner quote where the field still closes on its line, and says so', () => {
  const { rows, issues } = cut('"She said "hi" to me",x\n5" pipe,y\n', 2);
  expect(rows).toEqual([
    ['She said "hi" to me', 'x'],
    ['5" pipe', 'y'],
  ]);
  expect(issues).toEqual(['1 stray-quote']);
});

test('reads a field whose quote never closes as it stands', () => {
  const { rows, issues } = cut('a,b\n"open,1\nnext,2\n', 2);
  expect(rows).toEqual([
    ['a', 'b'],
    ['"open', '1'],
    ['next', '2'],
  ]);
  expect(issues).toEqual(['2 unclosed-quote']);
});

test('pads short rows, reports long ones, and skips blank lines', () => {
  const { rows, lines, issues } = cut('a,b\n1\n\n1,2,3\n4,5,,\n', 2);
  expect(rows).toEqual([['a', 'b'], ['1'], ['1', '2'], ['4', '5']]);
  expect(lines).toEqual([1, 2, 4, 5]);
  expect(issues).toEqual(['2 too-few-fields', '4 too-many-fields']);
});

test('takes blank lines of a one-column table for rows, but not at the end', () => {
  expect(cut('a\n\nb\n\n\n', 1).rows).toEqual([['a'], [''], ['b']]);
});

const field = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', '1', ',', '"', '\n', '\r\n', ' ', '客', ';'), maxLength: 6 }),
  fc.string({ unit: 'grapheme', maxLength: 4 }),
);

test('agrees with papaparse on every well-formed file, however it is cut into pieces', () => {
  fc.assert(
    fc.property(
      fc
        .integer({ min: 2, max: 5 })
        .chain((columns) =>
          fc.tuple(
            fc.constant(columns),
            fc.array(fc.array(field, { minLength: columns, maxLength: columns }), { minLength: 1, maxLength: 8 }),
          ),
        ),
      fc.constantFrom('\n', '\r\n'),
      fc.boolean(),
      fc.integer({ min: 1, max: 40 }),
      ([columns, rows], newline, quotes, piece) => {
        const text = Papa.unparse(rows, { newline, quotes }) + newline;
        const expected = Papa.parse<string[]>(text, { delimiter: ',', newline }).data.slice(0, -1);
        const blank = (row: string[]): boolean => row.length === 1 && row[0] === '';
        expect(cut(text, columns, piece)).toEqual({
          ...cut(text, columns),
          rows: expected.filter((row) => !blank(row)),
        });
        expect(cut(text, columns).issues).toEqual([]);
      },
    ),
    { numRuns: 2000 },
  );
});

test('loses no row and never hangs on any bytes, however they are cut into pieces', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', 'a', ' ', '""', '"\n', ',"'), maxLength: 60 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 20 }),
      (text, columns, piece) => {
        expect(cut(text, columns, piece)).toEqual(cut(text, columns));
      },
    ),
    { numRuns: 3000 },
  );
});
