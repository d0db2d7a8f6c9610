import { createEffect, createSignal, on, onCleanup } from 'solid-js';
import { render } from 'solid-js/web';
import { AnalysisService, openRunStore } from '../analysis/index.ts';
import { countIn } from '../i18n/index.ts';
import { Breadcrumb, PluginHost } from '../platform/index.ts';
import { type SweptImport, TablesClient } from '../tables/index.ts';
import { openWorkbookStore, type WorkbookNotice, type WorkbookStore } from '../workbook/index.ts';
import { rewriteReports } from './actions/result-actions.ts';
import { refreshSheetsOf, retitleTableSheets, sourceServices } from './actions/table-actions.ts';
import { emptyTrash } from './actions/trash-actions.ts';
import { openWorkbook } from './actions/workbook-actions.ts';
import { appCommands } from './app-commands.ts';
import { createCommands, followContext, listenForKeys } from './commands.ts';
import type { AskedName } from './controls/name-dialog.tsx';
import { fileCommands } from './files/file-commands.ts';
import { createFiles } from './files/files-state.ts';
import { followWriter } from './files/follow-writer.ts';
import { keepOffline } from './files/offline.ts';
import { listenForPaste } from './files/paste-table.ts';
import { createWorkbookLock, isAnyWorkbookOpen } from './files/workbook-lock.ts';
import { createLanguage } from './language.ts';
import { createLayout } from './layout.ts';
import { createNotifications } from './notifications/notifications.ts';
import { createToasts } from './notifications/toasts.tsx';
import { createPaletteState } from './palette/palette-state.ts';
import { installBuiltInPlugins } from './plugins/built-in-plugins.ts';
import { offerContributions } from './plugins/contributed-commands.ts';
import { pluginServices } from './plugins/plugin-services.ts';
import { createPlugins } from './plugins/plugins-state.ts';
import { offerSheetFunctions } from './plugins/sheet-functions.ts';
import { keepSettings } from './plugins/stored-settings.ts';
import { createShapeDialog } from './shape/shape-state.ts';
import { StartFailure } from './shell/start-failure.tsx';
import { WorkbenchWindow } from './shell/window.tsx';
import { createAnalyses } from './state/analyses.ts';
import { errorDetails } from './state/explain-error.ts';
import { createImports } from './state/imports.ts';
import { createResults } from './state/results.ts';
import { createSession, lastWorkbook } from './state/session.ts';
import { createStorage } from './state/storage.ts';
import { createStoredTables } from './state/stored-tables.ts';
import { tableViewCommands } from './table-view/table-view-commands.ts';
import { createTableViews } from './table-view/table-views.ts';
import { createTheme } from './theme/theme.ts';
import { createTrash } from './trash.ts';
import { type ImportDialogState, type NameDialogState, type Workbench, WorkbenchContext } from './workbench.ts';

/** The stores that must stand before the window does. */
interface Stores {
  readonly workbooks: WorkbookStore;
  readonly runs: Awaited<ReturnType<typeof openRunStore>>;
  readonly client: TablesClient;
  readonly swept: readonly SweptImport[];
}

/** Opens the stores, sweeps what a killed import left, and shows the window with the last workbook or the welcome page. */
export async function startWorkbench(root: HTMLElement): Promise<void> {
  try {
    const client = new TablesClient();
    const [workbooks, runs, swept] = await Promise.all([openWorkbookStore(), openRunStore(), client.start()]);
    render(() => <App stores={{ workbooks, runs, client, swept }} />, root);
  } catch (error) {
    render(() => <StartFailure error={error} />, root);
  }
}

function App(props: { stores: Stores }) {
  const toasts = createToasts();
  const workbench = createWorkbench(props.stores, toasts.show);
  const { commands, notifications, session, language } = workbench;
  for (const command of [...appCommands(workbench), ...fileCommands(workbench), ...tableViewCommands(workbench)])
    commands.register(command);
  followWriter(workbench);
  listenForPaste(workbench);
  keepOffline(workbench);
  listenForKeys(commands);
  followFacts(workbench);
  followLanguage(workbench);
  offerSheetFunctions(workbench);
  offerContributions(workbench);
  keepSettings(workbench);
  if (props.stores.swept.length > 0) {
    const names = props.stores.swept.map(({ sourceName }) => `“${sourceName}”`).join(', ');
    notifications.add({ kind: 'warning', text: () => language.t('boot.swept', names) });
  }
  queueMicrotask(async () => {
    // What another tab deleted can still be brought back there.
    if (!(await isAnyWorkbookOpen())) await emptyTrash(workbench);
    await session.refresh();
    void workbench.storage.refresh();
    const last = lastWorkbook();
    if (last && session.workbooks().some(({ id }) => id === last)) await openWorkbook(workbench, last);
  });
  return (
    <WorkbenchContext.Provider value={workbench}>
      <WorkbenchWindow toasts={toasts} />
    </WorkbenchContext.Provider>
  );
}

