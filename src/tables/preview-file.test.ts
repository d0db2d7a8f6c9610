import { expect, test } from 'vitest';
import { bytesSource, textSource } from './file-source.ts';
import { previewFile } from './preview-file.ts';

test('shows the first rows as text and as values, and follows what is changed', async () => {
  const source = textSource('a.csv', 'id,when,amount\n007,2011-01-05,"1,234.50"\n008,2011-01-06,\n');
  const preview = await previewFile(source);
  expect(preview.raw).toEqual([
    ['007', '2011-01-05', '1,234.50'],
    ['008', '2011-01-06', null],
  ]);
  expect(preview.rows).toEqual([
    ['007', '2011-01-05', 1234.5],
    ['008', '2011-01-06', null],
  ]);
  expect(preview).toMatchObject({ rejects: 0, estimatedRows: 2 });
  expect(preview.detection).toMatchObject({
    delimiter: ',',
    header: true,
    encoding: 'utf-8',
    encodingFrom: 'strict-utf-8',
  });
  const changed = await previewFile(source, {
    columns: { id: { type: 'integer', name: 'number' }, when: { skip: true } },
  });
  expect(changed.rows).toEqual([
    [7, 1234.5],
    [8, null],
  ]);
  expect(changed.detection.columns.map(({ original, name, skip }) => [original, name, skip])).toEqual([
    ['id', 'number', false],
    ['when', 'when', true],
    ['amount', 'amount', false],
  ]);
  expect((await previewFile(source, { header: false })).rows[0]).toEqual(['id', 'when', 'amount']);
});

test('looks at a part of a large file and estimates the rest', async () => {
  const bytes = new TextEncoder().encode(`a,b\n${'123456,abcdef\n'.repeat(200_000)}`);
  let asked = 0;
  const source = bytesSource('a.csv', bytes);
  const counted = {
    ...source,
    read(start: number, end: number) {
      asked += end - start;
      return source.read(start, end);
    },
  };
  const preview = await previewFile(counted);
  expect(preview.rows).toHaveLength(200);
  expect(Math.abs(preview.estimatedRows - 200_000)).toBeLessThan(200);
  expect(asked).toBeLessThan(1_000_000);
});

test('finds every column of a header longer than the first look', async () => {
  const names = Array.from({ length: 10_000 }, (_, i) => `a rather long name of column number ${i}`);
  const preview = await previewFile(textSource('a.csv', `${names}\n${`${names.map((_, i) => i)}\n`.repeat(6)}`));
  expect(preview.detection.columns).toHaveLength(10_000);
  expect(preview.rows[5][9999]).toBe(9999);
});
