import { countIn } from '../numbers.ts';

const count = (value: number): string => countIn('en-US', value);
const plural = (value: number, one: string, many: string): string => `${count(value)} ${value === 1 ? one : many}`;

/** The workbook as a file, files in and out, several tabs, and newer versions of the app. */
export const files = {
  'command.openFile': 'Open a file…',
  'command.saveFile': 'Save the workbook to a file',
  'command.saveFileAs': 'Save the workbook as…',
  'command.pasteTable': 'Paste as a table',
  'command.exportTableXlsx': 'Export a table as Excel (XLSX)…',
  'command.exportTableParquet': 'Export a table as Parquet…',
  'command.exportTableArrow': 'Export a table as Arrow…',
  'command.exportTableJson': 'Export a table as JSON lines…',
  'command.exportSelectionCsv': 'Export the selected cells as CSV',
  'command.exportSelectionXlsx': 'Export the selected cells as Excel (XLSX)',
  'command.exportSelectionParquet': 'Export the selected cells as Parquet',
  'command.exportSelectionArrow': 'Export the selected cells as Arrow',
  'command.exportSelectionJson': 'Export the selected cells as JSON lines',
  'command.exportSheetXlsx': 'Export the sheet as Excel (XLSX)',
  'command.exportWorkbookXlsx': 'Export all sheets but tables as one Excel file (XLSX)',
  'command.cancelFile': 'Cancel the running save, opening or export',
  'command.takeOver': 'Take over editing from the closed tab',

  'file.none': 'not yet in a file',
  'file.saved': (name: string, time: string): string => `file: ${name}, saved ${time}`,
  'file.changed': (name: string): string => `file: ${name}, changed since`,
  'file.menu': 'File of the workbook',
  'file.menuTip': 'A file of your own keeps the whole workbook: sheets, tables and results',
  'file.save': 'Save to a file',
  'file.saveAs': 'Save as…',
  'file.open': 'Open a file…',
  'file.cancel': 'Cancel',
  'file.kind': 'Patron workbook',
  'file.saving': (name: string): string => `Saving “${name}”`,
  'file.savedNotice': (name: string): string => `“${name}” is saved with all sheets, tables and results.`,
  'file.downloaded': (name: string): string =>
    `“${name}” was handed to the browser's downloads with all sheets, tables and results.`,
  'file.saveFailed': (name: string): string => `“${name}” could not be saved. The former file is untouched.`,
  'file.saveRemedy': 'Check that there is room and that the folder may be written to, or choose “Save as…”.',
  'file.saveCancelled': (name: string): string => `Saving “${name}” was cancelled. The former file is untouched.`,
  'file.opening': (name: string): string => `Opening “${name}”`,
  'file.opened': (name: string, tables: number): string =>
    `“${name}” is open, with ${plural(tables, 'table', 'tables')}.`,
  'file.lost': (name: string, lost: string): string =>
    `“${name}” is open, but a part of the file is damaged. These tables could not be saved from it: ${lost}.`,
  'file.lostRemedy': 'Open a copy of the file where you have one, or import these tables again.',
  'file.openFailed': (name: string): string => `“${name}” could not be opened. Nothing here was changed.`,
  'file.openCancelled': (name: string): string => `Opening “${name}” was cancelled. Nothing was stored.`,
  'file.fault.notPatron':
    'It is no Patron file, or only a part of one. Fetch or copy it again, or choose another file.',
  'file.fault.newer': 'A newer Patron saved it. Update this one to open it.',
  'file.fault.damaged': 'It is damaged. Open a copy of the file, or save it again where it came from.',
  'file.fault.tooLarge': 'It unpacks to more than can be opened safely. Open only files that you trust.',
  'file.fault.runs': (left: number): string =>
    `${plural(left, 'result', 'results')} in the file could not be read and ${left === 1 ? 'was' : 'were'} left out.`,
  'file.dropHere': 'Drop to open',
  'file.dropHint': 'Tables of any format, or a Patron workbook',

  'import.sheet': 'Sheet',
  'import.several': 'Several files',
  'import.together': 'One below the other, into one table',
  'import.separate': 'A table for each file',
  'import.titleSeveral': (files: number): string => `Import ${count(files)} files`,
  'import.files': (files: number, size: string): string => `${count(files)} files · ${size}`,
  'import.severalHint': (name: string): string =>
    `The preview shows “${name}”. Encoding, delimiter and types hold for all files.`,
  'import.columnsDiffer': (names: string): string =>
    `Other columns than the first file: ${names}. Columns that a file lacks stay empty in its rows.`,
  'import.severalRunning': (name: string, number: number, files: number): string =>
    `Importing “${name}” (${count(number)} of ${count(files)})`,
  'import.severalDone': (tables: number): string => `${plural(tables, 'table is', 'tables are')} imported.`,
  'import.severalFailed': (name: string): string => `“${name}” could not be imported.`,
  'import.severalTaken': 'The table that the files were to form was taken back; nothing was stored.',
  'import.severalStands': (tables: number): string =>
    `${plural(tables, 'table', 'tables')} before it ${tables === 1 ? 'is' : 'are'} imported and stay.`,

  'import.list': 'List',
  'import.sheets': 'Sheets to import',
  'import.lists': 'Lists to import',
  'import.as': 'Bring in as',
  'import.as.table': 'Tables, each column with its type',
  'import.as.sheet': 'Sheets to edit, with formulas and formats',
  'import.titleLines': (title: string): string => `Left out, as it stands above the table: “${title}”.`,
  'import.headerRows': (rows: number): string => `The names of the columns are joined from ${count(rows)} rows.`,
  'import.filled': 'Merged cells repeat their value in each row that they cover.',
  'import.delimiter.fixed': 'Fixed widths',
  'import.delimiter.other': 'Another character…',
  'import.otherDelimiter': 'Delimiting character',
  'import.columnStarts': 'Columns begin at',
  'import.columnStartsHint': 'In characters, the first is 0: 0, 8, 14',
  'import.dateOrder': (name: string): string => `Order of day and month in “${name}”`,
  'import.dateOrder.day-month': 'day / month',
  'import.dateOrder.month-day': 'month / day',
  'import.orderFrom.values': 'shown by values over 12',
  'import.orderFrom.row-order': 'shown by the order of rows',
  'import.orderFrom.choice': 'as you chose',
  'import.orderFrom.habit': 'both are possible: check',
  'import.kept.leading-zeros': 'text: leading zeros',
  'import.kept.long-digits': 'text: too long for a number',
  'import.kept.phone': 'text: phone numbers',
  'import.kept.name': 'text: an identifier',
  'import.kept.quoted': 'text in the file itself',
  'import.kept.mixed': 'text: numbers and words',

  'sheets.hint':
    'Cells come with formulas, fonts, fills, borders, number formats, widths, merged cells and frozen panes, up to 200,000 cells. Larger sheets are better imported as tables.',
  'sheets.newWorkbook': 'The sheets open in a new workbook that is named after the file.',
  'sheets.running': (file: string): string => `Bringing in the sheets of “${file}”`,
  'sheets.named': (name: string): string => `“${name}”`,
  'sheets.comma': ', ',
  'sheets.done': (sheets: number, names: string): string =>
    `${names} ${sheets === 1 ? 'is' : 'are'} here to edit. Undo takes ${sheets === 1 ? 'it' : 'them'} back.`,
  'sheets.leftOut': (list: string): string => `Not brought in: ${list}.`,
  'sheets.frozen': (formulas: number, functions: string): string =>
    `${plural(formulas, 'formula keeps its value', 'formulas keep their values')}, for ${formulas === 1 ? 'it needs' : 'they need'} what is not here${functions === '' ? '' : ` (${functions})`}.`,
  'sheets.tooLarge': (sheet: string): string =>
    `“${sheet}” is too large to be edited as cells: at most 200,000 cells, 100,000 rows and 2,000 columns. Import it as a table.`,
  'sheets.leftOut.charts': 'charts',
  'sheets.leftOut.chartSheets': 'chart sheets',
  'sheets.leftOut.images': 'images',
  'sheets.leftOut.pivotTables': 'pivot tables',
  'sheets.leftOut.macros': 'macros',
  'sheets.leftOut.controls': 'form controls',
  'sheets.leftOut.excelTables': 'Excel tables (their cells are here)',
  'sheets.leftOut.filters': 'filters',
  'sheets.leftOut.validation': 'data validation',
  'sheets.leftOut.conditionalFormats': 'conditional formats',
  'sheets.leftOut.sparklines': 'sparklines',
  'sheets.leftOut.comments': 'comments',
  'sheets.leftOut.protection': 'sheet protection',
  'sheets.leftOut.links': 'links that lead neither to the web nor to mail',
  'sheets.leftOut.names': 'names that refer to what is not here',

  'rejects.error-value': 'the cell shows an error',

  'paste.name': 'Pasted',
  'paste.empty': 'The clipboard holds no text. Copy cells in a spreadsheet first.',
  'paste.refused': 'The browser did not allow reading the clipboard.',
  'paste.refusedRemedy':
    'Click into the list of tables and press Ctrl+V (Cmd+V on a Mac), or allow the clipboard for this page.',

  'tables.exportXlsx': 'Export as Excel (XLSX)',
  'tables.exportParquet': 'Export as Parquet',
  'tables.exportArrow': 'Export as Arrow',
  'tables.exportJson': 'Export as JSON lines',
  'export.cancelled': (name: string): string => `The export of “${name}” was cancelled.`,
  'export.tooManyRows': 'An Excel sheet holds 1,048,575 rows. Export the table as CSV or Parquet.',

  'readOnly.banner': 'This workbook is open in another tab. Here it is read-only and follows what is saved there.',
  'readOnly.free': 'The other tab is closed. You can go on here.',
  'readOnly.takeOver': 'Take over',
  'readOnly.refused':
    'This workbook is open in another tab and read-only here. Change it there, or close that tab first.',
  'sheet.notice.workbookReadOnly': (_sheet: string): string =>
    'This workbook is open in another tab and read-only here. Change it there, or close that tab first.',

  'update.ready': 'A new version of Patron is ready.',
  'update.reload': 'Reload',
};
