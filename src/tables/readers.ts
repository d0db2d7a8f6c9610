import type { ImportOptions } from './import-options.ts';
import type { TableFormat } from './schema.ts';
import type { TableReader } from './table-reader.ts';

/** A reader that is loaded only when a file may need it. */
interface ReaderEntry {
  readonly format: TableFormat;
  /** A cheap look at name and first bytes; the reader's own `sniff` has the last word. */
  may(name: string, head: Uint8Array): boolean;
  load(): Promise<TableReader>;
}

const startsWith = (head: Uint8Array, text: string): boolean =>
  [...text].every((letter, index) => head[index] === letter.charCodeAt(0));

const entries: readonly ReaderEntry[] = [
  {
    format: 'parquet',
    may: (_name, head) => startsWith(head, 'PAR1'),
    load: async () => (await import('./formats/parquet-reader.ts')).parquetReader,
  },
  {
    format: 'arrow',
    may: (name, head) => startsWith(head, 'ARROW1') || /\.(arrows?|feather|ipc)$/i.test(name),
    load: async () => (await import('./formats/arrow-reader.ts')).arrowReader,
  },
];

/** The reader for a file, by the user's choice or by name and first bytes; undefined for delimited and other plain text. */
export async function readerFor(
  name: string,
  head: Uint8Array,
  options: ImportOptions,
): Promise<TableReader | undefined> {
  if (options.format === 'text') return undefined;
  if (options.format !== undefined) return await entries.find(({ format }) => format === options.format)?.load();
  let best: { reader: TableReader; sureness: number } | undefined;
  for (const entry of entries) {
    if (!entry.may(name, head)) continue;
    const reader = await entry.load();
    const sureness = reader.sniff(name, head);
    if (sureness > 0.3 && sureness > (best?.sureness ?? 0)) best = { reader, sureness };
  }
  return best?.reader;
}
