import { proxy, type Remote, wrap } from 'comlink';
import { TableError } from '../../tables/index.ts';
import type { ReadSheets, SheetCells, SheetFrame, SheetsSetting } from './sheet-data.ts';
import { SheetTooLargeError } from './sheet-too-large.ts';
import type { SheetsService } from './sheets-service.ts';
import type { WrittenSheets } from './write-sheets.ts';

/** Without a sign of life for so long, a file is taken to have stuck its reader. */
const SILENCE_MILLISECONDS = 20_000;
const PING_MILLISECONDS = 1000;

/** A sheet of a file with its cells. */
export type WholeSheet = SheetFrame & { readonly cellData: SheetCells };

export interface FileSheets extends Omit<ReadSheets, 'sheets'> {
  readonly sheets: readonly WholeSheet[];
}

/**
 * Sheets of an XLSX file as sheets that can be edited, read in a worker of their own.
 * @throws TableError where the file is damaged or sticks its reader; SheetTooLargeError where it holds more than can be
 * edited; the signal's reason once aborted.
 */
export async function readSheetsOf(file: File, setting: SheetsSetting, signal?: AbortSignal): Promise<FileSheets> {
  return await inWorker(file.name, signal, async (service) => {
    const cells: SheetCells[] = [];
    const take = proxy(async (sheet: number, rows: SheetCells) => {
      cells[sheet] = Object.assign(cells[sheet] ?? {}, rows);
    });
    const answer = await service.read(file, file.name, setting, take);
    if ('tooLarge' in answer) throw new SheetTooLargeError(answer.tooLarge);
    if ('failed' in answer) throw new TableError(answer.failed.code, answer.failed.text, answer.failed.details);
    const { sheets, ...rest } = answer.read;
    return { ...rest, sheets: sheets.map((sheet, index) => ({ ...sheet, cellData: cells[index] ?? {} })) };
  });
}

/** Stored sheets as one XLSX file, written in a worker; `name` is what it is called where it fails. */
export async function writeSheetsFile(
  name: string,
  sheets: WrittenSheets,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  return await inWorker(name, signal, (service) => service.write(sheets));
}

async function inWorker<Result>(
  name: string,
  signal: AbortSignal | undefined,
  work: (service: Remote<SheetsService>) => Promise<Result>,
): Promise<Result> {
  signal?.throwIfAborted();
  const worker = new Worker(new URL('../../../workers/sheets.ts', import.meta.url), { type: 'module' });
  const service = wrap<SheetsService>(worker);
  let heard = performance.now();
  let ended = false;
  const stuck = new Promise<never>((_, reject) => {
    const failed = (why: string, cause?: unknown): void =>
      reject(
        new TableError(
          'bad-file',
          `'${name}' could not be read: ${why}. Save it again as .xlsx.`,
          { file: name },
          cause,
        ),
      );
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
    worker.addEventListener('error', (event) => failed('its reader ended', event.error));
    const listen = (): void => {
      if (ended) return;
      if (performance.now() - heard > SILENCE_MILLISECONDS) failed('its reader got stuck');
      else setTimeout(listen, PING_MILLISECONDS);
    };
    listen();
  });
  stuck.catch(() => undefined);
  const ask = async (): Promise<void> => {
    while (!ended) {
      await service.ping();
      heard = performance.now();
      await new Promise((resolve) => setTimeout(resolve, PING_MILLISECONDS));
    }
  };
  void ask();
  try {
    return await Promise.race([work(service), stuck]);
  } finally {
    ended = true;
    worker.terminate();
  }
}
