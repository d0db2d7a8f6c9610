import type { Column, StringVector } from '@patron/sdk';

type Buffer = ArrayBuffer | SharedArrayBuffer;
const SLICE = 16 << 20;

/**
 * `column` in memory that another thread may have: shared where the page is cross-origin isolated (then nothing is copied
 * again), else a copy to transfer. Memory that is shared already is passed on. Copies by slices, letting the page breathe.
 */
export async function shareColumn(column: Column): Promise<{ column: Column; transfer: ArrayBuffer[] }> {
  const transfer: ArrayBuffer[] = [];
  const share = async <T extends ArrayBufferView>(view: T): Promise<T> => {
    if (isShared(view.buffer)) return view;
    const buffer = await copy(view);
    if (!isShared(buffer)) transfer.push(buffer);
    const length = view.byteLength / bytesPerElement(view);
    return new (view.constructor as new (buffer: Buffer, offset: number, length: number) => T)(buffer, 0, length);
  };
  const shareVector = async ({ offsets, bytes }: StringVector): Promise<StringVector> => ({
    offsets: await share(offsets),
    bytes: await share(bytes),
  });
  const validity = column.validity && (await share(column.validity));
  if (column.type !== 'string')
    return { column: { ...column, validity, values: await share(column.values) } as Column, transfer };
  if (column.layout === 'plain')
    return { column: { ...column, validity, text: await shareVector(column.text) }, transfer };
  return {
    column: {
      ...column,
      validity,
      codes: await share(column.codes),
      dictionary: await shareVector(column.dictionary),
    },
    transfer,
  };
}

function isShared(buffer: ArrayBufferLike): buffer is SharedArrayBuffer {
  return typeof SharedArrayBuffer !== 'undefined' && buffer instanceof SharedArrayBuffer;
}

function bytesPerElement(view: ArrayBufferView): number {
  return 'BYTES_PER_ELEMENT' in view ? Number(view.BYTES_PER_ELEMENT) : 1;
}

async function copy(view: ArrayBufferView): Promise<Buffer> {
  const { byteLength } = view;
  const isolated = globalThis.crossOriginIsolated === true;
  const buffer: Buffer = isolated ? new SharedArrayBuffer(byteLength) : new ArrayBuffer(byteLength);
  const from = new Uint8Array(view.buffer, view.byteOffset, byteLength);
  const to = new Uint8Array(buffer);
  for (let start = 0; start < byteLength; start += SLICE) {
    to.set(from.subarray(start, Math.min(start + SLICE, byteLength)), start);
    if (start + SLICE < byteLength) await new Promise((resolve) => setTimeout(resolve));
  }
  return buffer;
}
