import { countIn } from '../numbers.ts';

const count = (value: number): string => countIn('en-US', value);
const plural = (value: number, one: string, many: string): string => `${count(value)} ${value === 1 ? one : many}`;

/** The frame: activity bar, status bar, palette, notifications, welcome page and workbooks. */
export const shell = {
  'app.name': 'Patron',
  'app.title': (name: string): string => `${name} – Patron`,
  'app.skip': 'Skip to the sheet',

  'common.cancel': 'Cancel',
  'common.close': 'Close',
  'common.copy': 'Copy details',
  'common.copied': 'Copied',
  'common.delete': 'Delete',
  'common.details': 'Details',
  'common.dismiss': 'Dismiss',
  'common.more': 'More actions',
  'common.rename': 'Rename',
  'common.undo': 'Undo',
  'common.percent': (share: number): string => `${Math.floor(share * 100)}%`,

  'activity.label': 'Views',
  'activity.tables': 'Tables',
  'activity.analyses': 'Analyses',
  'activity.plugins': 'Plugins',
  'activity.settings': 'Settings',

  'panel.resize': 'Resize the panel',
  'panel.resizeForm': 'Resize the form',

  'status.label': 'Status',
  'status.saving': 'saving…',
  'status.unsaved': 'changed',
  'status.saved': 'saved in this browser',
  'status.savedTip': 'Browser storage is a cache. Save to a file what you must not lose.',
  'status.saveFailed': 'not saved',
  'status.rows': (rows: number): string => plural(rows, 'row', 'rows'),
  'status.storage': (used: string, quota: string): string => `${used} of ${quota}`,
  'status.storageTip': 'Storage used in this browser, and how much it may use',
  'status.timeZone': (name: string): string => `Time zone ${name}`,
  'status.language': 'Language',
  'status.theme': 'Theme',
  'status.notifications': (unread: number): string =>
    unread === 0 ? 'Notifications' : `Notifications, ${plural(unread, 'new', 'new')}`,
  'status.sum': 'Sum',
  'status.average': 'Average',
  'status.count': 'Count',
  'status.minimum': 'Min',
  'status.maximum': 'Max',
  'status.selection': 'Figures of the selection',
  'status.progress': (title: string, percent: string): string => `${title} ${percent}`,

  'theme.light': 'Light',
  'theme.dark': 'Dark',
  'theme.system': 'As the system',

  'palette.title': 'Command palette',
  'palette.placeholder': 'Find a command, table, sheet, analysis or setting',
  'palette.empty': (query: string): string => `Nothing matches “${query}”. Try fewer letters.`,
  'palette.recent': 'recently used',
  'palette.kind.command': 'Command',
  'palette.kind.table': 'Table',
  'palette.kind.sheet': 'Sheet',
  'palette.kind.analysis': 'Analysis',
  'palette.kind.setting': 'Setting',
  'palette.kind.result': 'Result',
  'palette.matches': (matches: number): string => plural(matches, 'match', 'matches'),

  'notifications.title': 'Notifications',
  'notifications.empty': 'Nothing yet. What finishes, fails or needs you is listed here.',
  'notifications.clear': 'Clear the list',
  'notifications.copyFailed': 'The browser did not allow copying. Select the text and copy it by hand.',

  'welcome.title': 'Patron',
  'welcome.subtitle': 'Customer analytics in a workbook',
  'welcome.promise': 'Your data stays on this machine: nothing is uploaded, and it works without a network.',
  'welcome.open': 'Open a file',
  'welcome.openHint':
    'CSV, Excel, JSON, Parquet or Arrow with up to millions of rows, or a Patron workbook. You can also drop it anywhere.',
  'welcome.sample': 'Try the sample workbook',
  'welcome.sampleHint': '2,000 customers and 18 months of orders of an invented shop',
  'welcome.recent': 'Recent workbooks',
  'welcome.recentEmpty': 'Workbooks that you open are kept here, in this browser.',
  'welcome.new': 'New workbook',
  'welcome.newHint': 'An empty sheet to start from',
  'welcome.ways': 'Ways in',
  'welcome.saved': (when: string): string => `saved ${when}`,

  'workbook.untitled': 'Workbook',
  'workbook.sample': 'Sample shop',
  'workbook.rename': (name: string): string => `Rename “${name}”`,
  'workbook.name': 'Name of the workbook',
  'workbook.delete': (name: string): string => `Delete “${name}”`,
  'workbook.deleted': (name: string): string => `“${name}” was deleted.`,
  'workbook.home': 'All workbooks',
  'workbook.area': 'Sheets',
  'workbook.nameEmpty': 'Give the workbook a name.',

  'boot.loading': 'Opening the workbook…',
  'boot.failed': 'Patron could not start',
  'boot.failedText':
    'The browser did not give access to its storage. Leave private browsing or allow storage for this page, then reload.',
  'boot.reload': 'Reload',
  'boot.openFailed': (name: string): string =>
    `“${name}” could not be opened. Its data is untouched; the details say why.`,
  'boot.swept': (names: string): string =>
    `An import of ${names} was interrupted. The previous state is whole; import the file again.`,
};
