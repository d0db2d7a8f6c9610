import { createToaster, Toast, Toaster } from '@ark-ui/solid/toast';
import { type JSX, Show } from 'solid-js';
import { NoticeCard } from './notice-card.tsx';
import styles from './notifications.module.css';
import type { Notice, Notifications } from './notifications.ts';

export type ToastQueue = ReturnType<typeof createToasts>;

const shownAtMost = 3;

/** The notices that are on screen for a moment. A new one never waits: it takes the place of the oldest, errors last. */
export function createToasts() {
  const toaster = createToaster({ placement: 'bottom-end', max: shownAtMost, gap: 8, offsets: '34px' });
  return {
    toaster,
    show(notice: Notice): void {
      const shown = toaster.getVisibleToasts();
      const oldest = shown.findLast(({ type }) => type !== 'error') ?? shown.at(-1);
      if (shown.length >= shownAtMost && oldest) toaster.remove(oldest.id);
      const lasting = notice.kind === 'error' || notice.actions.length > 0;
      toaster.create({ id: String(notice.id), type: notice.kind, duration: lasting ? 12_000 : 6000 });
    },
  };
}

/** Shows each new notice for some seconds, `clear` pixels from the right edge; hidden while the history is open. It stays in the history afterwards. */
export function Toasts(props: {
  queue: ToastQueue;
  notifications: Notifications;
  clear: number;
  hidden: boolean;
}): JSX.Element {
  return (
    <Toaster
      toaster={props.queue.toaster}
      class={styles.group}
      style={{ '--form-width': `${props.clear}px`, visibility: props.hidden ? 'hidden' : undefined }}
    >
      {(toast) => (
        <Toast.Root class={styles.toast} data-patron>
          <Show when={props.notifications.all.find(({ id }) => String(id) === toast().id)}>
            {(notice) => (
              <NoticeCard
                notice={notice()}
                onDismiss={() => props.queue.toaster.dismiss(toast().id)}
                onAction={() => props.queue.toaster.dismiss(toast().id)}
              />
            )}
          </Show>
        </Toast.Root>
      )}
    </Toaster>
  );
}
