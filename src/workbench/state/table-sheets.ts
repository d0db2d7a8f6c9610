import {
  type CellValue,
  type Column,
  stringColumn,
  stringsOf,
  stringVector,
  type Text,
  type ValueFormat,
  valueAt,
} from '@patron/sdk';
import type { RunRecord } from '../../analysis/index.ts';
import type { Translate } from '../../i18n/index.ts';
import { openTableView, type RejectReason, type Rejects, TableError, type TablesClient } from '../../tables/index.ts';
import type { TableColumn, TableView } from '../../workbook/index.ts';

/** What a table sheet shows, as the workbook keeps it: the current version of a table, or the rejects of its import. */
export type TableSheetSource =
  | { readonly table: string }
  | { readonly rejectsOf: string }
  /** A large table of a result: its headings and names of closed sets come from the run. */
  | { readonly table: string; readonly run: string; readonly part: string };

export interface SourceServices {
  readonly client: TablesClient;
  readonly t: Translate;
  run(id: string): Promise<RunRecord | undefined>;
  render(pluginId: string, text: Text): string;
}

/** Finds what a table sheet shows; null where it is gone. */
export async function openSource(source: TableSheetSource, services: SourceServices): Promise<TableView | null> {
  const { client, t } = services;
  try {
    if ('rejectsOf' in source) return rejectsView(await client.rejects(source.rejectsOf), t);
    const view = await openTableView(client, source.table);
    await firstRows(view);
    if (!('run' in source)) return view;
    const record = await services.run(source.run);
    if (!record) return view;
    return resultView(view, record.headings[source.part] ?? [], (text) => services.render(record.plugin.id, text));
  } catch (error) {
    if (error instanceof TableError) return null;
    throw error;
  }
}

const rowsToSee = 100;
const longestWait = 2000;

/** Waits until the first rows are there, so that a new sheet is laid out by what it shows and appears filled. */
function firstRows(view: TableView): Promise<void> {
  const last = Math.min(view.rows, rowsToSee) - 1;
  const there = (): boolean => view.columns.every((_, column) => last < 0 || view.cell(last, column) !== undefined);
  if (there()) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      stop();
      resolve();
    };
    const timer = setTimeout(finish, longestWait);
    const stop = view.onLoaded(() => {
      if (there()) finish();
    });
  });
}

/** With how many decimals the numbers of a result are shown, as a power of ten, whatever they are stored with. */
const shownScale: Readonly<Partial<Record<ValueFormat, number>>> = {
  money: 100,
  decimal: 100,
  decimal4: 10_000,
  pValue: 10_000,
  days: 10,
};

type Heading = RunRecord['headings'][string][number];

/** What a value is called, where it has a name. A value may be any word, `constructor` too. */
function nameOf(names: Readonly<Record<string, string>> | undefined, value: string): string {
  return names && Object.hasOwn(names, value) ? names[value] : value;
}

/** A result table with its headings and the names of closed sets in the reader's language. */
function resultView(view: TableView, headings: readonly Heading[], render: (text: Text) => string): TableView {
  const headingOf = (name: string): Heading | undefined => headings.find((heading) => heading.name === name);
  const labels = view.columns.map(({ name }) => {
    const named = headingOf(name)?.labels;
    return named && Object.fromEntries(Object.entries(named).map(([value, text]) => [value, render(text)]));
  });
  const worded = (value: CellValue | undefined, column: number): CellValue | undefined =>
    typeof value === 'string' ? nameOf(labels[column], value) : value;
  return {
    rows: view.rows,
    columns: view.columns.map((column, index) => {
      const heading = headingOf(column.name);
      return {
        ...column,
        ...(labels[index] ? { labels: labels[index] } : {}),
        ...(heading?.title === undefined ? {} : { title: render(heading.title) }),
        ...(heading?.format === undefined || column.type !== 'number'
          ? {}
          : { format: heading.format, scale: shownScale[heading.format] ?? column.scale }),
      };
    }),
    cell: (row, column) => worded(view.cell(row, column), column),
    pick: (rows, place, column) =>
      worded(view.pick ? view.pick(rows, place, column) : view.cell(rows[place], column), column),
    readAhead: () => view.readAhead?.(),
    onLoaded: (callback) => view.onLoaded(callback),
    async column(name) {
      const column = await view.column(name);
      const names = labels[view.columns.findIndex((each) => each.name === name)];
      if (!names || column.type !== 'string' || column.layout !== 'dictionary') return column;
      const words = stringsOf(column.dictionary).map((word) => nameOf(names, word));
      return { ...column, dictionary: stringVector(words) };
    },
  };
}

/** Rejects as a table view, its headings and reasons worded. */
function rejectsView(rejects: Rejects, t: Translate): TableView {
  const columnOf = (name: string): Column =>
    rejects.columns.find((column) => column.name === name)?.column ?? stringColumn([]);
  const line = columnOf('line');
  const raw = columnOf('raw');
  const named = columnOf('column');
  const reason = columnOf('reason');
  const values: Column[] = [line, named, raw, reason];
  const columns: TableColumn[] = [
    { name: 'line', type: 'integer', title: t('rejects.line') },
    { name: 'column', type: 'string', title: t('rejects.column') },
    { name: 'raw', type: 'string', title: t('rejects.raw') },
    { name: 'reason', type: 'string', title: t('rejects.reason') },
  ];
  const cell = (row: number, column: number): CellValue => {
    const value = valueAt(values[column], row);
    return column === 3 && typeof value === 'string' ? t(`rejects.${value as RejectReason}`) : value;
  };
  return {
    rows: rejects.rows,
    columns,
    cell,
    onLoaded: () => () => {},
    async column(name) {
      const index = columns.findIndex((column) => column.name === name);
      if (index !== 3) return values[index] ?? line;
      return stringColumn(Array.from({ length: rejects.rows }, (_, row) => String(cell(row, 3))));
    },
  };
}
