import { type FileSource, withCachedHead } from './file-source.ts';
import { prepareSource } from './formats/prepare-source.ts';
import type { ImportOptions } from './import-options.ts';
import { type ReadOutcome, readText, type SinkRun } from './read-text.ts';
import { readerFor } from './readers.ts';
import { RejectList } from './reject-list.ts';
import { writeBatches } from './write-batches.ts';

/** How much of a file is looked at to tell its format. */
export const SNIFFED_BYTES = 64 << 10;

/** Reads a file of any known format into the sink. */
export async function readSource(given: FileSource, asked: ImportOptions, run: SinkRun): Promise<ReadOutcome> {
  const { source, options, detection, lines } = await prepareSource(withCachedHead(given), asked, run.signal);
  const head = await source.read(0, Math.min(source.size, SNIFFED_BYTES));
  const reader = await readerFor(source.name, head, options);
  if (!reader) {
    const outcome = await readText(source, options, run);
    lines?.tell(outcome.rejects);
    return { ...outcome, detection: { ...outcome.detection, ...detection } };
  }
  const rejects = new RejectList();
  const columnNumbers = new Map<string, number>();
  const opened = await reader.open(source, options, {
    signal: run.signal ?? new AbortController().signal,
    onProgress: (progress) => run.onProgress?.(progress),
    reject(line, column, raw, reason) {
      rejects.add(line, columnNumbers.get(column) ?? -1, reason, raw);
    },
  });
  for (const [index, { name }] of opened.columns.entries()) columnNumbers.set(name, index);
  const { rows, built, groupRows } = await writeBatches(opened, run);
  const names = opened.columns.map(({ name }) => name);
  return { rows, groupRows, built, names, rejects, detection: opened.detection };
}
