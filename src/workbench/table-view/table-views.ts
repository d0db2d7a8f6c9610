import type { Json } from '@patron/sdk';
import { type Accessor, createMemo, createSignal } from 'solid-js';
import type { TableMeta } from '../../tables/index.ts';
import type { OpenedTable, PageArea, ShownRows, TableAction, TableColumn } from '../../workbook/index.ts';
import { errorDetails, explainTableError, isCancelled } from '../state/explain-error.ts';
import { openSource, type SourceServices, type TableSheetSource } from '../state/table-sheets.ts';
import type { Workbench } from '../workbench.ts';
import {
  type AnswerableView,
  answerable,
  headerMarks,
  isWhole,
  keptState,
  readState,
  type ViewState,
  wholeTable,
  withSort,
} from './view-state.ts';

/** The table sheet on screen, with the rows it shows. */
export interface ActiveView {
  readonly sheetId: string;
  readonly name: string;
  readonly table: TableMeta;
  readonly columns: readonly TableColumn[];
  readonly state: ViewState;
  readonly lost: AnswerableView['lost'];
  /** Rows that are shown. */
  readonly shown: number;
  /** True where the state could not be applied, or its finding was cancelled: all rows are shown. */
  readonly unapplied: boolean;
}

/** Rows that are being found. */
export interface ViewJob {
  readonly sheetId: string;
  readonly share: Accessor<number>;
  cancel(): void;
}

export interface MenuTarget {
  readonly sheetId: string;
  readonly column: TableColumn;
  /** The header cell on the page. */
  readonly area: PageArea;
}

/** Which rows the table sheets show: chosen by the user, kept with the sheets, found in a worker. */
export interface TableViews {
  readonly active: Accessor<ActiveView | null>;
  /** Work that has taken long enough to be spoken of. */
  readonly job: Accessor<ViewJob | null>;
  readonly menu: Accessor<MenuTarget | null>;
  readonly find: Accessor<boolean>;
  /** The column whose statistics are shown; null where none are. */
  readonly statistics: Accessor<string | null>;
  /** Finds the rows of a state and shows them; what was shown stays where that fails or is cancelled. */
  change(next: ViewState): Promise<boolean>;
  /** Applies what is kept with the sheet on screen once more. */
  applyAgain(): void;
  openMenu(column?: number | string): void;
  closeMenu(): void;
  showFind(open: boolean): void;
  showStatistics(column: string | null): void;
  /** The column of the cursor on the sheet on screen. */
  selectedColumn(): TableColumn | undefined;
  /** What the user asked for on a sheet. */
  act(action: TableAction, sheetId: string, column?: number): void;
  /** The cursor went elsewhere: statistics follow it. */
  followSelection(): void;
  /** Undo or redo put another state back: its rows are found, or what is shown stays. */
  restore(sheetId: string, kept: Json | null): void;
  /** Opens a table sheet of a workbook that is being opened, with the rows it showed. */
  open(source: TableSheetSource, sheetId: string, kept: Json | null): Promise<OpenedTable | null>;
  /** Shows a sheet's table anew: it has another version, or its headings another language. */
  reopen(sheetId: string, source: TableSheetSource): Promise<void>;
}

/** Milliseconds after which work is spoken of. */
const PATIENCE = 400;
/** How long the opening of a workbook waits for the rows that a sheet showed. */
const OPENING_PATIENCE = 1500;
/** Tenths of a second in which a workbook should be open. */
const MOST_TURNS = 300;
const pause = (milliseconds: number): Promise<undefined> =>
  new Promise((resolve) => setTimeout(() => resolve(undefined), milliseconds));
const ALL_ROWS: ShownRows = { rows: null, kept: null, marks: [] };

/** What the views need of the workbench. */
export interface ViewParts extends Pick<Workbench, 'session' | 'tables' | 'language' | 'notifications' | 'layout'> {
  /** What table sheets are opened with. */
  sources(): SourceServices;
}

