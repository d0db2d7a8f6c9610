import type { FileSource } from './file-source.ts';

const CHUNK = 4 << 20;

/** The file as UTF-8 bytes, chunk by chunk; the next chunk is fetched while one is worked on. `done` is bytes of the file. */
export async function* utf8Chunks(
  source: FileSource,
  encoding: string,
  skip: number,
): AsyncGenerator<{ bytes: Uint8Array; done: number }> {
  const decoder = encoding === 'utf-8' ? undefined : new TextDecoder(encoding, { ignoreBOM: true });
  const encoder = new TextEncoder();
  let position = skip;
  let next = source.read(position, Math.min(position + CHUNK, source.size));
  while (position < source.size) {
    const bytes = await next;
    if (bytes.length === 0) break;
    position += bytes.length;
    const last = position >= source.size;
    if (!last) {
      next = source.read(position, Math.min(position + CHUNK, source.size));
      // A failure is met when the chunk is awaited, not before.
      next.catch(() => undefined);
    }
    yield { bytes: decoder ? encoder.encode(decoder.decode(bytes, { stream: !last })) : bytes, done: position };
  }
}
