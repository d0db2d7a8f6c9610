import FileCheck from 'lucide-solid/icons/file-check';
import FileClock from 'lucide-solid/icons/file-clock';
import FileX from 'lucide-solid/icons/file-x';
import { type JSX, Match, Show, Switch } from 'solid-js';
import { MenuButton } from '../controls/menu.tsx';
import { ProgressBar } from '../controls/progress.tsx';
import { pluginMenu } from '../plugins/plugin-menu.ts';
import { useWorkbench } from '../workbench.ts';
import styles from './files.module.css';

/** Beside "saved in this browser": the workbook's own file, when it was saved, and whether it is behind. */
export function FileStatus(props: { class: string }): JSX.Element {
  const workbench = useWorkbench();
  const { files, commands, language, session } = workbench;
  const { t, locale } = language;
  const time = (at: number): string => {
    const today = new Date(at).toDateString() === new Date().toDateString();
    return new Intl.DateTimeFormat(
      locale(),
      today ? { timeStyle: 'short' } : { dateStyle: 'short', timeStyle: 'short' },
    ).format(at);
  };
  const text = (): string => {
    const file = files.file();
    if (!file) return t('file.none');
    return file.changed ? t('file.changed', file.name) : t('file.saved', file.name, time(file.savedAt));
  };
  return (
    <MenuButton
      class={`${props.class} ${styles.status}`}
      label={`${t('file.menu')}: ${text()}`}
      title={t('file.menuTip')}
      entries={[
        { id: 'save', label: t('file.save'), run: () => commands.run('workbook.save') },
        { id: 'saveAs', label: t('file.saveAs'), run: () => commands.run('workbook.saveAs') },
        { id: 'open', label: t('file.open'), run: () => commands.run('workbook.open') },
        ...pluginMenu(workbench, 'workbook', { workbook: session.current()?.name ?? null }),
        ...pluginMenu(workbench, 'sheet', { sheet: session.activeSheet()?.name ?? null }),
      ]}
    >
      <Switch fallback={<FileX size={13} aria-hidden="true" />}>
        <Match when={files.file()?.changed}>
          <FileClock size={13} aria-hidden="true" />
        </Match>
        <Match when={files.file()}>
          <FileCheck size={13} aria-hidden="true" />
        </Match>
      </Switch>
      <span class={styles.statusText}>{text()}</span>
    </MenuButton>
  );
}

/** How far the running save, opening or export is, with Cancel. */
export function FileProgress(): JSX.Element {
  const { files, language } = useWorkbench();
  return (
    <Show when={files.job()}>
      {(job) => (
        <div class={styles.progress}>
          <ProgressBar
            label={job().title()}
            text={job().title()}
            share={job().share()}
            cancelLabel={language.t('file.cancel')}
            onCancel={() => job().cancel()}
          />
        </div>
      )}
    </Show>
  );
}
