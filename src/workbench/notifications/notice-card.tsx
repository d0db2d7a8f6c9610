import CircleAlert from 'lucide-solid/icons/circle-alert';
import CircleCheck from 'lucide-solid/icons/circle-check';
import Info from 'lucide-solid/icons/info';
import TriangleAlert from 'lucide-solid/icons/triangle-alert';
import X from 'lucide-solid/icons/x';
import { createSignal, For, type JSX, Show } from 'solid-js';
import { Dynamic } from 'solid-js/web';
import { Button, IconButton } from '../controls/button.tsx';
import { useWorkbench } from '../workbench.ts';
import styles from './notifications.module.css';
import type { Notice } from './notifications.ts';

const icons = { info: Info, success: CircleCheck, warning: TriangleAlert, error: CircleAlert };

/** One notice: what happened, what to do, its actions, and details that fold out and copy. */
export function NoticeCard(props: {
  notice: Notice;
  time?: string;
  onDismiss(): void;
  onAction?(): void;
}): JSX.Element {
  const { t } = useWorkbench().language;
  const [open, setOpen] = createSignal(false);
  const [copied, setCopied] = createSignal<boolean>();
  const actions = () => props.notice.actions.filter(({ available }) => available?.() ?? true);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(`${props.notice.text()}\n${props.notice.details ?? ''}`);
      setCopied(true);
    } catch {
      setCopied(false);
    }
  };
  return (
    <div class={styles.card}>
      <span class={styles.icon} data-kind={props.notice.kind}>
        <Dynamic component={icons[props.notice.kind]} size={16} aria-hidden="true" />
      </span>
      <div class={styles.text}>
        <span>{props.notice.text()}</span>
        <Show when={props.notice.remedy}>
          <span class={styles.remedy}>{props.notice.remedy?.()}</span>
        </Show>
        <Show when={props.time}>
          <span class={styles.time}>{props.time}</span>
        </Show>
        <Show when={actions().length > 0 || props.notice.details}>
          <div class={styles.actions}>
            <For each={actions()}>
              {(action) => (
                <Button
                  variant="quiet"
                  onClick={() => {
                    action.run();
                    props.onAction?.();
                  }}
                >
                  {action.label()}
                </Button>
              )}
            </For>
            <Show when={props.notice.details}>
              <Button variant="quiet" aria-expanded={open()} onClick={() => setOpen(!open())}>
                {t('common.details')}
              </Button>
              <Button variant="quiet" onClick={copy}>
                {copied() ? t('common.copied') : t('common.copy')}
              </Button>
            </Show>
          </div>
        </Show>
        <Show when={open() || copied() === false}>
          <pre class={styles.details}>{props.notice.details}</pre>
        </Show>
        <Show when={copied() === false}>
          <span class={styles.remedy}>{t('notifications.copyFailed')}</span>
        </Show>
      </div>
      <IconButton small label={t('common.dismiss')} onClick={() => props.onDismiss()}>
        <X size={14} aria-hidden="true" />
      </IconButton>
    </div>
  );
}