function createWorkbench(stores: Stores, showToast: Parameters<typeof createNotifications>[0]): Workbench {
  const language = createLanguage();
  const theme = createTheme();
  const notifications = createNotifications(showToast);
  const trash = createTrash();
  const mac = /Mac|iPhone|iPad/.test(navigator.platform);
  const breadcrumb = new Breadcrumb();
  const host = new PluginHost({
    locale: language.locale(),
    mac,
    services: pluginServices(() => workbench),
    onStrangersCall: (pluginId, call) => breadcrumb.begin(pluginId, call),
  });
  installBuiltInPlugins(host);
  const analyses = createAnalyses(host, language.locale);
  const { t } = language;
  const lock = createWorkbookLock();
  const session = createSession({
    store: stores.workbooks,
    lock,
    locale: language.locale,
    dark: () => theme.theme() === 'dark',
    t,
    openTable: (source, sheetId, kept) => tableViews.open(source, sheetId, kept),
    onSelection: () => tableViews.followSelection(),
    onTableAction: (action, sheetId, column) => tableViews.act(action, sheetId, column),
    onKeptRows: (sheetId, kept) => tableViews.restore(sheetId, kept),
    renderText: (text, scope, locale) => analyses.render(scope, text, locale),
    onNotice: (notice) => tellOf(notice),
    onSaveFailed: (error) =>
      notifications.add({ kind: 'error', text: () => t('sheet.saveFailed'), details: error && errorDetails(error) }),
  });
  const workbookId = (): string | null => session.current()?.id ?? null;
  const tables = createStoredTables(stores.client, workbookId, trash, (tableId) => {
    void refreshSheetsOf(workbench, tableId);
    void runs.refresh();
  });
  const layout = createLayout();
  const sources = () => sourceServices(workbench);
  const tableViews = createTableViews({ session, tables, language, notifications, layout, sources });
  const service = new AnalysisService({
    host,
    tables: stores.client,
    runs: stores.runs,
    workbook: () => session.current()?.id ?? '',
    timeZone: session.timeZone,
  });
  const runs = createResults(service, workbookId, trash);
  const tellOf = ({ key, sheetId, sheetName, limit }: WorkbookNotice): void => {
    const hidden = session.sheets().some(({ id, hidden: away }) => id === sheetId && away);
    if (key === 'tableMissing' && hidden) return;
    const limitText = (): string => countIn(language.locale(), limit ?? 0);
    notifications.add({
      kind: key === 'tableMissing' || key === 'columnUnreadable' ? 'warning' : 'info',
      text: () =>
        key === 'copyTooLarge'
          ? t('sheet.notice.copyTooLarge', sheetName, limitText())
          : t(`sheet.notice.${key}`, sheetName),
    });
  };
  const commands = createCommands(host, (title, error) =>
    notifications.add({ kind: 'error', text: () => t('command.failed', title), details: errorDetails(error) }),
  );
  const workbench: Workbench = {
    language,
    theme,
    layout,
    notifications,
    commands,
    session,
    lock,
    files: createFiles({ workbooks: stores.workbooks, runs: stores.runs, tables: stores.client }, session, runs),
    tables,
    tableViews,
    storage: createStorage(stores.client),
    imports: createImports(stores.client),
    analyses,
    runs,
    trash,
    plugins: createPlugins({ host, breadcrumb, language, notifications }),
    palette: createPaletteState(),
    importDialog: createImportDialog(),
    nameDialog: createNameDialog(),
    shape: createShapeDialog(),
  };
  onCleanup(() => host.dispose());
  return workbench;
}

function createImportDialog(): ImportDialogState {
  const [open, setOpen] = createSignal(false);
  const [file, setFile] = createSignal<File | null>(null);
  const [more, setMore] = createSignal<readonly File[]>([]);
  const choose = (chosen: File | null, others: readonly File[] = []): void => {
    setMore(others);
    setFile(chosen);
  };
  return {
    open,
    file,
    more,
    show(chosen, others) {
      choose(chosen ?? null, others);
      setOpen(true);
    },
    setFile: choose,
    close: () => void setOpen(false),
  };
}

function createNameDialog(): NameDialogState {
  const [asked, setAsked] = createSignal<AskedName | null>(null);
  return { asked, ask: (request) => void setAsked(request), close: () => void setAsked(null) };
}

/** What when-clauses of commands, keys and menus may speak of. */
function followFacts({ commands, session, tables, tableViews, runs, imports, layout, files, lock }: Workbench): void {
  const { host } = commands;
  followContext(host, 'workbookOpen', () => session.current() !== null);
  followContext(host, 'tableView', () => tableViews.active() !== null);
  followContext(host, 'sheetFocus', focusInSheets());
  followContext(host, 'activeSheetKind', () => session.activeSheet()?.kind ?? '');
  followContext(host, 'hasTables', () => tables.list().length > 0);
  followContext(host, 'hasResults', () => runs.list().length > 0);
  followContext(host, 'importing', () => imports.active() !== null);
  followContext(host, 'analysing', () => runs.active() !== null);
  followContext(host, 'fileWork', () => files.job() !== null);
  followContext(host, 'canTakeOver', () => lock.writer() === 'gone');
  followContext(host, 'formOpen', () => layout.form() !== null);
}

/** Whether keys go to the sheets rather than to a field or a panel. */
function focusInSheets(): () => boolean {
  const isInSheets = (): boolean => {
    const focus = document.activeElement;
    return focus === null || focus === document.body || focus.closest('[data-sheets]') !== null;
  };
  const [focused, setFocused] = createSignal(isInSheets());
  const follow = (): void => void setFocused(isInSheets());
  document.addEventListener('focusin', follow);
  document.addEventListener('focusout', follow);
  onCleanup(() => {
    document.removeEventListener('focusin', follow);
    document.removeEventListener('focusout', follow);
  });
  return focused;
}

/** What the language reaches beyond the components: plugins, page title, reports, headings of table sheets. */
function followLanguage(workbench: Workbench): void {
  const { commands, language, session } = workbench;
  createEffect(() => {
    const name = session.current()?.name;
    document.title = name === undefined ? language.t('app.name') : language.t('app.title', name);
  });
  createEffect(
    on(
      language.locale,
      (locale) => {
        commands.host.setLocale(locale);
        if (session.current()) void rewriteReports(workbench).then(() => retitleTableSheets(workbench));
      },
      { defer: true },
    ),
  );
}
