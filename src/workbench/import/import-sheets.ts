import { type FileSheets, type LeftOut, readSheetsOf, SheetTooLargeError } from '../../sharing/index.ts';
import { tableNameOf } from '../actions/import-actions.ts';
import { errorDetails, explainTableError, isCancelled } from '../state/explain-error.ts';
import type { Workbench } from '../workbench.ts';

const leftOutOrder: readonly LeftOut[] = [
  'charts',
  'chartSheets',
  'images',
  'pivotTables',
  'macros',
  'controls',
  'excelTables',
  'filters',
  'validation',
  'conditionalFormats',
  'sparklines',
  'comments',
  'protection',
  'links',
  'names',
];

/**
 * Brings sheets of an XLSX file in as sheets that can be edited, into the open workbook or into a new one that is named after the
 * file. What the file has and a sheet here has not is said once, by name.
 */
export async function importSheets(workbench: Workbench, file: File, parts: readonly string[]): Promise<void> {
  const { files, language, notifications, session } = workbench;
  const { t } = language;
  const fresh = session.current() === null;
  const workbook = session.current() ?? (await session.create(tableNameOf(file.name)));
  try {
    const found = await files.work(
      () => t('sheets.running', file.name),
      async ({ signal }) => {
        if (fresh) await session.open(workbook.id);
        const host = session.host();
        const { stock, offered } = host.functionNames();
        const setting = {
          parts,
          taken: host.sheets().map(({ name }) => name),
          functions: [...stock, ...offered],
          names: host.rangeNames(),
          stylePrefix: `${crypto.randomUUID().slice(0, 8)}-`,
        };
        const empty = fresh ? host.sheets().map(({ id }) => id) : [];
        const read = await readSheetsOf(file, { ...setting, taken: fresh ? [] : setting.taken }, signal);
        signal.throwIfAborted();
        // Formulas find sheets by name, so the empty one must not have that of another.
        for (const { id, name } of host.sheets()) if (empty.includes(id)) host.renameSheet(id, unlike(name, read));
        const ids = host.addSheets(read);
        const shown = ids.find((_, index) => read.sheets[index].hidden === 0);
        if (shown !== undefined) host.activateSheet(shown);
        for (const id of empty) host.removeSheet(id);
        return read;
      },
    );
    sayWhatCame(workbench, found);
  } catch (error) {
    if (fresh) {
      if (session.current()?.id === workbook.id) await session.goHome();
      await session.remove(workbook.id);
    }
    if (isCancelled(error)) {
      notifications.add({ kind: 'info', text: () => t('import.cancelled', file.name) });
      return;
    }
    notifications.add({
      kind: 'error',
      text: () => t('import.failed', file.name),
      remedy: () =>
        error instanceof SheetTooLargeError ? t('sheets.tooLarge', error.sheet) : explainTableError(error, t),
      details: errorDetails(error),
    });
  }
}

/** The name, or with something more the first that no sheet of the file has. */
function unlike(name: string, { sheets }: Pick<FileSheets, 'sheets'>): string {
  const taken = new Set(sheets.map((sheet) => sheet.name.toLowerCase()));
  return taken.has(name.toLowerCase()) ? unlike(`${name} –`, { sheets }) : name;
}

function sayWhatCame({ language, notifications }: Workbench, { sheets, leftOut, frozen }: FileSheets): void {
  const { t } = language;
  const names = (): string => sheets.map(({ name }) => t('sheets.named', name)).join(t('sheets.comma'));
  const more = (): string =>
    [
      ...(leftOut.length > 0
        ? [
            t(
              'sheets.leftOut',
              leftOutOrder
                .filter((kind) => leftOut.includes(kind))
                .map((kind) => t(`sheets.leftOut.${kind}`))
                .join(t('sheets.comma')),
            ),
          ]
        : []),
      ...(frozen.count > 0 ? [t('sheets.frozen', frozen.count, frozen.functions.join(t('sheets.comma')))] : []),
    ].join(' ');
  const isWhole = leftOut.length === 0 && frozen.count === 0;
  notifications.add({
    kind: isWhole ? 'success' : 'warning',
    text: () => t('sheets.done', sheets.length, names()),
    ...(isWhole ? {} : { remedy: more }),
  });
}
