import type { ImportOptions, TableMeta } from '../../tables/index.ts';
import { tableNameOf } from '../actions/import-actions.ts';
import { openTable } from '../actions/table-actions.ts';
import { emptyTrash } from '../actions/trash-actions.ts';
import { errorDetails, explainTableError, isCancelled } from '../state/explain-error.ts';
import type { Workbench } from '../workbench.ts';

export interface SeveralFiles {
  readonly files: readonly File[];
  /** Sheets of the one file: a table each, named after it. The choices for columns are of the one that is shown. */
  readonly parts?: { readonly chosen: readonly string[]; readonly shown: string };
  /** Of the one table, where they form one. */
  readonly name: string;
  readonly options: ImportOptions;
  /** One below the other in one table, or a table each. */
  readonly together: boolean;
}

interface Piece {
  readonly file: File;
  readonly name: string;
  readonly options: ImportOptions;
}

/**
 * Imports files one after the other. Files that form one table form all of it or none: where one fails, the table is taken
 * back. Files with a table each stay as far as they came. What came of it is said once.
 */
export async function importSeveral(workbench: Workbench, several: SeveralFiles): Promise<void> {
  const { imports, language, notifications, session, storage, tables } = workbench;
  const { t } = language;
  const { files, parts, name, options, together } = several;
  const pieces = files.flatMap((file): Piece[] => {
    if (!parts) return [{ file, name: together ? name : tableNameOf(file.name), options }];
    return parts.chosen.map((part) => {
      const columns = part === parts.shown ? options.columns : undefined;
      return { file, name: part, options: { ...options, part, columns } };
    });
  });
  const fresh = session.current() === null;
  const workbook = session.current() ?? (await session.create(together ? name : tableNameOf(files[0].name)));
  const made: TableMeta[] = [];
  let at = files[0];
  let problem: unknown;
  try {
    for (const [index, piece] of pieces.entries()) {
      const { file } = piece;
      at = file;
      const grown = together ? made[0] : undefined;
      const job = imports.start({
        file,
        fileName: file.name,
        workbook: workbook.id,
        name: piece.name,
        options: piece.options,
        grows: grown?.id,
        title: () => t('import.severalRunning', file.name, index + 1, pieces.length),
      });
      const { meta } = await job.done;
      if (grown) made[0] = meta;
      else made.push(meta);
    }
  } catch (error) {
    problem = error;
    if (together) for (const { id } of made.splice(0)) await tables.client.remove(id);
  }
  if (fresh && made.length === 0) await session.remove(workbook.id);
  else if (fresh) await session.open(workbook.id);
  await tables.refresh();
  void storage.refresh();
  const last = made.at(-1);
  if (last && session.current()?.id === workbook.id) await openTable(workbench, last.id);
  if (problem === undefined) {
    notifications.add({
      kind: 'success',
      text: () => (together && last ? t('import.done', last.name, last.rows) : t('import.severalDone', made.length)),
    });
    return;
  }
  if (isCancelled(problem)) {
    notifications.add({ kind: 'info', text: () => t('import.cancelled', at.name), remedy: stands });
    return;
  }
  await emptyTrash(workbench);
  notifications.add({
    kind: 'error',
    text: () => t('import.severalFailed', at.name),
    remedy: () => `${explainTableError(problem, t)} ${stands()}`.trim(),
    details: errorDetails(problem),
  });

  function stands(): string {
    if (together) return t('import.severalTaken');
    return made.length > 0 ? t('import.severalStands', made.length) : '';
  }
}
