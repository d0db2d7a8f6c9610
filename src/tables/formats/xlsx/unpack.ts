import type { FileSource } from '../../file-source.ts';
import type { ZipPart } from './zip-directory.ts';

const BLOCK = 1 << 20;
const LOCAL_HEADER = 30;
const STORED = 0;
const DEFLATED = 8;

/**
 * A part of a zip, unpacked piece by piece. It is read as the body of a gzip file with the sum and size that the zip gives, so
 * that the browser's own unpacking checks both.
 * @throws Error where the part is damaged.
 */
export async function* unpack(
  source: FileSource,
  { offset, packed, method, sum, unpacked }: ZipPart,
): AsyncGenerator<Uint8Array> {
  const header = await source.read(offset, Math.min(source.size, offset + LOCAL_HEADER));
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  if (header.length < LOCAL_HEADER || view.getUint32(0, true) !== 0x04034b50)
    throw new Error('a part of it is missing');
  const start = offset + LOCAL_HEADER + view.getUint16(26, true) + view.getUint16(28, true);
  const end = start + packed;
  if (end > source.size) throw new Error('it is cut short');
  if (method === STORED) {
    for (let at = start; at < end; at += BLOCK) yield await source.read(at, Math.min(end, at + BLOCK));
    return;
  }
  if (method !== DEFLATED) throw new Error('a part of it is packed in a way that workbooks are not');
  const stream = new DecompressionStream('gzip');
  const writer = stream.writable.getWriter();
  const feed = (async () => {
    await writer.write(Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff));
    for (let at = start; at < end; at += BLOCK) await writer.write(await source.read(at, Math.min(end, at + BLOCK)));
    const trailer = new DataView(new ArrayBuffer(8));
    trailer.setUint32(0, sum, true);
    trailer.setUint32(4, unpacked % 2 ** 32, true);
    await writer.write(new Uint8Array(trailer.buffer));
    await writer.close();
  })();
  feed.catch(() => undefined);
  const reader = stream.readable.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value;
    }
    await feed;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
