import { countIn } from '../numbers.ts';

const count = (value: number): string => countIn('en-US', value);
const plural = (value: number, one: string, many: string): string => `${count(value)} ${value === 1 ? one : many}`;

/** Settings, the plugins panel, the titles of commands, and what the sheets say. */
export const settings = {
  'settings.title': 'Settings',
  'settings.language': 'Language',
  'settings.theme': 'Theme',
  'settings.timeZone': 'Time zone',
  'settings.timeZoneHint': 'Days, weeks and months of instants are cut in this zone. It belongs to the workbook.',
  'settings.timeZoneFind': 'City or region',
  'settings.timeZoneNone': 'No such time zone.',
  'settings.appearance': 'Appearance',
  'settings.workbook': 'Workbook',
  'settings.workbookNone': 'Open a workbook to change its settings.',
  'settings.storage': 'Storage',
  'settings.storageUsed': (used: string, quota: string): string => `${used} used of ${quota} available`,
  'settings.storageLabel': 'Storage used',
  'settings.storageWorking': 'Measuring…',
  'settings.persistent': 'Protected: the browser does not clear this data by itself.',
  'settings.notPersistent': 'The browser may clear this data when space runs low.',
  'settings.persist': 'Ask the browser to protect it',
  'settings.persistRefused': 'The browser did not agree. Bookmark the page or install it as an app, then ask again.',
  'settings.keys': 'Keyboard shortcuts',

  'plugins.title': 'Plugins',
  'plugins.builtIn': 'Comes with Patron',
  'plugins.analyses': (analyses: number): string => plural(analyses, 'analysis', 'analyses'),
  'plugins.version': (version: string): string => `version ${version}`,
  'plugins.permissions': 'May',
  'plugins.problems': 'Problems',
  'plugins.disabled': 'Stopped for this session after repeated crashes. Reload the page to try again.',
  'plugins.restart': 'Start it again',
  'plugins.none': 'No plugin is loaded.',

  'command.category.view': 'View',
  'command.category.file': 'File',
  'command.category.table': 'Table',
  'command.category.analysis': 'Analysis',
  'command.category.sheet': 'Sheet',
  'command.category.settings': 'Settings',
  'command.palette': 'Show the command palette',
  'command.togglePanel': 'Show or hide the side panel',
  'command.closeForm': 'Close the form',
  'command.showTables': 'Show tables',
  'command.showAnalyses': 'Show analyses',
  'command.showPlugins': 'Show plugins',
  'command.showSettings': 'Show settings',
  'command.showNotifications': 'Show notifications',
  'command.focusSheet': 'Go to the sheet',
  'command.import': 'Import a file…',
  'command.newWorkbook': 'New workbook',
  'command.sampleWorkbook': 'Open the sample workbook',
  'command.home': 'All workbooks (welcome page)',
  'command.renameWorkbook': 'Rename the workbook…',
  'command.deleteWorkbook': 'Delete the workbook',
  'command.openTable': 'Open a table as a sheet…',
  'command.exportSheet': 'Export the sheet as CSV',
  'command.exportTable': 'Export a table as CSV…',
  'command.renameTable': 'Rename a table…',
  'command.deleteTable': 'Delete a table…',
  'command.showRejects': 'Show the rejects of a table…',
  'command.newSheet': 'New sheet',
  'command.undo': 'Undo in the sheet',
  'command.redo': 'Redo in the sheet',
  'command.run': 'Run the analysis of the form',
  'command.openAnalysis': 'Open an analysis…',
  'command.cancelRun': 'Cancel the running analysis',
  'command.cancelImport': 'Cancel the running import',
  'command.rerunResult': 'Run a result again…',
  'command.openResult': 'Open a result…',
  'command.deleteResult': 'Delete a result…',
  'command.english': 'Language: English',
  'command.chinese': 'Language: 简体中文',
  'command.light': 'Theme: light',
  'command.dark': 'Theme: dark',
  'command.system': 'Theme: as the system',
  'command.timeZone': 'Change the time zone…',
  'command.persist': 'Ask the browser to protect the data',
  'command.failed': (title: string): string => `“${title}” failed.`,

  'sheet.first': 'Sheet1',
  'sheet.new': 'Sheet',
  'sheet.notice.tableReadOnly': (sheet: string): string =>
    `“${sheet}” shows stored data and is read-only. Write on another sheet; formulas can read this one.`,
  'sheet.notice.copyTooLarge': (sheet: string, limit: string): string =>
    `That is too much of “${sheet}” to copy at once (at most ${limit} cells). Export the table as CSV instead.`,
  'sheet.notice.findUseTable': (sheet: string): string =>
    `“${sheet}” is a table sheet: searching it cell by cell would block the page.`,
  'sheet.notice.filterUseTable': (sheet: string): string =>
    `“${sheet}” is a table sheet: filter its rows in an analysis, or with SUMIFS and COUNTIFS on another sheet.`,
  'sheet.notice.sortUseTable': (sheet: string): string =>
    `“${sheet}” is a table sheet and keeps the order of its file.`,
  'sheet.notice.rowsFixed': (sheet: string): string =>
    `The rows and columns of “${sheet}” belong to its table and stay as they are.`,
  'sheet.notice.columnUnreadable': (sheet: string): string =>
    `A column of “${sheet}” could not be read, so formulas over it have no value. Import its file again.`,
  'sheet.notice.workbookReadOnly': (_sheet: string): string =>
    'This workbook is open for reading only. Make a copy to change it.',
  'sheet.notice.tableMissing': (sheet: string): string =>
    `The table behind “${sheet}” is no longer in this browser. Import its file again.`,
  'sheet.saveFailed':
    'The workbook could not be saved. Your changes are still on screen; export what matters, then free some storage.',
};
