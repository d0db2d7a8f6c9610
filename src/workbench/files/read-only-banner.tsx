import Lock from 'lucide-solid/icons/lock';
import LockOpen from 'lucide-solid/icons/lock-open';
import { type JSX, Show } from 'solid-js';
import { openWorkbook } from '../actions/workbook-actions.ts';
import { Button } from '../controls/button.tsx';
import { useWorkbench } from '../workbench.ts';
import styles from './files.module.css';

/** Says that another tab writes the workbook, and offers to go on here once that tab is closed. */
export function ReadOnlyBanner(): JSX.Element {
  const workbench = useWorkbench();
  const { session, lock, language } = workbench;
  const { t } = language;
  return (
    <Show when={session.current() && session.readOnly()}>
      <div class={styles.banner} role="status">
        <Show
          when={lock.writer() === 'gone'}
          fallback={
            <>
              <Lock size={15} aria-hidden="true" />
              <span>{t('readOnly.banner')}</span>
            </>
          }
        >
          <LockOpen size={15} aria-hidden="true" />
          <span>{t('readOnly.free')}</span>
          <Button variant="primary" onClick={() => void openWorkbook(workbench, session.current()?.id ?? '')}>
            {t('readOnly.takeOver')}
          </Button>
        </Show>
      </div>
    </Show>
  );
}
