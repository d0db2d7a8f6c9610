import type { Column, StringVector } from '@patron/sdk';
import { assembleColumn } from './assemble.ts';
import { checksum } from './checksum.ts';
import type { ColumnChunk } from './chunk.ts';
import { decodeChunk } from './chunk-bytes.ts';
import type { BuiltType } from './column-builder.ts';
import { type StoredColumn, slotRange, type TablesDatabase } from './table-database.ts';
import { TableError } from './table-error.ts';

/** Reads a stored column: all of it, or row groups `from` to `to` (exclusive). @throws TableError naming a corrupt chunk. */
export async function readStoredColumn(
  database: TablesDatabase,
  table: string,
  column: StoredColumn,
  dictionary: StringVector | undefined,
  from = 0,
  to = column.chunks.length,
  sharing = false,
): Promise<Column> {
  const chunks = await readChunks(database, table, column, from, to);
  const built: BuiltType = column.built.type === 'string' ? { type: 'string', dictionary } : column.built;
  return assembleColumn(column.name, built, chunks, sharing);
}

async function readChunks(
  database: TablesDatabase,
  table: string,
  column: StoredColumn,
  from: number,
  to: number,
): Promise<ColumnChunk[]> {
  if (to <= from) return [];
  const { store } = database.transaction('chunks', 'readonly');
  const ranges = stretches(column, from, to).map(({ batch, slot, first, last }) => slotRange(batch, slot, first, last));
  const read = await Promise.all(
    ranges.map(async (range) => {
      const [keys, buffers] = await Promise.all([store.getAllKeys(range), store.getAll(range)]);
      return keys.map((key, i) => [key[2], buffers[i]] as const);
    }),
  );
  const byGroup = new Map(read.flat());
  return column.chunks.slice(from, to).map((stored, i) => {
    const chunk = decodeChunk(stored, byGroup.get(from + i));
    if (!chunk) throw corrupt(table, column.name, `row group ${from + i + 1} of ${column.chunks.length}`);
    return chunk;
  });
}

/** Row groups `from` to `to` (exclusive) as runs of groups whose bytes are in one place. */
function stretches({ batch, slot, chunks }: StoredColumn, from: number, to: number) {
  const runs: { batch: string; slot: number; first: number; last: number }[] = [];
  for (let group = from; group < to; group++) {
    const place = chunks[group].from ?? { batch, slot };
    const run = runs.at(-1);
    if (run?.batch === place.batch && run.slot === place.slot) run.last = group;
    else runs.push({ batch: place.batch, slot: place.slot, first: group, last: group });
  }
  return runs;
}

/** Reads the dictionary of a stored column; undefined where it has none. */
export async function readDictionary(
  database: TablesDatabase,
  table: string,
  column: StoredColumn,
): Promise<StringVector | undefined> {
  const stored = column.dictionary;
  if (!stored) return undefined;
  const { batch, slot } = stored.from ?? column;
  const parts = await database.getAll('chunks', slotRange(batch, slot + 0.5));
  const size = stored.parts.reduce((bytes, part) => bytes + part.bytes, 0);
  const all = new Uint8Array(size);
  let at = 0;
  for (const [i, { bytes, checksum: expected }] of stored.parts.entries()) {
    const part = parts[i];
    if (part?.byteLength !== bytes || checksum(part) !== expected) {
      throw corrupt(table, column.name, `dictionary part ${i + 1} of ${stored.parts.length}`);
    }
    all.set(new Uint8Array(part), at);
    at += bytes;
  }
  const offsetBytes = (stored.entries + 1) * 4;
  return { offsets: new Uint32Array(all.buffer, 0, stored.entries + 1), bytes: all.subarray(offsetBytes) };
}

function corrupt(table: string, column: string, part: string): TableError {
  return new TableError(
    'corrupt-chunk',
    `The stored data of column '${column}' of table '${table}' is damaged (${part}). Go back to an earlier version, or import the file again.`,
    { table, column, part },
  );
}
