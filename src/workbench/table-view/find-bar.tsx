import ChevronDown from 'lucide-solid/icons/chevron-down';
import ChevronUp from 'lucide-solid/icons/chevron-up';
import X from 'lucide-solid/icons/x';
import { createEffect, createSignal, type JSX, on, onCleanup, onMount, Show } from 'solid-js';
import type { FoundCells } from '../../tables/index.ts';
import { Button, IconButton } from '../controls/button.tsx';
import { CheckboxField, SelectField, TextField } from '../controls/field.tsx';
import { errorDetails, explainTableError, isCancelled } from '../state/explain-error.ts';
import { useWorkbench } from '../workbench.ts';
import styles from './find-bar.module.css';
import { cellAt, firstAfter } from './found-cells.ts';
import type { ActiveView } from './table-views.ts';

/** Milliseconds without a key after which the search begins. */
const TYPING = 250;

/** Finds a text in the cells of a table sheet: counts them and goes from one to the next. */
export function FindBar(props: { view: ActiveView }): JSX.Element {
  const { language, notifications, session, tables, tableViews } = useWorkbench();
  const { t } = language;
  const [text, setText] = createSignal('');
  const [column, setColumn] = createSignal('');
  const [whole, setWhole] = createSignal(false);
  const [found, setFound] = createSignal<FoundCells | null>(null);
  const [at, setAt] = createSignal(-1);
  const [share, setShare] = createSignal<number | null>(null);
  let bar: HTMLElement | undefined;
  let running: AbortController | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const columns = (): readonly string[] =>
    column() === '' ? props.view.table.columns.map(({ name }) => name) : [column()];
  const stop = (): void => {
    clearTimeout(timer);
    running?.abort();
    running = undefined;
    setShare(null);
  };
  const search = async (): Promise<void> => {
    stop();
    setFound(null);
    setAt(-1);
    if (text() === '') return;
    const controller = new AbortController();
    running = controller;
    setShare(0);
    const { sheetId, table, columns: shown } = props.view;
    const labels = Object.fromEntries(shown.flatMap(({ name, labels: words }) => (words ? [[name, words]] : [])));
    const query = {
      text: text(),
      whole: whole(),
      columns: columns(),
      version: table.version,
      rows: session.host().rowIndex(sheetId) ?? undefined,
      labels,
    };
    try {
      const cells = await tables.client.queries.find(table.id, query, {
        signal: controller.signal,
        onShare: (next) => void (running === controller && setShare(next)),
      });
      if (running !== controller) return;
      setFound(cells);
      go(1, true);
    } catch (error) {
      if (isCancelled(error)) return;
      notifications.add({
        kind: 'error',
        text: () => t('find.failed'),
        remedy: () => explainTableError(error, t),
        details: errorDetails(error),
      });
    } finally {
      if (running === controller) {
        running = undefined;
        setShare(null);
      }
    }
  };
  /** To the next match or the one before, from where the cursor is; past the last comes the first. */
  const go = (step: 1 | -1, stay = false): void => {
    const cells = found();
    if (!cells || cells.places.length === 0) return;
    const names = columns();
    const numbers = names.map((name) => props.view.columns.findIndex((each) => each.name === name));
    const range = session.host().selection()?.ranges.at(-1);
    const cursor = { place: (range?.startRow || 0) - 1, column: range?.startColumn || 0 };
    const next = firstAfter(cells, numbers, cursor, step, stay);
    setAt(next);
    const cell = cellAt(cells, numbers, next);
    session.host().reveal(props.view.sheetId, cell.place + 1, cell.column);
  };
  const later = (): void => {
    stop();
    setFound(null);
    timer = setTimeout(() => void search(), TYPING);
  };
  const close = (): void => {
    tableViews.showFind(false);
    session.host().focus();
  };
  const focusField = (): void => {
    const field = bar?.querySelector<HTMLInputElement>('input[type="search"]');
    field?.focus();
    field?.select();
  };
  onMount(focusField);
  onCleanup(stop);
  // Other rows, or another sheet: what was found is no longer where it was.
  createEffect(
    on(
      () =>
        [props.view.sheetId, props.view.table.version, JSON.stringify(props.view.state), props.view.unapplied].join(),
      () => {
        if (!props.view.table.columns.some(({ name }) => name === column())) setColumn('');
        void search();
      },
      { defer: true },
    ),
  );
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    if (event.key === 'Escape') {
      event.preventDefault();
      close();
    } else if (event.key === 'Enter' && event.target instanceof HTMLInputElement && event.target.type === 'search') {
      event.preventDefault();
      if (found()) go(event.shiftKey ? -1 : 1);
      else void search();
    } else if (event.key === 'F3') {
      event.preventDefault();
      go(event.shiftKey ? -1 : 1);
    }
  };
  const outcome = (): string => {
    const cells = found();
    if (share() !== null) return t('find.searching', t('common.percent', share() ?? 0));
    if (!cells) return '';
    if (cells.cells === 0) return t('find.none');
    return at() < 0 ? t('find.count', cells.cells) : t('find.place', at() + 1, cells.cells);
  };
  return (
    <search
      class={styles.bar}
      aria-label={t('find.title')}
      ref={(element) => {
        bar = element;
      }}
      onKeyDown={onKeyDown}
    >
      <div class={styles.text}>
        <TextField
          label={t('find.text')}
          hideLabel
          type="search"
          placeholder={t('find.text')}
          value={text()}
          onInput={(next) => {
            setText(next);
            later();
          }}
        />
      </div>
      <div class={styles.where}>
        <SelectField
          label={t('find.where')}
          hideLabel
          value={column()}
          options={[
            { value: '', label: t('find.everywhere') },
            ...props.view.columns.map(({ name, title }) => ({ value: name, label: title ?? name })),
          ]}
          onChange={(next) => {
            setColumn(next);
            void search();
          }}
        />
      </div>
      <CheckboxField
        label={t('find.whole')}
        checked={whole()}
        onChange={(next) => {
          setWhole(next);
          void search();
        }}
      />
      <IconButton label={t('find.previous')} shortcut="Shift+Enter" disabled={!found()?.cells} onClick={() => go(-1)}>
        <ChevronUp size={16} aria-hidden="true" />
      </IconButton>
      <IconButton label={t('find.next')} shortcut="Enter" disabled={!found()?.cells} onClick={() => go(1)}>
        <ChevronDown size={16} aria-hidden="true" />
      </IconButton>
      <span class={styles.outcome} role="status" title={listedWords()}>
        {outcome()}
      </span>
      <Show when={share() !== null}>
        <Button variant="quiet" onClick={stop}>
          {t('common.cancel')}
        </Button>
      </Show>
      <span class={styles.space} />
      <IconButton label={t('common.close')} shortcut="Esc" onClick={close}>
        <X size={16} aria-hidden="true" />
      </IconButton>
    </search>
  );

  function listedWords(): string | undefined {
    const cells = found();
    return cells && cells.cells > cells.places.length ? t('find.listed', cells.places.length) : undefined;
  }
}
