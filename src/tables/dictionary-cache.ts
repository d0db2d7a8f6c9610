import type { StringVector } from '@patron/sdk';
import { readDictionary } from './store-read.ts';
import type { StoredColumn, TablesDatabase } from './table-database.ts';

const MOST_BYTES = 128 << 20;

/** Dictionaries that are kept for the next row group, the least recently used one going first. */
export class DictionaryCache {
  readonly #known = new Map<string, StringVector>();
  #bytes = 0;

  async read(database: TablesDatabase, table: string, column: StoredColumn): Promise<StringVector | undefined> {
    if (!column.dictionary) return undefined;
    const { batch, slot } = column.dictionary.from ?? column;
    const key = `${batch} ${slot}`;
    let dictionary = this.#known.get(key);
    if (dictionary) this.#known.delete(key);
    else {
      dictionary = await readDictionary(database, table, column);
      if (!dictionary) return undefined;
      // Another reader may have been as quick.
      if (this.#known.delete(key)) this.#bytes -= bytesOf(dictionary);
      this.#bytes += bytesOf(dictionary);
    }
    this.#known.set(key, dictionary);
    for (const [oldest, each] of this.#known) {
      if (this.#bytes <= MOST_BYTES || oldest === key) break;
      this.#known.delete(oldest);
      this.#bytes -= bytesOf(each);
    }
    return dictionary;
  }
}

function bytesOf({ offsets, bytes }: StringVector): number {
  return offsets.byteLength + bytes.byteLength;
}
