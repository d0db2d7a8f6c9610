const MAGIC = 0x184d2204;
const STORED = 0x8000_0000;
const MOST_UNPACKED = 2_000_000_000;

/**
 * Unpacks an LZ4 frame (LZ4 Frame Format 1.6.2), blocks linked or not, as Arrow's buffers are packed.
 * @throws Error where the frame is malformed or unpacks beyond 2 GB.
 */
export function unpackLz4Frame(frame: Uint8Array): Uint8Array {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (frame.length < 11 || view.getUint32(0, true) !== MAGIC) throw new Error('not an LZ4 frame');
  const flags = frame[4];
  const checksumBytes = (flags & 0x10) !== 0 ? 4 : 0;
  const mostInBlock = 2 ** (8 + 2 * ((frame[5] >> 4) & 7));
  let at = 7 + ((flags & 0x08) !== 0 ? 8 : 0) + ((flags & 0x01) !== 0 ? 4 : 0);
  let output = new Uint8Array(Math.max(frame.length * 4, 1024));
  let end = 0;
  for (;;) {
    const header = view.getUint32(at, true);
    at += 4;
    if (header === 0) return output.subarray(0, end);
    const size = header & ~STORED;
    if (at + size > frame.length) throw new Error('LZ4 block beyond the frame');
    if (end + mostInBlock > output.length) {
      if (end + mostInBlock > MOST_UNPACKED) throw new Error('LZ4 frame unpacks beyond 2 GB');
      const wider = new Uint8Array(Math.max(output.length * 2, end + mostInBlock));
      wider.set(output.subarray(0, end));
      output = wider;
    }
    const block = frame.subarray(at, at + size);
    if (header & STORED) {
      output.set(block, end);
      end += size;
    } else end = unpackBlock(block, output, end, end + mostInBlock);
    at += size + checksumBytes;
  }
}

/** Unpacks one block behind `start` of `output`, which earlier blocks have filled; gives the new end. */
function unpackBlock(block: Uint8Array, output: Uint8Array, start: number, limit: number): number {
  let end = start;
  let i = 0;
  const extend = (length: number): number => {
    if (length < 15) return length;
    for (;;) {
      const more = block[i++];
      length += more;
      if (more !== 255) return length;
    }
  };
  while (i < block.length) {
    const token = block[i++];
    const literals = extend(token >> 4);
    if (i + literals > block.length || end + literals > limit) throw new Error('LZ4 literals beyond the block');
    output.set(block.subarray(i, i + literals), end);
    end += literals;
    i += literals;
    if (i >= block.length) break;
    const offset = block[i] | (block[i + 1] << 8);
    i += 2;
    const length = extend(token & 15) + 4;
    if (offset === 0 || offset > end || end + length > limit) throw new Error('LZ4 match beyond the block');
    for (let from = end - offset, to = end + length; end < to; ) output[end++] = output[from++];
  }
  return end;
}
