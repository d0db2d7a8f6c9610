import ArrowDownUp from 'lucide-solid/icons/arrow-down-up';
import Filter from 'lucide-solid/icons/funnel';
import TriangleAlert from 'lucide-solid/icons/triangle-alert';
import X from 'lucide-solid/icons/x';
import { For, type JSX, Show } from 'solid-js';
import { Button } from '../controls/button.tsx';
import { ProgressBar } from '../controls/progress.tsx';
import { useWorkbench } from '../workbench.ts';
import { FindBar } from './find-bar.tsx';
import { saveViewAsTable } from './save-view.ts';
import styles from './table-view-bar.module.css';
import type { ActiveView } from './table-views.ts';
import { isWhole, type ViewState, wholeTable, withFilter, withoutSort } from './view-state.ts';
import { columnTitle, filterWords, sortWords } from './view-words.ts';

/** Above the sheet: which rows of its table it shows, in words that can be changed and removed; and the search. */
export function TableViewBar(): JSX.Element {
  const { tableViews: views } = useWorkbench();
  const view = (): ActiveView | null => {
    const active = views.active();
    return active && (!isWhole(active.state) || views.job()?.sheetId === active.sheetId) ? active : null;
  };
  return (
    <>
      <Show when={view()}>{(active) => <ViewBar view={active()} />}</Show>
      <Show when={views.find() && views.active()}>{(active) => <FindBar view={active()} />}</Show>
    </>
  );
}

function ViewBar(props: { view: ActiveView }): JSX.Element {
  const workbench = useWorkbench();
  const { language, tableViews: views } = workbench;
  const { t } = language;
  const words = () => ({ t, locale: language.locale() });
  const job = () => (views.job()?.sheetId === props.view.sheetId ? views.job() : null);
  const change = (next: ViewState): void => {
    void views.change(next);
    workbench.session.host().focus();
  };
  const lostWords = (column: string, text: string): string | undefined => {
    const lost = props.view.lost.find((each) => each.column === column);
    return lost && t(`view.lost.${lost.why}`, text, columnTitle(props.view.columns, column));
  };
  return (
    <section class={styles.bar} aria-label={t('view.bar')}>
      <span class={styles.rows} role="status">
        {props.view.shown === props.view.table.rows
          ? t('view.allRows', props.view.table.rows)
          : t('view.rows', props.view.shown, props.view.table.rows)}
      </span>
      <Show when={job()}>
        {(running) => (
          <div class={styles.progress}>
            <ProgressBar
              label={t('view.working')}
              text={t('view.working')}
              share={running().share()}
              cancelLabel={t('common.cancel')}
              onCancel={() => running().cancel()}
            />
          </div>
        )}
      </Show>
      <Show when={props.view.unapplied && !job()}>
        <span class={styles.warning}>
          <TriangleAlert size={14} aria-hidden="true" />
          {t('view.unapplied')}
        </span>
        <Button variant="quiet" onClick={() => views.applyAgain()}>
          {t('view.applyAgain')}
        </Button>
      </Show>
      <ul class={styles.chips}>
        <For each={props.view.state.filters}>
          {(filter) => {
            const text = (): string => filterWords(filter, props.view.columns, words());
            return (
              <Chip
                text={text()}
                lost={lostWords(filter.column, text())}
                icon={<Filter size={13} aria-hidden="true" />}
                onChange={() => views.openMenu(filter.column)}
                onRemove={() => change(withFilter(props.view.state, filter.column, null))}
              />
            );
          }}
        </For>
        <For each={props.view.state.sort}>
          {(key, place) => {
            const text = (): string => sortWords(key, place(), props.view.columns, words());
            return (
              <Chip
                text={text()}
                lost={lostWords(key.column, text())}
                icon={<ArrowDownUp size={13} aria-hidden="true" />}
                onChange={() => views.openMenu(key.column)}
                onRemove={() => change(withoutSort(props.view.state, key.column))}
              />
            );
          }}
        </For>
      </ul>
      <Show when={!isWhole(props.view.state)}>
        <Button variant="quiet" title={t('view.saveTip')} onClick={() => saveViewAsTable(workbench)}>
          {t('view.save')}
        </Button>
        <Button variant="quiet" onClick={() => change(wholeTable)}>
          {t('view.clear')}
        </Button>
      </Show>
    </section>
  );
}

function Chip(props: {
  text: string;
  lost: string | undefined;
  icon: JSX.Element;
  onChange(): void;
  onRemove(): void;
}): JSX.Element {
  const { t } = useWorkbench().language;
  return (
    <li class={styles.chip} data-lost={props.lost ? '' : undefined}>
      <button
        type="button"
        class={styles.words}
        aria-label={t('view.change', props.lost ?? props.text)}
        title={t('view.change', props.lost ?? props.text)}
        onClick={() => props.onChange()}
      >
        <Show when={props.lost} fallback={props.icon}>
          <TriangleAlert size={13} aria-hidden="true" />
        </Show>
        <span class={styles.text}>{props.lost ?? props.text}</span>
      </button>
      <button
        type="button"
        class={styles.remove}
        aria-label={t('view.remove', props.text)}
        title={t('view.remove', props.text)}
        onClick={() => props.onRemove()}
      >
        <X size={13} aria-hidden="true" />
      </button>
    </li>
  );
}
