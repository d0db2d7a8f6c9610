/**
 * A file that can be read more than once, by ranges. In the browser a `File` or `Blob`; in Node a file handle.
 */
export interface FileSource {
  readonly name: string;
  readonly size: number;
  /** Bytes `start` to `end` (exclusive). */
  read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** A source over a browser `File` or `Blob` (Node's `Blob` and `openAsBlob` too). */
export function blobSource(blob: Blob, name = (blob as { name?: string }).name ?? 'table'): FileSource {
  return {
    name,
    size: blob.size,
    read: async (start, end) => new Uint8Array(await blob.slice(start, end).arrayBuffer()),
  };
}

/** A source over bytes that are in memory already. */
export function bytesSource(name: string, bytes: Uint8Array<ArrayBuffer>): FileSource {
  return { name, size: bytes.length, read: async (start, end) => bytes.subarray(start, end) };
}

/** A source over a text, as pasted from the clipboard. */
export function textSource(name: string, text: string): FileSource {
  return bytesSource(name, new TextEncoder().encode(text));
}

const CACHED_HEAD = 256 << 10;

/** The same file, with its first bytes fetched only once: several look at them before the reading begins. */
export function withCachedHead(source: FileSource): FileSource {
  let head: Promise<Uint8Array<ArrayBuffer>> | undefined;
  return {
    name: source.name,
    size: source.size,
    async read(start, end) {
      if (end > CACHED_HEAD) return await source.read(start, end);
      head ??= source.read(0, Math.min(source.size, CACHED_HEAD));
      return (await head).slice(start, end);
    },
  };
}
