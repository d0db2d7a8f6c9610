import BookOpen from 'lucide-solid/icons/book-open';
import FilePlus from 'lucide-solid/icons/file-plus';
import FileUp from 'lucide-solid/icons/file-up';
import Pencil from 'lucide-solid/icons/pencil';
import ShieldCheck from 'lucide-solid/icons/shield-check';
import Store from 'lucide-solid/icons/store';
import Trash from 'lucide-solid/icons/trash';
import { createMemo, For, type JSX, Show } from 'solid-js';
import { type Locale, localeNames, locales } from '../../i18n/index.ts';
import { deleteWorkbook, openWorkbook, renameWorkbook } from '../actions/workbook-actions.ts';
import { IconButton } from '../controls/button.tsx';
import { SelectField } from '../controls/field.tsx';
import { ProgressBar } from '../controls/progress.tsx';
import { chooseFiles, openFiles } from '../files/open-files.ts';
import { importerExtensions } from '../plugins/plugin-importers.ts';
import { type ThemeChoice, themeChoices } from '../theme/theme.ts';
import { useWorkbench } from '../workbench.ts';
import styles from './welcome.module.css';

/** The first page: three ways in, one promise, and the workbooks of this browser. */
export function Welcome(): JSX.Element {
  const workbench = useWorkbench();
  const { commands, files, importDialog, imports, language, session, theme, trash } = workbench;
  const { t, locale } = language;
  const recent = createMemo(() => session.workbooks().filter(({ id }) => !trash.workbooks().has(id)));
  const when = (at: number): string =>
    new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'short' }).format(at);
  const busy = (): boolean => imports.active() !== null || files.job() !== null;
  return (
    <section class={styles.page} aria-label={t('welcome.subtitle')}>
      <div class={styles.inner}>
        <header class={styles.brand}>
          <img src="./favicon.svg" alt="" />
          <div>
            <h1>{t('welcome.title')}</h1>
            <p>{t('welcome.subtitle')}</p>
          </div>
        </header>
        <p class={styles.promise}>
          <ShieldCheck size={18} aria-hidden="true" />
          {t('welcome.promise')}
        </p>
        <section class={styles.ways} aria-label={t('welcome.ways')}>
          <button
            type="button"
            class={`${styles.way} ${styles.primary}`}
            disabled={busy()}
            onClick={async () => openFiles(workbench, await chooseFiles(importerExtensions(workbench)))}
          >
            <FileUp size={22} stroke-width={1.6} aria-hidden="true" />
            <strong>{t('welcome.open')}</strong>
            <span>{t('welcome.openHint')}</span>
          </button>
          <button type="button" class={styles.way} disabled={busy()} onClick={() => commands.run('workbook.sample')}>
            <Store size={22} stroke-width={1.6} aria-hidden="true" />
            <strong>{t('welcome.sample')}</strong>
            <span>{t('welcome.sampleHint')}</span>
          </button>
          <button type="button" class={styles.way} disabled={busy()} onClick={() => commands.run('workbook.new')}>
            <FilePlus size={22} stroke-width={1.6} aria-hidden="true" />
            <strong>{t('welcome.new')}</strong>
            <span>{t('welcome.newHint')}</span>
          </button>
        </section>
        <Show when={!importDialog.open() && imports.active()}>
          {(job) => (
            <ProgressBar
              label={job().title()}
              text={job().title()}
              share={job().share()}
              cancelLabel={t('common.cancel')}
              onCancel={() => job().cancel()}
            />
          )}
        </Show>
        <section class={styles.recent} aria-label={t('welcome.recent')}>
          <h2>{t('welcome.recent')}</h2>
          <Show when={recent().length > 0} fallback={<p class={styles.quiet}>{t('welcome.recentEmpty')}</p>}>
            <ul class={styles.list}>
              <For each={recent()}>
                {(info) => (
                  <li>
                    <button type="button" class={styles.open} onClick={() => void openWorkbook(workbench, info.id)}>
                      <BookOpen size={16} aria-hidden="true" />
                      <span class={styles.name}>{info.name}</span>
                      <span class={styles.when}>{t('welcome.saved', when(info.modifiedAt))}</span>
                    </button>
                    <span class={styles.actions}>
                      <IconButton
                        label={t('workbook.rename', info.name)}
                        onClick={() => renameWorkbook(workbench, info.id)}
                      >
                        <Pencil size={14} aria-hidden="true" />
                      </IconButton>
                      <IconButton
                        label={t('workbook.delete', info.name)}
                        onClick={() => void deleteWorkbook(workbench, info.id)}
                      >
                        <Trash size={14} aria-hidden="true" />
                      </IconButton>
                    </span>
                  </li>
                )}
              </For>
            </ul>
          </Show>
        </section>
        <section class={styles.choices} aria-label={t('settings.appearance')}>
          <SelectField
            label={t('settings.language')}
            value={locale()}
            options={locales.map((each) => ({ value: each, label: localeNames[each] }))}
            onChange={(chosen) => language.choose(chosen as Locale)}
          />
          <SelectField
            label={t('settings.theme')}
            value={theme.choice()}
            options={themeChoices.map((each) => ({ value: each, label: t(`theme.${each}`) }))}
            onChange={(chosen) => theme.choose(chosen as ThemeChoice)}
          />
        </section>
      </div>
    </section>
  );
}
