import { batchRange, type TablesDatabase, writeLock } from './table-database.ts';

/** A write that was killed, and what of it was removed. */
export interface SweptImport {
  readonly workbook: string;
  readonly tableName: string;
  readonly sourceName: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Bytes that were freed. */
  readonly bytes: number;
}

/** Removes the chunks of writes that were announced but are neither finished nor alive, in this tab or another. */
export async function sweepKilledWrites(database: TablesDatabase): Promise<SweptImport[]> {
  const { held = [] } = await navigator.locks.query();
  const alive = new Set(held.map(({ name }) => name));
  const swept: SweptImport[] = [];
  for (const write of await database.getAll('writes')) {
    if (alive.has(writeLock(write.batch))) continue;
    const transaction = database.transaction(['writes', 'chunks'], 'readwrite');
    const chunks = transaction.objectStore('chunks');
    // It may have been finished, or swept by another tab, since the list was read.
    if (await transaction.objectStore('writes').get(write.batch)) {
      let bytes = 0;
      for (let cursor = await chunks.openCursor(batchRange(write.batch)); cursor; cursor = await cursor.continue()) {
        bytes += cursor.value.byteLength;
        cursor.delete();
      }
      await transaction.objectStore('writes').delete(write.batch);
      const { workbook, tableName, sourceName, startedAt } = write;
      swept.push({ workbook, tableName, sourceName, startedAt, bytes });
    }
    await transaction.done;
  }
  return swept;
}
