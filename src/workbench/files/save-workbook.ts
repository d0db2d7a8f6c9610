import { writePatronFile } from '../../sharing/index.ts';
import { download, fileNameOf } from '../actions/download.ts';
import { errorDetails, isCancelled } from '../state/explain-error.ts';
import type { Workbench } from '../workbench.ts';
import { canChooseFile, chooseSaveFile, mayWrite } from './file-access.ts';

/** A save that takes longer is told of when it is done. */
const LONG_MILLISECONDS = 1500;
/** How much of a download is gathered in memory before it is handed to the browser. */
const PIECES_BYTES = 16 * 1024 * 1024;

/**
 * Saves the open workbook as one `.patron` file: to the file it has, or to one that is asked for. Where the browser cannot
 * write to files it is handed to the downloads. A file that stands is replaced only by a whole new one.
 */
export async function saveWorkbook(workbench: Workbench, options: { as: boolean }): Promise<void> {
  const { files, session, language, notifications } = workbench;
  const { t } = language;
  const current = session.current();
  if (!current) return;
  const known = files.file();
  const started = performance.now();
  let name = known?.name ?? fileNameOf(current.name, 'patron');
  try {
    // Asked first, while the browser still knows that the user wants it.
    let handle = options.as ? undefined : known?.handle;
    if (handle && !(await mayWrite(handle))) handle = undefined;
    if (!handle && canChooseFile()) {
      handle = (await chooseSaveFile(name, t('file.kind'))) ?? undefined;
      if (!handle) return;
    }
    if (handle) name = handle.name;
    await session.host().flush();
    await files.work(
      () => t('file.saving', name),
      async ({ signal, onShare }) => {
        const { info, content } = await files.stores.workbooks.read(current.id);
        const left = workbench.trash;
        const runs = (await files.stores.runs.list(current.id)).filter(({ id }) => !left.runs().has(id));
        const onProgress = (done: number, total: number): void => onShare(total > 0 ? done / total : 0);
        const parts = { info, content, runs, leftOut: left.tables() };
        const savedAt = Date.now();
        if (handle) {
          // The browser puts the new file in the old one's place only when it is closed whole.
          const target = (await handle.createWritable()) as unknown as WritableStream<Uint8Array>;
          await writePatronFile(parts, files.stores.tables, target, { signal, onProgress });
        } else {
          const { target, blob } = blobTarget('application/vnd.patron.workbook+zip');
          await writePatronFile(parts, files.stores.tables, target, { signal, onProgress });
          download(blob(), name);
        }
        const { info: now } = await files.stores.workbooks.read(current.id);
        await files.remember({
          workbook: current.id,
          name,
          savedAt,
          modifiedAt: info.modifiedAt,
          changed: now.modifiedAt > info.modifiedAt || session.saveState() === 'unsaved',
          handle,
        });
      },
    );
    // The status bar says the same of a quick save to the same file.
    const again = handle !== undefined && handle === known?.handle;
    if (again && performance.now() - started < LONG_MILLISECONDS) return;
    notifications.add({
      kind: 'success',
      text: () => (canChooseFile() ? t('file.savedNotice', name) : t('file.downloaded', name)),
    });
  } catch (error) {
    if (isCancelled(error)) {
      notifications.add({ kind: 'info', text: () => t('file.saveCancelled', name) });
      return;
    }
    notifications.add({
      kind: 'error',
      text: () => t('file.saveFailed', name),
      remedy: () => t('file.saveRemedy'),
      details: errorDetails(error),
    });
  }
}

/** Collects a stream in a Blob. The browser keeps a large Blob on disk, so that only some pieces are in memory at a time. */
function blobTarget(type: string): { readonly target: WritableStream<Uint8Array>; blob(): Blob } {
  let whole = new Blob([], { type });
  let pieces: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  const collect = (): void => {
    whole = new Blob([whole, ...pieces], { type });
    pieces = [];
    size = 0;
  };
  const target = new WritableStream<Uint8Array>({
    write(piece) {
      pieces.push(piece.slice());
      size += piece.length;
      if (size > PIECES_BYTES) collect();
    },
  });
  return {
    target,
    blob() {
      collect();
      return whole;
    },
  };
}
