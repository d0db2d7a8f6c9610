import X from 'lucide-solid/icons/x';
import { createEffect, createResource, createSignal, For, type JSX, on, onCleanup, Show } from 'solid-js';
import { countIn } from '../../i18n/index.ts';
import type { ColumnStatistics } from '../../tables/index.ts';
import type { TableColumn } from '../../workbook/index.ts';
import { IconButton } from '../controls/button.tsx';
import { SelectField } from '../controls/field.tsx';
import { Panel, PanelHeading } from '../shell/panel.tsx';
import { explainTableError, isCancelled } from '../state/explain-error.ts';
import { useWorkbench } from '../workbench.ts';
import { StatisticsHistogram } from './statistics-histogram.tsx';
import { statisticsLines } from './statistics-lines.ts';
import styles from './statistics-panel.module.css';
import type { ActiveView } from './table-views.ts';
import { answerable } from './view-state.ts';
import { valueWords } from './view-words.ts';

/** Milliseconds for which the cursor must rest on a column before its statistics are worked out. */
const REST = 150;

/** Beside the sheet: what the column of the cursor holds, of the rows that are shown. */
export function StatisticsPanel(): JSX.Element {
  const { layout, tableViews: views } = useWorkbench();
  const shown = (): { view: ActiveView; column: TableColumn } | undefined => {
    const view = views.active();
    const name = views.statistics();
    if (!view || name === null) return undefined;
    const column = view.columns.find((each) => each.name === name) ?? view.columns[0];
    return column && { view, column };
  };
  return (
    <Show when={shown()}>
      {(target) => (
        <aside class={styles.aside} style={{ width: `${layout.formWidth()}px` }}>
          <StatisticsBody view={target().view} column={target().column} />
        </aside>
      )}
    </Show>
  );
}

function StatisticsBody(props: { view: ActiveView; column: TableColumn }): JSX.Element {
  const { language, session, tables, tableViews: views } = useWorkbench();
  const { t, locale } = language;
  const title = (): string => props.column.title ?? props.column.name;
  const asked = () => {
    const { table, state, unapplied } = props.view;
    const filters = unapplied ? [] : answerable(state, table.columns).filters;
    return JSON.stringify({ table: table.id, query: { column: props.column.name, version: table.version, filters } });
  };
  const [rested, setRested] = createSignal(asked());
  let timer: ReturnType<typeof setTimeout> | undefined;
  let controller: AbortController | undefined;
  createEffect(
    on(
      asked,
      (next) => {
        clearTimeout(timer);
        timer = setTimeout(() => setRested(next), REST);
      },
      { defer: true },
    ),
  );
  onCleanup(() => {
    clearTimeout(timer);
    controller?.abort();
  });
  const [found] = createResource(
    rested,
    async (question): Promise<{ of: string; answer: ColumnStatistics | string }> => {
      controller?.abort();
      controller = new AbortController();
      const { table, query } = JSON.parse(question);
      try {
        return { of: question, answer: await tables.client.queries.statistics(table, query, controller) };
      } catch (error) {
        return { of: question, answer: isCancelled(error) ? '' : explainTableError(error, t) };
      }
    },
  );
  const answer = (): ColumnStatistics | string | undefined =>
    found.latest?.of === asked() ? found.latest.answer : undefined;
  const statistics = (): ColumnStatistics | undefined => {
    const latest = answer();
    return typeof latest === 'object' ? latest : undefined;
  };
  const ofWhat = (): string => {
    const latest = answer();
    if (typeof latest === 'string' && latest !== '') return `${t('statistics.failed')} ${latest}`;
    const known = statistics();
    if (!known) return t('statistics.working');
    return t(known.rows === props.view.table.rows ? 'statistics.ofAll' : 'statistics.ofShown', known.rows);
  };
  const close = (): void => {
    views.showStatistics(null);
    session.host().focus();
  };
  const words = () => ({ t, locale: locale() });
  return (
    <Panel
      title={t('statistics.title')}
      actions={
        <IconButton label={t('common.close')} onClick={close}>
          <X size={16} aria-hidden="true" />
        </IconButton>
      }
    >
      <div class={styles.section}>
        <SelectField
          label={t('statistics.column')}
          value={props.column.name}
          options={props.view.columns.map(({ name, title: heading }) => ({ value: name, label: heading ?? name }))}
          onChange={(name) => views.showStatistics(name)}
        />
        <p class={styles.quiet} role="status">
          {ofWhat()}
        </p>
      </div>
      <Show when={statistics()}>
        {(known) => (
          <>
            <table class={styles.figures} aria-label={t('statistics.figures')}>
              <tbody>
                <For each={statisticsLines(known(), props.column, words())}>
                  {({ label, value }) => (
                    <tr>
                      <th scope="row">{label}</th>
                      <td>{value}</td>
                    </tr>
                  )}
                </For>
              </tbody>
            </table>
            <Show when={known().missing === known().rows}>
              <p class={`${styles.section} ${styles.quiet}`}>{t('statistics.empty')}</p>
            </Show>
            <Show when={props.column.type !== 'boolean' && known().distinct > 1 && known().histogram}>
              {(histogram) => <StatisticsHistogram title={title()} column={props.column} histogram={histogram()} />}
            </Show>
            <Show when={known().top.length > 0 && known().distinct < known().rows - known().missing}>
              <PanelHeading>{t('statistics.top')}</PanelHeading>
              <div class={styles.section}>
                <table class={styles.top} aria-label={t('statistics.top')}>
                  <thead>
                    <tr>
                      <th scope="col">{t('statistics.value')}</th>
                      <th scope="col">{t('statistics.rows')}</th>
                      <th scope="col">{t('statistics.share')}</th>
                    </tr>
                  </thead>
                  <tbody>
                    <For each={known().top}>
                      {({ value, count }) => (
                        <tr>
                          <td class={styles.value} title={valueWords(value, props.column, words())}>
                            {valueWords(value, props.column, words())}
                          </td>
                          <td>{countIn(locale(), count)}</td>
                          <td>
                            {new Intl.NumberFormat(locale(), { style: 'percent', maximumFractionDigits: 1 }).format(
                              count / known().rows,
                            )}
                          </td>
                        </tr>
                      )}
                    </For>
                  </tbody>
                </table>
              </div>
            </Show>
          </>
        )}
      </Show>
    </Panel>
  );
}
