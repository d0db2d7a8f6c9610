import type { FileSource } from './file-source.ts';

const CHUNK = 4 << 20;
/** So many chunks are asked for before they are needed: a busy browser takes its time to answer, and answers in turn. */
const READ_AHEAD = 4;

/** The file as UTF-8 bytes, chunk by chunk; the next few are fetched while one is worked on. `done` is bytes of the file. */
export async function* utf8Chunks(
  source: FileSource,
  encoding: string,
  skip: number,
): AsyncGenerator<{ bytes: Uint8Array; done: number }> {
  const decoder = encoding === 'utf-8' ? undefined : new TextDecoder(encoding, { ignoreBOM: true });
  const encoder = new TextEncoder();
  const ahead: Promise<Uint8Array<ArrayBuffer>>[] = [];
  let asked = skip;
  const ask = (): void => {
    if (asked >= source.size) return;
    const next = source.read(asked, Math.min(asked + CHUNK, source.size));
    // A failure is met when the chunk is awaited, not before.
    next.catch(() => undefined);
    ahead.push(next);
    asked += CHUNK;
  };
  for (let i = 0; i <= READ_AHEAD; i++) ask();
  for (let done = skip; ; ) {
    const next = ahead.shift();
    if (!next) return;
    const bytes = await next;
    ask();
    done += bytes.length;
    const last = done >= source.size;
    yield { bytes: decoder ? encoder.encode(decoder.decode(bytes, { stream: !last })) : bytes, done };
  }
}
