import type { Json, JsonObject, Text } from '@patron/sdk';
import { type Accessor, createEffect, createSignal, on } from 'solid-js';
import type { Locale, Translate } from '../../i18n/index.ts';
import {
  createWorkbookHost,
  type OpenedTable,
  type SaveState,
  type SelectionStatistics,
  type SheetInfo,
  type TableAction,
  type WorkbookHost,
  type WorkbookInfo,
  type WorkbookNotice,
  type WorkbookStore,
} from '../../workbook/index.ts';
import type { WorkbookLock } from '../files/workbook-lock.ts';
import { readPreference, writePreference } from '../preferences.ts';
import { isTimeZone, systemTimeZone } from '../settings/time-zones.ts';
import type { TableSheetSource } from './table-sheets.ts';

/** The workbooks of this browser and the one that is open. */
export interface Session {
  readonly workbooks: Accessor<readonly WorkbookInfo[]>;
  readonly current: Accessor<WorkbookInfo | null>;
  /** True while a workbook is being opened. */
  readonly opening: Accessor<boolean>;
  readonly sheets: Accessor<readonly SheetInfo[]>;
  readonly activeSheet: Accessor<SheetInfo | null>;
  readonly saveState: Accessor<SaveState>;
  readonly statistics: Accessor<SelectionStatistics | null>;
  readonly timeZone: Accessor<string>;
  /** True where another tab writes the open workbook, or did when it was opened. */
  readonly readOnly: Accessor<boolean>;
  /** The open workbook's sheets. @throws Error where no workbook is open. */
  host(): WorkbookHost;
  /** Where the sheets are drawn. Called once, when the window stands. */
  attach(container: HTMLElement): void;
  refresh(): Promise<void>;
  open(id: string): Promise<void>;
  /** Shows the open workbook as it is stored now, on the same sheet. */
  reload(): Promise<void>;
  create(name: string): Promise<WorkbookInfo>;
  rename(id: string, name: string): Promise<void>;
  /** Deletes a workbook's sheets for good. Its tables and runs are deleted where they are kept. */
  remove(id: string): Promise<void>;
  /** Closes the workbook and shows the welcome page. */
  goHome(): Promise<void>;
  setTimeZone(zone: string): void;
}

export interface SessionOptions {
  readonly store: WorkbookStore;
  readonly lock: WorkbookLock;
  readonly locale: Accessor<Locale>;
  readonly dark: Accessor<boolean>;
  readonly t: Translate;
  openTable(source: TableSheetSource, sheetId: string, kept: Json | null): Promise<OpenedTable | null>;
  onSelection(): void;
  onTableAction(action: TableAction, sheetId: string, column?: number): void;
  onKeptRows(sheetId: string, kept: Json | null): void;
  renderText(text: Text, scope: string, locale: string): string;
  onNotice(notice: WorkbookNotice): void;
  onSaveFailed(error: Error | undefined): void;
}

/**
 * Univer is loaded when the first workbook is opened, not before: the welcome page stands without it. From then on the same
 * host shows one workbook after the other.
 */
export function createSession(options: SessionOptions): Session {
  const [workbooks, setWorkbooks] = createSignal<readonly WorkbookInfo[]>([]);
  const [current, setCurrent] = createSignal<WorkbookInfo | null>(null);
  const [opening, setOpening] = createSignal(false);
  const [sheets, setSheets] = createSignal<readonly SheetInfo[]>([]);
  const [activeSheet, setActiveSheet] = createSignal<SheetInfo | null>(null);
  const [saveState, setSaveState] = createSignal<SaveState>('saved');
  const [statistics, setStatistics] = createSignal<SelectionStatistics | null>(null);
  const [timeZone, setTimeZone] = createSignal(systemTimeZone());
  const readOnly = (): boolean => ['elsewhere', 'gone'].includes(options.lock.writer());
  let container: HTMLElement | undefined;
  let loading: Promise<WorkbookHost> | undefined;
  let loaded: WorkbookHost | undefined;

  const load = (): Promise<WorkbookHost> => {
    if (!container) throw new Error('The window does not stand yet.');
    loading ??= createWorkbookHost(container, {
      store: options.store,
      locale: options.locale(),
      darkMode: options.dark(),
      newSheetName: () => options.t('sheet.first'),
      openTable: (source, sheetId, kept) => options.openTable(source as unknown as TableSheetSource, sheetId, kept),
      onSelection: options.onSelection,
      onTableAction: options.onTableAction,
      onKeptRows: options.onKeptRows,
      renderText: options.renderText,
      onNotice: options.onNotice,
      onSaveState(state, error) {
        setSaveState(state);
        if (state === 'error') options.onSaveFailed(error);
      },
      onActiveSheet: setActiveSheet,
      onSheets: setSheets,
      onStatistics: setStatistics,
    }).then((host) => {
      loaded = host;
      return host;
    });
    return loading;
  };
  createEffect(on(options.locale, (locale) => loaded?.setLocale(locale), { defer: true }));
  createEffect(on(options.dark, (dark) => loaded?.setDarkMode(dark), { defer: true }));

  const refresh = async (): Promise<void> => {
    setWorkbooks(await options.store.list());
  };

  return {
    workbooks,
    current,
    opening,
    sheets,
    activeSheet,
    saveState,
    statistics,
    timeZone,
    readOnly,
    host() {
      if (!loaded || !current()) throw new Error('No workbook is open.');
      return loaded;
    },
    attach(element) {
      container = element;
    },
    refresh,
    async open(id) {
      setOpening(true);
      try {
        const host = await load();
        await host.flush();
        host.setReadOnly(!(await options.lock.take(id)));
        await host.open(id);
        const details = host.details();
        const zone = String(details.timeZone ?? '');
        setTimeZone(isTimeZone(zone) && zone !== '' ? zone : systemTimeZone());
        // The zone belongs to the workbook from its first opening, so that it means the same on another machine.
        if (zone === '') host.setDetails({ ...details, timeZone: timeZone() });
        setCurrent(host.current());
        setSheets(host.sheets());
        setActiveSheet(host.activeSheet());
        writePreference('lastWorkbook', id);
        await refresh();
      } finally {
        setOpening(false);
      }
    },
    async reload() {
      const id = current()?.id;
      if (!loaded || id === undefined) return;
      const sheet = loaded.activeSheet()?.id;
      await loaded.open(id);
      if (loaded.sheets().some((each) => each.id === sheet && !each.hidden)) loaded.activateSheet(sheet as string);
      setCurrent(loaded.current());
    },
    async create(name) {
      const info = await options.store.create(name);
      await refresh();
      return info;
    },
    async rename(id, name) {
      if (loaded && current()?.id === id) {
        await loaded.rename(name);
        setCurrent(loaded.current());
      } else {
        await options.store.rename(id, name);
      }
      await refresh();
    },
    async remove(id) {
      await options.store.delete(id);
      await refresh();
    },
    async goHome() {
      await loaded?.close();
      options.lock.release();
      setCurrent(null);
      setSheets([]);
      setActiveSheet(null);
      setStatistics(null);
      writePreference('lastWorkbook', null);
      await refresh();
    },
    setTimeZone(zone) {
      setTimeZone(zone);
      if (loaded && current()) {
        const details: JsonObject = { ...loaded.details(), timeZone: zone };
        loaded.setDetails(details);
      }
    },
  };
}

/** The workbook that was open when the page was left. */
export function lastWorkbook(): string | null {
  return readPreference('lastWorkbook');
}
