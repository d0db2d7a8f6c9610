import type { ColumnType } from '@patron/sdk';
import FileUp from 'lucide-solid/icons/file-up';
import { createEffect, createMemo, createSignal, type JSX, on, onCleanup, Show } from 'solid-js';
import { bytesIn, countIn } from '../../i18n/index.ts';
import type { ColumnChoice, ImportOptions, TablePreview } from '../../tables/index.ts';
import { startImport, tableNameOf } from '../actions/import-actions.ts';
import { Button } from '../controls/button.tsx';
import { Dialog } from '../controls/dialog.tsx';
import { CheckboxField, TextField } from '../controls/field.tsx';
import { ProgressBar } from '../controls/progress.tsx';
import { importSeveral } from '../files/import-several.ts';
import { chooseFiles, openFiles } from '../files/open-files.ts';
import { isRefused } from '../files/read-only.ts';
import { SeveralFilesField } from '../files/several-files.tsx';
import { importerExtensions } from '../plugins/plugin-importers.ts';
import { explainTableError, isCancelled } from '../state/explain-error.ts';
import type { ImportJob } from '../state/imports.ts';
import { useWorkbench } from '../workbench.ts';
import styles from './import-dialog.module.css';
import { importSheets } from './import-sheets.ts';
import { PreviewGrid } from './preview-grid.tsx';
import { type SheetMode, SheetOptions } from './sheet-options.tsx';
import { TextOptions } from './text-options.tsx';

