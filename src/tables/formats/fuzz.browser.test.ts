import { seededRandom } from '@patron/sdk';
import { expect, it } from 'vitest';
import { exportArrow } from '../export/export-arrow.ts';
import { exportParquet } from '../export/export-parquet.ts';
import { memoryGroups } from '../export/table-groups.ts';
import { TablesClient } from '../tables-client.ts';
import { fuzzTable } from './fuzz-table.ts';

const TURNS = 40;

// Some changes send these formats' libraries round in circles: such a reading is ended by the watch over its worker.
it.each([
  ['fuzzed.parquet', exportParquet],
  ['fuzzed.arrow', exportArrow],
] as const)(
  '%s: any change of bytes gives a table or a named error, in bounded time',
  async (name, exporter) => {
    const pieces: Uint8Array<ArrayBuffer>[] = [];
    for await (const piece of exporter(memoryGroups('orders', fuzzTable))) pieces.push(piece);
    const whole = new Uint8Array(await new Blob(pieces).arrayBuffer());
    const client = new TablesClient({ database: `fuzz-${crypto.randomUUID()}`, silence: 1500 });
    const random = seededRandom(7);
    let tables = 0;
    for (let turn = 0; turn < TURNS; turn++) {
      const bytes = whole.slice(0, turn % 4 === 3 ? random.integer(whole.length) : whole.length);
      for (let i = 1 + random.integer(8); i > 0; i--) bytes[random.integer(bytes.length)] = random.integer(256);
      try {
        await client.preview(new File([bytes], name));
        tables++;
      } catch (error) {
        expect((error as Error).name, String(error)).toBe('TableError');
        expect((error as Error).message).toContain(name);
      }
    }
    client.close();
    expect(tables).toBeLessThan(TURNS);
  },
  120_000,
);
