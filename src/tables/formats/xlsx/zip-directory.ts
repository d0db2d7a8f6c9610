import type { FileSource } from '../../file-source.ts';

/** A part of a zip: where it lies and how it is packed. */
export interface ZipPart {
  readonly path: string;
  /** Where its local header begins. */
  readonly offset: number;
  readonly packed: number;
  readonly unpacked: number;
  /** CRC-32 of what it unpacks to. */
  readonly sum: number;
  /** 0 stored, 8 deflated. */
  readonly method: number;
}

const END = 0x06054b50;
const END_SIZE = 22;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const LOCATOR_SIZE = 20;
const ENTRY = 0x02014b50;
const ENTRY_SIZE = 46;
const LONGEST_COMMENT = 65_535;
const LARGEST_DIRECTORY = 64 << 20;
const FULL_16 = 0xffff;
const FULL_32 = 0xffffffff;
const decoder = new TextDecoder();

/**
 * The parts of a zip by their paths, by its directory at the end; folders are left out. Paths are names only: nothing is
 * written anywhere.
 * @throws Error where there is no whole directory, or it has more than `most` parts.
 */
export async function readZipDirectory(source: FileSource, most: number): Promise<ReadonlyMap<string, ZipPart>> {
  const { start, size, count } = await findDirectory(source);
  if (count > most) throw new Error(`it has more than ${most} parts`);
  if (size > LARGEST_DIRECTORY || start + size > source.size) throw new Error('its directory is damaged');
  const bytes = await source.read(start, start + size);
  const view = viewOf(bytes);
  const parts = new Map<string, ZipPart>();
  let at = 0;
  for (let n = 0; n < count; n++) {
    if (at + ENTRY_SIZE > bytes.length || view.getUint32(at, true) !== ENTRY)
      throw new Error('its directory is damaged');
    const flags = view.getUint16(at + 8, true);
    const nameSize = view.getUint16(at + 28, true);
    const extraSize = view.getUint16(at + 30, true);
    const nameEnd = at + ENTRY_SIZE + nameSize;
    const next = nameEnd + extraSize + view.getUint16(at + 32, true);
    if (next > bytes.length) throw new Error('its directory is damaged');
    const path = decoder.decode(bytes.subarray(at + ENTRY_SIZE, nameEnd)).replace(/^\//, '');
    const sizes = wideSizes(view, at, nameEnd, nameEnd + extraSize);
    if ((flags & 1) === 1) throw new Error('it is encrypted');
    if (!path.endsWith('/') && !parts.has(path)) {
      parts.set(path, { path, ...sizes, sum: view.getUint32(at + 16, true), method: view.getUint16(at + 10, true) });
    }
    at = next;
  }
  return parts;
}

async function findDirectory(source: FileSource): Promise<{ start: number; size: number; count: number }> {
  const from = Math.max(0, source.size - END_SIZE - LONGEST_COMMENT - LOCATOR_SIZE);
  const tail = await source.read(from, source.size);
  const view = viewOf(tail);
  let at = tail.length - END_SIZE;
  while (at >= 0 && view.getUint32(at, true) !== END) at--;
  if (at < 0) throw new Error('it is no zip, or cut short');
  const count = view.getUint16(at + 10, true);
  const size = view.getUint32(at + 12, true);
  const start = view.getUint32(at + 16, true);
  const locator = at - LOCATOR_SIZE;
  if (locator < 0 || view.getUint32(locator, true) !== LOCATOR_64) return { start, size, count };
  if (count !== FULL_16 && size !== FULL_32 && start !== FULL_32) return { start, size, count };
  const wideAt = whole(view, locator + 8);
  if (wideAt + 56 > source.size) throw new Error('its directory is damaged');
  const wide = viewOf(await source.read(wideAt, wideAt + 56));
  if (wide.getUint32(0, true) !== END_64) throw new Error('its directory is damaged');
  return { count: whole(wide, 32), size: whole(wide, 40), start: whole(wide, 48) };
}

/** Sizes and place of an entry; where they take more than 32 bits they stand in its extra fields. */
function wideSizes(view: DataView, at: number, extra: number, extraEnd: number) {
  let packed = view.getUint32(at + 20, true);
  let unpacked = view.getUint32(at + 24, true);
  let offset = view.getUint32(at + 42, true);
  for (let field = extra; field + 4 <= extraEnd; field += 4 + view.getUint16(field + 2, true)) {
    if (view.getUint16(field, true) !== 1) continue;
    const end = Math.min(extraEnd, field + 4 + view.getUint16(field + 2, true));
    let next = field + 4;
    const take = (narrow: number): number => {
      if (narrow !== FULL_32 || next + 8 > end) return narrow;
      next += 8;
      return whole(view, next - 8);
    };
    unpacked = take(unpacked);
    packed = take(packed);
    offset = take(offset);
    break;
  }
  return { packed, unpacked, offset };
}

function whole(view: DataView, at: number): number {
  const value = Number(view.getBigUint64(at, true));
  if (!Number.isSafeInteger(value)) throw new Error('its directory is damaged');
  return value;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