/** Choose a file, look at its first rows, change what was detected, import. Every change shows in the preview at once. */
export function ImportDialog(): JSX.Element {
  const workbench = useWorkbench();
  const { importDialog, imports, language, session, tables } = workbench;
  const { t, locale } = language;
  const [options, setOptions] = createSignal<ImportOptions>({});
  const [name, setName] = createSignal('');
  const [preview, setPreview] = createSignal<TablePreview | null>(null);
  const [problem, setProblem] = createSignal<unknown>(null);
  const [job, setJob] = createSignal<ImportJob | null>(null);
  const [together, setTogether] = createSignal(true);
  const [several, setSeveral] = createSignal(false);
  const [mode, setMode] = createSignal<SheetMode>('table');
  const [chosenParts, setChosenParts] = createSignal<readonly string[] | null>(null);

  createEffect(
    on(importDialog.file, (file) => {
      setOptions({});
      setPreview(null);
      setProblem(null);
      setTogether(true);
      setMode('table');
      setChosenParts(null);
      setName(file ? tableNameOf(file.name) : '');
    }),
  );
  createEffect(
    on([importDialog.file, options], ([file, chosen]) => {
      if (!file) return;
      let current = true;
      onCleanup(() => {
        current = false;
      });
      tables.client
        .preview(file, chosen)
        .then((next) => {
          if (!current) return;
          setPreview(next);
          setProblem(null);
        })
        .catch((error: unknown) => {
          if (current) setProblem(error);
        });
    }),
  );

  const change = (part: Partial<ImportOptions>): void => void setOptions({ ...options(), ...part });
  const changeColumn = (original: string, choice: ColumnChoice): void =>
    change({ columns: { ...options().columns, [original]: { ...options().columns?.[original], ...choice } } });
  const format = (): string => preview()?.detection.format ?? 'text';
  const isText = (): boolean => format() === 'text';
  const isWorkbook = (): boolean => format() === 'xlsx' && files().length === 1;
  const parts = (): readonly string[] => (files().length === 1 ? (preview()?.detection.parts ?? []) : []);
  const shownPart = (): string => preview()?.detection.part ?? parts()[0] ?? '';
  const chosen = (): readonly string[] => chosenParts() ?? [shownPart()];
  const asSheets = (): boolean => isWorkbook() && mode() === 'sheet';
  const running = (): boolean => several() || (job() !== null && imports.active() === job());
  const shownJob = createMemo<ImportJob | null>((before) => (several() ? (imports.active() ?? before) : job()), null);
  const files = (): readonly File[] => {
    const file = importDialog.file();
    return file ? [file, ...importDialog.more()] : [];
  };
  const oneName = (): boolean => !asSheets() && (files().length < 2 ? chosen().length < 2 : together());
  const choose = async (): Promise<void> => {
    const chosen = await chooseFiles(importerExtensions(workbench));
    if (chosen.length > 0 && chosen.every(({ name }) => /\.patron$/i.test(name))) importDialog.close();
    await openFiles(workbench, chosen);
  };
  const start = async (): Promise<void> => {
    const file = importDialog.file();
    if (!file || !preview() || imports.active() || isRefused(workbench)) return;
    if (asSheets()) {
      importDialog.close();
      await importSheets(workbench, file, chosen());
      return;
    }
    if (files().length > 1 || chosen().length > 1) {
      setSeveral(true);
      const request =
        files().length > 1
          ? { files: files(), name: name().trim(), options: options(), together: together() }
          : {
              files: [file],
              parts: { chosen: chosen(), shown: shownPart() },
              name: name().trim(),
              options: options(),
              together: false,
            };
      await importSeveral(workbench, request).finally(() => setSeveral(false));
      importDialog.close();
      return;
    }
    const started = await startImport(workbench, file, name().trim() || tableNameOf(file.name), {
      ...options(),
      ...(parts().length > 1 ? { part: chosen()[0] } : {}),
    });
    setJob(started);
    started.done
      .then(() => importDialog.close())
      .catch((error: unknown) => {
        if (isCancelled(error)) return;
        setProblem(error);
      })
      .finally(() => setJob(null));
  };
  const progressText = (): string => {
    const progress = shownJob()?.progress();
    if (!progress) return t('import.reading');
    return progress.stage === 'saving' ? t('import.phase.store') : t('import.phase.read', progress.rows);
  };
  const title = (): string => {
    const file = importDialog.file();
    if (files().length > 1) return t('import.titleSeveral', files().length);
    return file ? t('import.titleOf', file.name) : t('import.title');
  };

  return (
    <Dialog
      open={importDialog.open()}
      title={title()}
      closeLabel={t('common.close')}
      width={importDialog.file() ? 960 : 520}
      closeOutside={false}
      onClose={() => importDialog.close()}
      footer={
        <Show when={importDialog.file()}>
          <Show
            when={running() && shownJob()}
            fallback={
              <>
                <Button onClick={choose}>{t('import.another')}</Button>
                <span class={styles.progress} />
                <Button onClick={() => importDialog.close()}>{t('common.cancel')}</Button>
                <Button
                  variant="primary"
                  disabled={
                    preview() === null ||
                    problem() !== null ||
                    (oneName() && name().trim() === '') ||
                    imports.active() !== null
                  }
                  onClick={start}
                >
                  {t('import.start')}
                </Button>
              </>
            }
          >
            {(active) => (
              <div class={styles.progress}>
                <ProgressBar
                  label={active().title()}
                  text={progressText()}
                  share={active().share()}
                  cancelLabel={t('common.cancel')}
                  onCancel={() => active().cancel()}
                />
              </div>
            )}
          </Show>
        </Show>
      }
    >
      <Show
        when={importDialog.file()}
        fallback={
          <section class={styles.drop} aria-label={t('import.drop')}>
            <FileUp size={28} stroke-width={1.5} aria-hidden="true" />
            <span>{t('import.drop')}</span>
            <Button variant="primary" onClick={choose}>
              {t('import.choose')}
            </Button>
            <span class={styles.hint}>{t('import.dropHint')}</span>
          </section>
        }
      >
        {(file) => (
          <>
            <Show when={problem()}>
              <div class={styles.error} role="alert">
                <strong>{t('import.failed', file().name)}</strong>
                <span>{explainTableError(problem(), t)}</span>
                <span class={styles.hint}>{problem() instanceof Error ? (problem() as Error).message : ''}</span>
              </div>
            </Show>
            <div class={styles.file}>
              <span>
                {files().length > 1
                  ? t('import.files', files().length, bytesIn(locale(), totalSize(files())))
                  : t('import.file', file().name, bytesIn(locale(), file().size))}
              </span>
              <Show when={files().length < 2 && preview()}>
                {(shown) => <span>· {t('import.estimate', countIn(locale(), shown().estimatedRows))}</span>}
              </Show>
              <Show when={(preview()?.rejects ?? 0) > 0}>
                <span>· {t('tables.rejects', preview()?.rejects ?? 0)}</span>
              </Show>
            </div>
            <div class={styles.options}>
              <Show when={oneName()}>
                <TextField
                  label={t('import.tableName')}
                  value={name()}
                  onInput={setName}
                  error={name().trim() === '' ? t('tables.nameEmpty') : undefined}
                />
              </Show>
              <Show when={preview()}>
                <SheetOptions
                  isWorkbook={isWorkbook()}
                  parts={parts()}
                  shown={shownPart()}
                  chosen={chosen()}
                  mode={mode()}
                  onMode={setMode}
                  onShow={(part) => {
                    if (chosen().length === 1) setChosenParts([part]);
                    change({ part, columns: undefined });
                  }}
                  onChoose={(chosen) => {
                    setChosenParts(chosen);
                    if (!chosen.includes(shownPart())) change({ part: chosen[0], columns: undefined });
                  }}
                />
              </Show>
              <Show when={isText()}>
                <TextOptions preview={preview()} options={options()} onChange={change} />
              </Show>
            </div>
            <Show when={files().length > 1}>
              <SeveralFilesField first={file().name} preview={preview()} together={together()} onChange={setTogether} />
            </Show>
            <Show when={isText() || (isWorkbook() && !asSheets())}>
              <CheckboxField
                label={t('import.header')}
                checked={preview()?.detection.header ?? true}
                disabled={running()}
                onChange={(header) => change({ header, columns: undefined })}
              />
            </Show>
            <Show
              when={!asSheets() && preview()}
              fallback={
                <span class={styles.hint}>{asSheets() ? t('sheets.hint') : problem() ? '' : t('import.reading')}</span>
              }
            >
              {(shown) => (
                <>
                  <Show when={(shown().detection.title?.length ?? 0) > 0}>
                    <span class={styles.hint}>
                      {t('import.titleLines', shown().detection.title?.join(' · ') ?? '')}
                    </span>
                  </Show>
                  <Show when={(shown().detection.headerRows ?? 0) > 1}>
                    <span class={styles.hint}>{t('import.headerRows', shown().detection.headerRows ?? 0)}</span>
                  </Show>
                  <Show when={shown().detection.filled}>
                    <span class={styles.hint}>{t('import.filled')}</span>
                  </Show>
                  <PreviewGrid
                    preview={shown()}
                    onRename={(original, renamed) => changeColumn(original, { name: renamed })}
                    onType={(original, type: ColumnType) => changeColumn(original, { type })}
                    onDateOrder={(original, dateOrder) => changeColumn(original, { dateOrder })}
                  />
                </>
              )}
            </Show>
            <Show when={session.current() === null}>
              <span class={styles.hint}>{t(asSheets() ? 'sheets.newWorkbook' : 'import.newWorkbook')}</span>
            </Show>
          </>
        )}
      </Show>
    </Dialog>
  );
}

function totalSize(files: readonly File[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}
