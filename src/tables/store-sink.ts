import type { StringVector } from '@patron/sdk';
import { checksum } from './checksum.ts';
import type { ColumnChunk } from './chunk.ts';
import { encodeChunk, type StoredChunk } from './chunk-bytes.ts';
import type { ChunkKey, StoredDictionary, TablesDatabase } from './table-database.ts';
import type { TableSink } from './table-sink.ts';

/** A transaction is begun once so many bytes wait, and the reader waits while so many are on their way. */
const FLUSH_BYTES = 4 << 20;
const MOST_WAITING_BYTES = 24 << 20;
const DICTIONARY_PART = 16 << 20;

/** Writes row groups to the database while a table is being read, so that the table is never held twice. */
export class StoreSink implements TableSink {
  readonly #database: TablesDatabase;
  readonly #batch: string;
  readonly #stored = new Map<number, StoredChunk[]>();
  #queue: [ChunkKey, ArrayBuffer][] = [];
  #queued = 0;
  #underWay = 0;
  #running = new Set<Promise<void>>();
  #failure: { error: unknown } | undefined;

  constructor(database: TablesDatabase, batch: string) {
    this.#database = database;
    this.#batch = batch;
  }

  chunk(column: number, group: number, chunk: ColumnChunk): void {
    const { stored, buffer } = encodeChunk(chunk);
    let chunks = this.#stored.get(column);
    if (!chunks) {
      chunks = [];
      this.#stored.set(column, chunks);
    }
    chunks[group] = stored;
    this.#enqueue([this.#batch, column, group], buffer);
  }

  /** A column that is built again has as many groups as before, so the new chunks take the place of the old. */
  restart(column: number): void {
    this.#stored.delete(column);
  }

  async ready(): Promise<void> {
    while (this.#underWay > MOST_WAITING_BYTES && !this.#failure) await Promise.race(this.#running);
    if (this.#failure) throw this.#failure.error;
  }

  /** What was stored of a column. */
  chunksOf(column: number): readonly StoredChunk[] {
    return this.#stored.get(column) ?? [];
  }

  /** Writes the dictionary of a column. */
  dictionary(column: number, { offsets, bytes }: StringVector): StoredDictionary {
    const all = new Uint8Array(offsets.byteLength + bytes.byteLength);
    all.set(new Uint8Array(offsets.buffer, offsets.byteOffset, offsets.byteLength));
    all.set(bytes, offsets.byteLength);
    const parts: { bytes: number; checksum: number }[] = [];
    for (let at = 0; at < all.length; at += DICTIONARY_PART) {
      const part = all.slice(at, at + DICTIONARY_PART).buffer;
      this.#enqueue([this.#batch, column + 0.5, parts.length], part);
      parts.push({ bytes: part.byteLength, checksum: checksum(part) });
    }
    return { entries: offsets.length - 1, textBytes: bytes.byteLength, parts };
  }

  /** Resolves once everything is in the database. */
  async finish(): Promise<void> {
    this.#flush();
    await Promise.all(this.#running);
    if (this.#failure) throw this.#failure.error;
  }

  #enqueue(key: ChunkKey, buffer: ArrayBuffer): void {
    this.#queue.push([key, buffer]);
    this.#queued += buffer.byteLength;
    if (this.#queued >= FLUSH_BYTES) this.#flush();
  }

  #flush(): void {
    if (this.#queue.length === 0 || this.#failure) return;
    const queue = this.#queue;
    const bytes = this.#queued;
    this.#queue = [];
    this.#queued = 0;
    this.#underWay += bytes;
    const run = this.#put(queue)
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => {
        this.#underWay -= bytes;
        this.#running.delete(run);
      });
    this.#running.add(run);
  }

  async #put(queue: readonly [ChunkKey, ArrayBuffer][]): Promise<void> {
    const transaction = this.#database.transaction('chunks', 'readwrite', { durability: 'relaxed' });
    // A put that fails also fails the transaction, and that is where it is heard; one that throws ends the loop.
    transaction.done.catch(() => undefined);
    for (const [key, buffer] of queue) transaction.store.put(buffer, key).catch(() => undefined);
    await transaction.done;
  }
}
