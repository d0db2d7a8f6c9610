import type { CellValue } from '@patron/sdk';
import { For, type JSX, Show } from 'solid-js';
import type { MergePreview, StepPreview } from '../../tables/index.ts';
import { useWorkbench } from '../workbench.ts';
import { explainStepError } from './explain-step.ts';
import styles from './shape.module.css';

export type PreviewState =
  | { readonly kind: 'none' | 'working' }
  | { readonly kind: 'ready'; readonly preview: StepPreview | MergePreview; readonly sorts?: boolean }
  | { readonly kind: 'failed'; readonly error: unknown };

/** What would become of the table: counts in words, then the first rows. */
export function PreviewView(props: { state: PreviewState }): JSX.Element {
  const { t } = useWorkbench().language;
  const ready = () => (props.state.kind === 'ready' ? props.state : undefined);
  const failed = () => (props.state.kind === 'failed' ? props.state : undefined);
  return (
    <section
      class={styles.result}
      aria-label={t('shape.outcome')}
      aria-live="polite"
      aria-busy={props.state.kind === 'working'}
    >
      <Show when={failed()}>
        {(state) => (
          <div class={styles.error} role="alert">
            {explainStepError(state().error, t)}
          </div>
        )}
      </Show>
      <Show when={props.state.kind === 'none'}>
        <span class={styles.quiet}>{t('shape.previewEmpty')}</span>
      </Show>
      <Show when={props.state.kind === 'working'}>
        <span class={styles.quiet}>{t('shape.previewing')}</span>
      </Show>
      <Show when={ready()}>
        {(state) => (
          <>
            <Counts preview={state().preview} sorts={state().sorts ?? false} />
            <Changes preview={state().preview} />
            <Show
              when={added(state().preview)}
              fallback={<Rows preview={state().preview} rows={state().preview.rows} label={t('shape.preview')} />}
            >
              {(rows) => <Rows preview={state().preview} rows={rows()} label={t('shape.addedRows')} />}
            </Show>
          </>
        )}
      </Show>
    </section>
  );
}

/** The rows that a file adds, where it adds any: the first ones of the table say nothing of it. */
function added(preview: StepPreview | MergePreview): StepPreview['rows'] | undefined {
  return 'added' in preview && preview.added.length > 0 ? preview.added : undefined;
}

function Counts(props: { preview: StepPreview; sorts: boolean }): JSX.Element {
  const { t } = useWorkbench().language;
  const lines = (): string[] => {
    const { rowsBefore, rowsAfter, rowsChanged, rejects, matched, unmatched, added, unchanged } = props.preview.counts;
    return [
      t('shape.counts.rows', rowsBefore, rowsAfter),
      ...(rowsChanged > 0 ? [t(props.sorts ? 'shape.counts.moved' : 'shape.counts.changed', rowsChanged)] : []),
      ...(added !== undefined ? [t('shape.counts.added', added)] : []),
      ...(unchanged !== undefined ? [t('shape.counts.unchanged', unchanged)] : []),
      ...(matched !== undefined && added === undefined ? [t('shape.counts.matched', matched, unmatched ?? 0)] : []),
      ...(rejects > 0 ? [t('shape.counts.rejects', rejects)] : []),
    ];
  };
  return (
    <ul class={styles.counts}>
      <For each={lines()}>{(line, at) => <li>{at() === 0 ? <strong>{line}</strong> : line}</li>}</For>
    </ul>
  );
}

function Changes(props: { preview: StepPreview | MergePreview }): JSX.Element {
  const { t } = useWorkbench().language;
  const changes = () => ('changes' in props.preview ? props.preview.changes : []);
  return (
    <Show when={changes().length > 0}>
      <span class={styles.caption}>{t('shape.merge.changes')}</span>
      <section class={`${styles.grid} ${styles.changes}`} aria-label={t('shape.merge.changes')} tabindex={0}>
        <table class={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('shape.merge.key')}</th>
              <th scope="col">{t('shape.column')}</th>
              <th scope="col">{t('shape.merge.before')}</th>
              <th scope="col">{t('shape.merge.after')}</th>
            </tr>
          </thead>
          <tbody>
            <For each={changes()}>
              {(change) => (
                <tr>
                  <td>{change.key}</td>
                  <td>{change.column}</td>
                  <td>{shown(change.before)}</td>
                  <td>{shown(change.after)}</td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </section>
    </Show>
  );
}

function Rows(props: { preview: StepPreview; rows: StepPreview['rows']; label: string }): JSX.Element {
  const { t } = useWorkbench().language;
  const isNumber = (at: number): boolean => ['number', 'integer'].includes(props.preview.columns[at].type);
  return (
    <Show when={props.rows.length > 0} fallback={<span class={styles.quiet}>{t('shape.noRows')}</span>}>
      <span class={styles.caption}>{props.label}</span>
      <section class={styles.grid} aria-label={props.label} tabindex={0}>
        <table class={styles.table}>
          <thead>
            <tr>
              <For each={props.preview.columns}>
                {(column) => (
                  <th scope="col" data-new={column.isNew ? '' : undefined} title={t(`type.${column.type}`)}>
                    {column.name}
                    <Show when={column.isNew}>
                      <span class="visually-hidden">{` (${t('shape.newColumn')})`}</span>
                    </Show>
                  </th>
                )}
              </For>
            </tr>
          </thead>
          <tbody>
            <For each={props.rows}>
              {(row) => (
                <tr>
                  <For each={row}>
                    {(value, at) => <td data-number={isNumber(at()) ? '' : undefined}>{shown(value)}</td>}
                  </For>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </section>
    </Show>
  );
}

/** A value in a preview: times without the T of ISO, a dash for none. */
function shown(value: CellValue): string {
  if (value === null) return '–';
  if (typeof value !== 'string') return String(value);
  return value.replace(/^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}(?::\d{2})?)(?:\.000)?/, '$1 $2');
}
