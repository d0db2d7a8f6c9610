import { exportCsv } from '../../tables/index.ts';
import type { Workbench } from '../workbench.ts';

/** Extensions that Patron reads itself: no plugin takes these over. */
const own = /\.(patron|csv|tsv|txt|tab|dat|json|jsonl|ndjson|xlsx|parquet|arrow|feather|gz)$/i;

/** The extensions of the files that plugins read: `.vcf`. */
export function importerExtensions({ analyses }: Workbench): string[] {
  return analyses.host.contributions
    .all('importers')
    .flatMap(({ item }) => item.extensions)
    .filter((extension) => !own.test(extension));
}

/** The importer that a file is for, by its name: the first that names its extension. */
function importerOf({ analyses }: Workbench, name: string): string | undefined {
  if (own.test(name)) return undefined;
  const found = analyses.host.contributions
    .all('importers')
    .find(({ item }) => item.extensions.some((extension) => name.toLowerCase().endsWith(extension)));
  return found?.item.id;
}

/**
 * The files as the import dialog is to have them: those that a plugin reads are read by it and laid out as text, so that they
 * go through the same preview as all others. One that cannot be read is left out, and said to be.
 */
export async function readThroughPlugins(workbench: Workbench, files: readonly File[]): Promise<File[]> {
  const read: File[] = [];
  for (const file of files) {
    const importer = importerOf(workbench, file.name);
    const ready = importer === undefined ? file : await readThroughPlugin(workbench, importer, file);
    if (ready) read.push(ready);
  }
  return read;
}

/** A file as a plugin's importer reads it, as text with the columns' names on top; undefined where it cannot. */
export async function readThroughPlugin(
  { analyses, plugins }: Workbench,
  importer: string,
  file: File,
): Promise<File | undefined> {
  let laidOut: File | undefined;
  await plugins.attempt(async () => {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const { columns } = await analyses.host.importFile(importer, { name: file.name, bytes });
    const pieces: BlobPart[] = [];
    for await (const piece of exportCsv(columns, { guardFormulas: false })) {
      pieces.push(piece);
      // A piece is a few milliseconds; the window is let on in between.
      await new Promise((resolve) => setTimeout(resolve));
    }
    laidOut = new File(pieces, file.name, { type: 'text/csv', lastModified: file.lastModified });
  });
  return laidOut;
}
