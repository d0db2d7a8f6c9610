import type { Detection } from './import-options.ts';
import { TableError } from './table-error.ts';

export interface EncodingChoice {
  readonly encoding: string;
  readonly from: NonNullable<Detection['encodingFrom']>;
  /** Bytes of the byte order mark. */
  readonly skip: number;
  /** Whether the bytes that were looked at are ASCII only, so that they say nothing about the encoding. */
  readonly unproven: boolean;
}

/**
 * The encoding of a text by its first bytes: a byte order mark, else strict UTF-8, else GB18030, which is a superset of GBK
 * and GB2312 and reads every file that Excel saves on a Chinese Windows. `whole` tells that `head` is all there is.
 */
export function detectEncoding(head: Uint8Array, whole: boolean, choice?: string): EncodingChoice {
  const mark = byteOrderMark(head);
  if (choice !== undefined) {
    const encoding = knownEncoding(choice);
    return { encoding, from: 'choice', skip: mark?.encoding === encoding ? mark.skip : 0, unproven: false };
  }
  if (mark) return { ...mark, from: 'bom', unproven: false };
  if (head.every((byte) => byte < 0x80 && byte !== 0)) {
    return { encoding: 'utf-8', from: 'strict-utf-8', skip: 0, unproven: true };
  }
  const zeros = looksLikeUtf16(head);
  if (zeros) return { encoding: zeros, from: 'fallback', skip: 0, unproven: false };
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: !whole });
    return { encoding: 'utf-8', from: 'strict-utf-8', skip: 0, unproven: false };
  } catch {
    return fallback(head, whole);
  }
}

/** Not UTF-8 throughout: GB18030 where that reads every byte; else whichever of the two reads more of it. */
function fallback(head: Uint8Array, whole: boolean): EncodingChoice {
  const found = { from: 'fallback', skip: 0, unproven: false } as const;
  try {
    new TextDecoder('gb18030', { fatal: true }).decode(head, { stream: !whole });
    return { encoding: 'gb18030', ...found };
  } catch {
    return { encoding: faults('gb18030', head) <= faults('utf-8', head) ? 'gb18030' : 'utf-8', ...found };
  }
}

function faults(encoding: string, bytes: Uint8Array): number {
  return new TextDecoder(encoding).decode(bytes).split('\ufffd').length;
}

function byteOrderMark(head: Uint8Array): { encoding: string; skip: number } | undefined {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', skip: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', skip: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', skip: 2 };
  return undefined;
}

/** UTF-16 without a mark: nearly every second byte of Western text is zero. */
function looksLikeUtf16(head: Uint8Array): string | undefined {
  const pairs = Math.min(head.length >> 1, 2048);
  let even = 0;
  let odd = 0;
  for (let i = 0; i < pairs; i++) {
    if (head[2 * i] === 0) even++;
    if (head[2 * i + 1] === 0) odd++;
  }
  if (pairs < 4) return undefined;
  if (odd > pairs * 0.4 && even < pairs * 0.05) return 'utf-16le';
  return even > pairs * 0.4 && odd < pairs * 0.05 ? 'utf-16be' : undefined;
}

/** The canonical label. @throws TableError where there is no such encoding. */
function knownEncoding(label: string): string {
  try {
    return new TextDecoder(label).encoding;
  } catch (error) {
    throw new TableError(
      'unknown-encoding',
      `The encoding '${label}' is not known. Choose utf-8, gb18030, utf-16le or another WHATWG label.`,
      { encoding: label },
      error,
    );
  }
}

/** Whether `bytes[start .. end]` is well-formed UTF-8 (no overlong forms, no surrogates). */
export function isUtf8(bytes: Uint8Array, start: number, end: number): boolean {
  let i = start;
  while (i < end) {
    const lead = bytes[i++];
    if (lead < 0x80) continue;
    if (lead < 0xc2 || lead > 0xf4) return false;
    const more = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    if (i + more > end) return false;
    const second = bytes[i];
    if ((second & 0xc0) !== 0x80) return false;
    if (lead === 0xe0 && second < 0xa0) return false;
    if (lead === 0xed && second > 0x9f) return false;
    if (lead === 0xf0 && second < 0x90) return false;
    if (lead === 0xf4 && second > 0x8f) return false;
    for (let k = 1; k < more; k++) if ((bytes[i + k] & 0xc0) !== 0x80) return false;
    i += more;
  }
  return true;
}
