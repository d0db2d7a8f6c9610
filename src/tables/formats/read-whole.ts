import type { FileSource } from '../file-source.ts';
import { TableError } from '../table-error.ts';

/** What a browser tab can hold in one buffer, with room to work beside it. */
const MOST_BYTES = 2_000_000_000;

/**
 * All bytes of a file, for formats whose libraries want them at once.
 * @throws TableError where the file is larger than 2 GB.
 */
export async function readWhole(source: FileSource): Promise<Uint8Array<ArrayBuffer>> {
  if (source.size > MOST_BYTES) {
    throw new TableError(
      'bad-file',
      `'${source.name}' is larger than 2 GB, more than can be held at once. Export it as CSV or Parquet.`,
      { file: source.name },
    );
  }
  return source.read(0, source.size);
}
