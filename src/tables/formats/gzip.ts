import { bytesSource, type FileSource } from '../file-source.ts';
import { TableError } from '../table-error.ts';

/** A packed file may not unpack to more than this: what a browser tab can hold in one buffer. */
const MOST_UNPACKED = 2_000_000_000;
/** Beyond this size, a file that grew by more than the factor holds next to nothing: a bomb. */
const LARGE = 200_000_000;
const MOST_GROWTH = 300;
const BLOCK = 4 * 1024 * 1024;

/** Whether the bytes start as gzip does. */
export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b && head[2] === 8;
}

/**
 * The file within a `.gz`, unpacked in memory, under the name without `.gz`.
 * @throws TableError where the file is damaged, cut short or unpacks beyond 2 GB.
 */
export async function gunzipSource(source: FileSource, signal?: AbortSignal): Promise<FileSource> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  let fed = 0;
  const damaged = (cause: unknown): TableError =>
    new TableError(
      'bad-file',
      `'${source.name}' is damaged or cut short: it cannot be unpacked. Get the file again.`,
      { file: source.name },
      cause,
    );
  const stream = new DecompressionStream('gzip');
  const writer = stream.writable.getWriter();
  const feed = (async () => {
    for (let start = 0; start < source.size; start += BLOCK) {
      signal?.throwIfAborted();
      fed = Math.min(source.size, start + BLOCK);
      await writer.write(await source.read(start, fed));
    }
    await writer.close();
  })();
  feed.catch(() => {});
  const reader = stream.readable.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.length;
      if (size > MOST_UNPACKED || (size > LARGE && size > fed * MOST_GROWTH)) {
        const text = `'${source.name}' unpacks to more than 2 GB, or to ${MOST_GROWTH} times its size. Unpack it and split it first.`;
        throw new TableError('bad-file', text, { file: source.name });
      }
      pieces.push(value);
    }
    await feed;
  } catch (cause) {
    await reader.cancel().catch(() => {});
    signal?.throwIfAborted();
    throw cause instanceof TableError ? cause : damaged(cause);
  }
  const bytes = new Uint8Array(size);
  let end = 0;
  for (const piece of pieces) {
    bytes.set(piece, end);
    end += piece.length;
  }
  return bytesSource(source.name.replace(/\.gz$/i, ''), bytes);
}
