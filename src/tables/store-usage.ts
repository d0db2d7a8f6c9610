import type { TablesDatabase } from './table-database.ts';

/** Bytes of all versions of all tables. */
export async function storedBytes(database: TablesDatabase): Promise<number> {
  // Versions share the bytes of columns and row groups that a step left alone.
  const stored = new Map<string, number>();
  for (const { columns } of await database.getAll('versions')) {
    for (const { batch, slot, chunks, dictionary } of columns) {
      for (const [group, { bytes, from = { batch, slot } }] of chunks.entries()) {
        stored.set(`${from.batch} ${from.slot} ${group}`, bytes);
      }
      const words = (dictionary?.parts ?? []).reduce((sum, { bytes }) => sum + bytes, 0);
      const at = dictionary?.from ?? { batch, slot };
      stored.set(`${at.batch} ${at.slot} words`, words);
    }
  }
  let tables = 0;
  for (const bytes of stored.values()) tables += bytes;
  return tables;
}
