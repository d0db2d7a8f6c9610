import Bell from 'lucide-solid/icons/bell';
import CircleAlert from 'lucide-solid/icons/circle-alert';
import Database from 'lucide-solid/icons/database';
import Globe from 'lucide-solid/icons/globe';
import HardDrive from 'lucide-solid/icons/hard-drive';
import Languages from 'lucide-solid/icons/languages';
import LoaderCircle from 'lucide-solid/icons/loader-circle';
import Moon from 'lucide-solid/icons/moon';
import Sun from 'lucide-solid/icons/sun';
import { createMemo, For, type JSX, Show } from 'solid-js';
import { bytesIn, figureIn, localeNames, locales } from '../../i18n/index.ts';
import { MenuButton } from '../controls/menu.tsx';
import { FileStatus } from '../files/file-status.tsx';
import { zoneLabel } from '../settings/time-zones.ts';
import { themeChoices } from '../theme/theme.ts';
import { useWorkbench } from '../workbench.ts';
import styles from './status-bar.module.css';

/** The bar at the foot: what is saved, how much there is, where and in which language, and figures of the selection. */
export function StatusBar(): JSX.Element {
  const { commands, language, layout, notifications, session, storage, tables, theme, imports, runs } = useWorkbench();
  const { t, locale } = language;
  const rows = createMemo(() => {
    const source = session.activeSheet()?.source as { table?: string } | null | undefined;
    const shown = tables.list().find(({ id }) => id === source?.table);
    return shown ? shown.rows : tables.list().reduce((sum, table) => sum + table.rows, 0);
  });
  const figures = createMemo(() => {
    const statistics = session.statistics();
    if (!statistics) return [];
    const numeric = statistics.numbers > 0;
    return [
      ...(numeric ? ([['status.average', statistics.average]] as const) : []),
      ['status.count', statistics.count] as const,
      ...(numeric
        ? ([
            ['status.minimum', statistics.minimum],
            ['status.maximum', statistics.maximum],
            ['status.sum', statistics.sum],
          ] as const)
        : []),
    ];
  });
  const work = createMemo(() => imports.active() ?? runs.active());
  return (
    <section class={styles.bar} aria-label={t('status.label')}>
      <Show when={session.current()}>
        <span class={styles.item} data-state={session.saveState()} title={t('status.savedTip')} role="status">
          <Show when={session.saveState() === 'error'}>
            <CircleAlert size={13} aria-hidden="true" />
          </Show>
          {session.saveState() === 'saved'
            ? t('status.saved')
            : session.saveState() === 'saving'
              ? t('status.saving')
              : session.saveState() === 'error'
                ? t('status.saveFailed')
                : t('status.unsaved')}
        </span>
        <FileStatus class={styles.item} />
        <Show when={tables.list().length > 0}>
          <button type="button" class={styles.item} onClick={() => layout.showView('tables')}>
            <Database size={13} aria-hidden="true" />
            {t('status.rows', rows())}
          </button>
        </Show>
      </Show>
      <Show when={storage.usage()}>
        {(usage) => (
          <button
            type="button"
            class={styles.item}
            title={t('status.storageTip')}
            onClick={() => layout.showView('settings')}
          >
            <HardDrive size={13} aria-hidden="true" />
            {t('status.storage', bytesIn(locale(), usage().used), bytesIn(locale(), usage().quota))}
          </button>
        )}
      </Show>
      <Show when={session.current()}>
        <button
          type="button"
          class={styles.item}
          aria-label={t('status.timeZone', session.timeZone())}
          title={t('status.timeZone', session.timeZone())}
          onClick={() => commands.run('settings.timeZone')}
        >
          <Globe size={13} aria-hidden="true" />
          {zoneLabel(session.timeZone())}
        </button>
      </Show>
      <Show when={work()}>
        {(job) => (
          <span class={styles.item}>
            <LoaderCircle size={13} aria-hidden="true" />
            {t('status.progress', job().title(), t('common.percent', job().share() ?? 0))}
          </span>
        )}
      </Show>
      <span class={styles.space} />
      <Show when={figures().length > 0}>
        <fieldset class={styles.figures} aria-label={t('status.selection')}>
          <For each={figures()}>
            {([key, value]) => (
              <span>
                {t(key)} <b>{figureIn(locale(), value)}</b>
              </span>
            )}
          </For>
        </fieldset>
      </Show>
      <MenuButton
        class={styles.item}
        label={`${t('status.language')}: ${localeNames[locale()]}`}
        title={t('status.language')}
        entries={locales.map((each) => ({
          id: each,
          label: localeNames[each],
          checked: each === locale(),
          run: () => language.choose(each),
        }))}
      >
        <Languages size={13} aria-hidden="true" />
        {localeNames[locale()]}
      </MenuButton>
      <MenuButton
        class={styles.item}
        label={`${t('status.theme')}: ${t(`theme.${theme.choice()}`)}`}
        title={t('status.theme')}
        entries={themeChoices.map((each) => ({
          id: each,
          label: t(`theme.${each}`),
          checked: each === theme.choice(),
          run: () => theme.choose(each),
        }))}
      >
        <Show when={theme.theme() === 'dark'} fallback={<Sun size={14} aria-hidden="true" />}>
          <Moon size={14} aria-hidden="true" />
        </Show>
      </MenuButton>
      <button
        type="button"
        class={styles.item}
        aria-expanded={layout.notificationsOpen()}
        aria-label={t('status.notifications', notifications.unread())}
        title={t('notifications.title')}
        onClick={() => layout.showNotifications(!layout.notificationsOpen())}
      >
        <Bell size={14} aria-hidden="true" />
        <Show when={notifications.unread() > 0}>
          <span class={styles.dot} />
        </Show>
      </button>
    </section>
  );
}