export function createTableViews(parts: ViewParts): TableViews {
  const { session, tables, language, notifications, layout } = parts;
  const [job, setJob] = createSignal<ViewJob | null>(null);
  const [menu, setMenu] = createSignal<MenuTarget | null>(null);
  const [find, setFind] = createSignal(false);
  const [statistics, setStatistics] = createSignal<string | null>(null);
  const [unapplied, setUnapplied] = createSignal<ReadonlySet<string>>(new Set());
  const running = new Map<string, AbortController>();
  const last = new Map<string, ShownRows>();

  const markUnapplied = (sheetId: string, is: boolean): void => {
    if (unapplied().has(sheetId) === is) return;
    const next = new Set(unapplied());
    if (is) next.add(sheetId);
    else next.delete(sheetId);
    setUnapplied(next);
  };

  const active = createMemo((): ActiveView | null => {
    const sheet = session.activeSheet();
    if (!session.current() || !sheet || sheet.kind !== 'table') return null;
    const source = sheet.source as { table?: string } | undefined;
    const table = [...tables.list(), ...tables.results()].find(({ id }) => id === source?.table);
    const known = session.sheets().find(({ id }) => id === sheet.id);
    if (!table || !known) return null;
    const host = session.host();
    const state = readState(known.kept);
    return {
      sheetId: sheet.id,
      name: known.name,
      table,
      columns: host.tableColumns(sheet.id),
      state,
      lost: answerable(state, table.columns).lost,
      shown: host.rowIndex(sheet.id)?.length ?? table.rows,
      unapplied: unapplied().has(sheet.id),
    };
  });

  /** The rows of a state, in the order it wants. */
  const rowsOf = async (
    tableId: string,
    state: ViewState,
    signal: AbortSignal,
    onShare: (share: number) => void,
  ): Promise<ShownRows> => {
    if (isWhole(state)) return ALL_ROWS;
    const meta = await tables.client.get(tableId);
    const { filters, sort } = answerable(state, meta.columns);
    const query = { filters, sort, version: meta.version, locale: language.locale() };
    const nothing = filters.length === 0 && sort.length === 0;
    const rows = nothing ? null : await tables.client.queries.rowIndex(tableId, query, { signal, onShare });
    return { rows, kept: keptState(state), marks: headerMarks(state, meta.columns) };
  };

  /** Finds rows with a way to cancel; only the latest search of a sheet goes on. */
  const search = async (
    sheetId: string,
    tableId: string,
    state: ViewState,
    ready = (_: ShownRows): Promise<void> => Promise.resolve(),
  ): Promise<ShownRows> => {
    running.get(sheetId)?.abort();
    const controller = new AbortController();
    running.set(sheetId, controller);
    const [share, setShare] = createSignal(0);
    const shown: ViewJob = { sheetId, share, cancel: () => controller.abort() };
    const timer = setTimeout(() => setJob(shown), PATIENCE);
    try {
      if (state.sort.length > 0 && session.current()) session.host().readAhead(sheetId);
      const found = await rowsOf(tableId, state, controller.signal, setShare);
      await ready(found);
      controller.signal.throwIfAborted();
      return found;
    } finally {
      clearTimeout(timer);
      if (job() === shown) setJob(null);
      if (running.get(sheetId) === controller) running.delete(sheetId);
    }
  };

  /** Waits until the sheet can go from what it shows to other rows without a blank. */
  const painted =
    (sheetId: string) =>
    ({ rows }: ShownRows): Promise<void> =>
      session.host().rowsReady(sheetId, rows);

  const put = (sheetId: string, shown: ShownRows, undoable: boolean): void => {
    if (!session.sheets().some(({ id }) => id === sheetId)) return;
    session.host().showRows(sheetId, shown, undoable);
    last.set(sheetId, shown);
    markUnapplied(sheetId, false);
    performance.mark('patron:rows-shown');
  };

  /** Says why rows could not be found; nothing where the user stopped it. */
  const explain = (sheetId: string, error: unknown): void => {
    if (isCancelled(error)) return;
    const name = session.sheets().find(({ id }) => id === sheetId)?.name ?? '';
    notifications.add({
      kind: 'error',
      text: () => language.t('view.failed', name),
      remedy: () => explainTableError(error, language.t),
      details: errorDetails(error),
    });
  };

  const tableOf = (sheetId: string): string | undefined => {
    const sheet = session.sheets().find(({ id }) => id === sheetId);
    return (sheet?.source as { table?: string } | undefined)?.table;
  };

  /** Shows a sheet's state without making it a step to undo. Where that fails all that was shown stays, or goes `back`. */
  const settle = async (sheetId: string, state: ViewState, back?: ShownRows): Promise<void> => {
    const table = tableOf(sheetId);
    if (table === undefined) return;
    try {
      put(sheetId, await search(sheetId, table, state, painted(sheetId)), false);
    } catch (error) {
      explain(sheetId, error);
      // What has been asked for since is on its way.
      if (running.has(sheetId)) return;
      if (back) put(sheetId, back, false);
      else markUnapplied(sheetId, true);
    }
  };

  const views: TableViews = {
    active,
    job,
    menu,
    find,
    statistics,
    async change(next) {
      const view = active();
      if (!view) return false;
      try {
        put(view.sheetId, await search(view.sheetId, view.table.id, next, painted(view.sheetId)), true);
        return true;
      } catch (error) {
        explain(view.sheetId, error);
        return false;
      }
    },
    applyAgain() {
      const view = active();
      if (view) void settle(view.sheetId, view.state);
    },
    openMenu(wanted) {
      const view = active();
      if (!view) return;
      const selected = wanted ?? views.selectedColumn()?.name ?? 0;
      const index = typeof selected === 'number' ? selected : view.columns.findIndex(({ name }) => name === selected);
      const column = view.columns[index];
      if (!column) return;
      const host = session.host();
      const area = host.cellArea(0, index);
      if (area) setMenu({ sheetId: view.sheetId, column, area });
    },
    closeMenu: () => void setMenu(null),
    showFind: (open) => void setFind(open),
    showStatistics(column) {
      if (column !== null) layout.showForm(null);
      setStatistics(column);
    },
    selectedColumn() {
      const view = active();
      const range = view && session.host().selection()?.ranges.at(-1);
      return view?.columns[range?.startColumn || 0];
    },
    act(action, sheetId, column) {
      const view = active();
      if (!view || view.sheetId !== sheetId) {
        const name = session.sheets().find(({ id }) => id === sheetId)?.name ?? '';
        notifications.add({ kind: 'info', text: () => language.t('view.onlyStored', name) });
        return;
      }
      if (action === 'find') setFind(true);
      else if (action === 'columnMenu') views.openMenu(column);
      else {
        const key = views.selectedColumn();
        const descending = action === 'descending';
        if (key)
          void views.change(withSort(view.state, { column: key.name, ...(descending && { descending }) }, false));
      }
    },
    followSelection() {
      const column = statistics() === null ? undefined : views.selectedColumn();
      if (column) setStatistics(column.name);
    },
    restore(sheetId, kept) {
      void settle(sheetId, readState(kept), last.get(sheetId) ?? ALL_ROWS);
    },
    async open(source, sheetId, kept) {
      const view = await openSource(source, parts.sources());
      const state = readState(kept);
      last.delete(sheetId);
      markUnapplied(sheetId, false);
      if (!view || !('table' in source) || isWhole(state)) return view && { view };
      const found = search(sheetId, source.table, state);
      const shown = await Promise.race([found.catch(() => undefined), pause(OPENING_PATIENCE)]);
      if (shown) {
        last.set(sheetId, shown);
        return { view, shown };
      }
      // The workbook opens meanwhile, with all rows; those that are wanted come when they are found.
      markUnapplied(sheetId, true);
      found.then(
        async (late) => {
          for (let turn = 0; turn < MOST_TURNS && tableOf(sheetId) !== source.table; turn++) await pause(100);
          put(sheetId, late, false);
        },
        (error) => explain(sheetId, error),
      );
      return { view };
    },
    async reopen(sheetId, source) {
      const view = await openSource(source, parts.sources());
      if (!view) return;
      const host = session.host();
      const kept = session.sheets().find(({ id }) => id === sheetId)?.kept ?? null;
      const state = 'table' in source ? readState(kept) : wholeTable;
      let shown: ShownRows = { ...ALL_ROWS, kept };
      try {
        if ('table' in source) shown = await search(sheetId, source.table, state);
        markUnapplied(sheetId, false);
      } catch (error) {
        explain(sheetId, error);
        markUnapplied(sheetId, true);
      }
      last.set(sheetId, shown);
      host.replaceTableView(sheetId, { view, shown }, { ...source });
    },
  };
  return views;
}
