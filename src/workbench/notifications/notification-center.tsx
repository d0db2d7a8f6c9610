import Trash from 'lucide-solid/icons/trash';
import X from 'lucide-solid/icons/x';
import { createEffect, For, type JSX, Show } from 'solid-js';
import { IconButton } from '../controls/button.tsx';
import { useWorkbench } from '../workbench.ts';
import { NoticeCard } from './notice-card.tsx';
import styles from './notifications.module.css';

/** The history of notices, newest first. Escape closes it. */
export function NotificationCenter(): JSX.Element {
  const { language, layout, notifications } = useWorkbench();
  const { t } = language;
  let panel: HTMLElement | undefined;
  createEffect(() => {
    if (!layout.notificationsOpen()) return;
    notifications.markRead();
    panel?.focus();
  });
  const time = (at: number): string =>
    new Intl.DateTimeFormat(language.locale(), { hour: '2-digit', minute: '2-digit' }).format(at);
  return (
    <Show when={layout.notificationsOpen()}>
      <section
        ref={panel}
        class={styles.center}
        aria-label={t('notifications.title')}
        tabindex={-1}
        onKeyDown={(event) => {
          if (event.key === 'Escape') layout.showNotifications(false);
        }}
      >
        <div class={styles.header}>
          <h2>{t('notifications.title')}</h2>
          <IconButton label={t('notifications.clear')} onClick={() => notifications.clear()}>
            <Trash size={15} aria-hidden="true" />
          </IconButton>
          <IconButton label={t('common.close')} onClick={() => layout.showNotifications(false)}>
            <X size={16} aria-hidden="true" />
          </IconButton>
        </div>
        <Show when={notifications.all.length > 0} fallback={<p class={styles.empty}>{t('notifications.empty')}</p>}>
          <ul class={styles.list}>
            <For each={notifications.all}>
              {(notice) => (
                <li>
                  <NoticeCard
                    notice={notice}
                    time={time(notice.at)}
                    onDismiss={() => notifications.remove(notice.id)}
                    onAction={() => layout.showNotifications(false)}
                  />
                </li>
              )}
            </For>
          </ul>
        </Show>
      </section>
    </Show>
  );
}
