import type { JSX } from 'solid-js';
import { Button } from '../controls/button.tsx';
import { createLanguage } from '../language.ts';
import { errorDetails } from '../state/explain-error.ts';
import styles from './start-failure.module.css';

/** What stands in the window where the browser gives no storage: what happened, what to do, and the details. */
export function StartFailure(props: { error: unknown }): JSX.Element {
  const { t } = createLanguage();
  return (
    <main class={styles.page}>
      <h1>{t('boot.failed')}</h1>
      <p>{t('boot.failedText')}</p>
      <Button variant="primary" onClick={() => location.reload()}>
        {t('boot.reload')}
      </Button>
      <details>
        <summary>{t('common.details')}</summary>
        <pre>{errorDetails(props.error)}</pre>
      </details>
    </main>
  );
}
