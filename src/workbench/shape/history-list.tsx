import { createEffect, createSignal, For, type JSX, on, onCleanup, Show } from 'solid-js';
import type { HistoryEntry, Step, TableMeta } from '../../tables/index.ts';
import { Button } from '../controls/button.tsx';
import { useWorkbench } from '../workbench.ts';
import { describeStep } from './describe-step.ts';
import styles from './shape.module.css';
import { redoTable, undoTable } from './shape-actions.ts';

/** The versions of a table, newest first, with what made each; Undo, Redo, and doing the same steps again. */
export function HistoryList(props: { table: TableMeta; onRepeat(steps: readonly Step[]): void }): JSX.Element {
  const workbench = useWorkbench();
  const { t, locale } = workbench.language;
  const [entries, setEntries] = createSignal<readonly HistoryEntry[]>([]);
  createEffect(
    on(
      () => [props.table.id, props.table.version] as const,
      ([id]) => {
        let isCurrent = true;
        onCleanup(() => {
          isCurrent = false;
        });
        workbench.tables.client.steps.history(id).then(
          (next) => {
            if (isCurrent) setEntries([...next].reverse());
          },
          () => undefined,
        );
      },
    ),
  );
  const kept = (): readonly HistoryEntry[] => entries().filter((entry) => entry.isKept);
  const at = (): number => kept().findIndex((entry) => entry.isCurrent);
  const madeBy = ({ meta, steps, merge }: HistoryEntry): string => {
    if (merge) return t(merge.mode === 'append' ? 'shape.history.appended' : 'shape.history.merged', meta.source.name);
    if (steps.length > 0) return steps.map(({ kind }) => t(`shape.task.${kind}`)).join(' + ');
    return meta.source.kind === 'transform' ? t('shape.history.fixed') : t('shape.history.file', meta.source.name);
  };
  const nameOf = (id: string): string => workbench.tables.list().find((table) => table.id === id)?.name ?? '…';
  const details = ({ steps }: HistoryEntry): string =>
    steps
      .map((step) => describeStep(step, t, nameOf))
      .filter((text) => text !== '')
      .join(' + ');
  const counted = ({ meta, steps, counts }: HistoryEntry): string =>
    counts
      ? [
          t('shape.counts.rows', counts.rowsBefore, counts.rowsAfter),
          ...(counts.rowsChanged > 0 ? [t(changedKey(steps), counts.rowsChanged)] : []),
        ].join(' · ')
      : t('status.rows', meta.rows);
  const when = (created: number): string =>
    new Intl.DateTimeFormat(locale(), { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' }).format(
      created,
    );
  return (
    <>
      <div class={styles.buttons}>
        <Button
          disabled={at() < 0 || at() === kept().length - 1}
          onClick={() => void undoTable(workbench, props.table.id)}
        >
          {t('shape.history.undo')}
        </Button>
        <Button disabled={at() <= 0} onClick={() => void redoTable(workbench, props.table.id)}>
          {t('shape.history.redo')}
        </Button>
      </div>
      <ol class={styles.history} reversed aria-label={t('shape.task.history')}>
        <For each={entries()}>
          {(entry) => (
            <li class={styles.version} data-current={entry.isCurrent ? '' : undefined}>
              <strong>{t('shape.history.version', entry.meta.version)}</strong>
              <span>{madeBy(entry)}</span>
              <Show when={entry.isCurrent}>
                <span class={styles.current}>{t('shape.history.current')}</span>
              </Show>
              <Show when={entry.steps.length > 0}>
                <Button
                  variant="quiet"
                  title={t('shape.history.repeatHint')}
                  onClick={() => props.onRepeat(entry.steps)}
                >
                  {t('shape.history.repeat')}
                </Button>
              </Show>
              <Show when={details(entry)}>{(text) => <span class={styles.details}>{text()}</span>}</Show>
              <span class={`${styles.details} ${styles.quiet}`}>
                {counted(entry)} · {when(entry.meta.created)}
                <Show when={!entry.isKept}> · {t('shape.history.notKept')}</Show>
              </span>
            </li>
          )}
        </For>
      </ol>
      <span class={styles.hint}>{t('shape.history.hint')}</span>
    </>
  );
}

/** Rows that are only sorted move. */
function changedKey(steps: readonly Step[]): 'shape.counts.moved' | 'shape.counts.changed' {
  return steps.length > 0 && steps.every(({ kind }) => kind === 'sort') ? 'shape.counts.moved' : 'shape.counts.changed';
}
