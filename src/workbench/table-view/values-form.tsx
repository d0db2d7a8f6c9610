import type { CellValue } from '@patron/sdk';
import { createMemo, createResource, createSignal, For, type JSX, onCleanup, Show } from 'solid-js';
import { countIn } from '../../i18n/index.ts';
import type { FrequentValues } from '../../tables/index.ts';
import type { TableColumn } from '../../workbook/index.ts';
import { Button } from '../controls/button.tsx';
import { TextField } from '../controls/field.tsx';
import { explainTableError, isCancelled } from '../state/explain-error.ts';
import { useWorkbench } from '../workbench.ts';
import styles from './column-menu.module.css';
import type { ActiveView } from './table-views.ts';
import { answerable, type ColumnFilter, withFilter } from './view-state.ts';
import { valueWords } from './view-words.ts';

const MOST_LISTED = 200;
const TYPING = 200;

/** The values of a column with how often each occurs among the rows that the other filters leave, to be ticked. */
export function ValuesForm(props: {
  view: ActiveView;
  column: TableColumn;
  filter: ColumnFilter | undefined;
  onChange(filter: ColumnFilter | null): void;
}): JSX.Element {
  const { language, tables } = useWorkbench();
  const { t, locale } = language;
  const known = props.filter?.kind === 'values' ? props.filter : undefined;
  const [text, setText] = createSignal('');
  const [ticked, setTicked] = createSignal<readonly CellValue[]>(known?.values ?? []);
  const [exclude, setExclude] = createSignal(known?.exclude === true);
  const [tried, setTried] = createSignal(false);
  const { name } = props.column;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const controller = new AbortController();
  onCleanup(() => {
    clearTimeout(timer);
    controller.abort();
  });
  /** Texts that are shown as something else are few: all are listed, and searched here. */
  const codesOf = (sought: string): string => (props.column.labels ? '' : sought);
  const [values] = createResource(text, async (sought): Promise<FrequentValues | string> => {
    const { table, state } = props.view;
    const { filters } = answerable(withFilter(state, name, null), table.columns);
    const query = { column: name, version: table.version, filters, text: codesOf(sought), limit: MOST_LISTED };
    try {
      return await tables.client.queries.values(table.id, query, { signal: controller.signal });
    } catch (error) {
      return isCancelled(error) ? '' : explainTableError(error, t);
    }
  });
  const found = (): FrequentValues | undefined => {
    const latest = values.latest;
    return typeof latest === 'object' ? latest : undefined;
  };
  const words = (value: CellValue): string => valueWords(value, props.column, { t, locale: locale() });
  const listed = createMemo(() => {
    const latest = found();
    if (!latest) return [];
    const sought = text().toLowerCase();
    const fitting = props.column.labels
      ? latest.values.filter(({ value }) => words(value).toLowerCase().includes(sought))
      : latest.values;
    const missing = latest.missing > 0 && sought === '' ? [{ value: null, count: latest.missing }] : [];
    return [...fitting, ...missing];
  });
  const all = (): number => {
    const latest = found();
    return latest ? (props.column.labels ? listed().length : latest.matching) : 0;
  };
  const tick = (value: CellValue, is: boolean): void =>
    void setTicked((before) =>
      is ? [...before.filter((each) => each !== value), value] : before.filter((each) => each !== value),
    );
  const apply = (event: Event): void => {
    event.preventDefault();
    setTried(true);
    if (ticked().length === 0) {
      if (known) props.onChange(null);
      return;
    }
    props.onChange({ kind: 'values', column: name, values: ticked(), ...(exclude() ? { exclude: true } : {}) });
  };
  return (
    <form class={styles.form} onSubmit={apply}>
      <TextField
        label={t('view.searchValues')}
        hideLabel
        type="search"
        placeholder={t('view.searchValues')}
        value={text()}
        onInput={(next) => {
          clearTimeout(timer);
          timer = setTimeout(() => setText(next), TYPING);
        }}
      />
      <fieldset class={`${styles.modes} ${styles.row}`}>
        <legend class="visually-hidden">{t('view.valuesMode')}</legend>
        <For each={[false, true]}>
          {(each) => (
            <label class={styles.radio}>
              <input type="radio" name="values-mode" checked={exclude() === each} onChange={() => setExclude(each)} />
              {t(each ? 'view.leaveOut' : 'view.keep')}
            </label>
          )}
        </For>
      </fieldset>
      <ul class={styles.list} aria-label={t('view.values', props.column.title ?? name)} aria-busy={values.loading}>
        <For each={listed()}>
          {({ value, count }) => (
            <li>
              <label class={styles.value}>
                <input
                  type="checkbox"
                  checked={ticked().includes(value)}
                  onChange={(event) => tick(value, event.currentTarget.checked)}
                />
                <span class={styles.name} data-missing={value === null ? '' : undefined} title={words(value)}>
                  {words(value)}
                </span>
                <span class={styles.count}>{countIn(locale(), count)}</span>
              </label>
            </li>
          )}
        </For>
      </ul>
      <div class={styles.between}>
        <span class={styles.quiet} role="status">
          {values.loading && !found()
            ? t('view.valuesLoading')
            : typeof values.latest === 'string'
              ? values.latest
              : listed().length === 0
                ? t('view.valuesNone')
                : t('view.valuesShown', found()?.values.length ?? 0, all())}
          {ticked().length > 0 ? ` · ${t('view.ticked', ticked().length)}` : ''}
        </span>
        <Show
          when={ticked().length === 0}
          fallback={
            <Button variant="quiet" onClick={() => setTicked([])}>
              {t('view.untickAll')}
            </Button>
          }
        >
          <Button variant="quiet" onClick={() => setTicked(listed().map(({ value }) => value))}>
            {t('view.tickShown')}
          </Button>
        </Show>
      </div>
      <Show when={tried() && ticked().length === 0 && !known}>
        <span class={styles.error} role="alert">
          {t('view.tickOne')}
        </span>
      </Show>
      <div class={styles.footer}>
        <Show when={props.filter}>
          <Button onClick={() => props.onChange(null)}>{t('view.unfilter')}</Button>
        </Show>
        <Button type="submit" variant="primary">
          {t('view.apply')}
        </Button>
      </div>
    </form>
  );
}
