import { type Accessor, createContext, useContext } from 'solid-js';
import type { Commands } from './commands.ts';
import type { AskedName } from './controls/name-dialog.tsx';
import type { Files } from './files/files-state.ts';
import type { WorkbookLock } from './files/workbook-lock.ts';
import type { Language } from './language.ts';
import type { Layout } from './layout.ts';
import type { Notifications } from './notifications/notifications.ts';
import type { PaletteState } from './palette/palette-state.ts';
import type { Plugins } from './plugins/plugins-state.ts';
import type { ShapeDialogState } from './shape/shape-state.ts';
import type { Analyses } from './state/analyses.ts';
import type { Imports } from './state/imports.ts';
import type { Results } from './state/results.ts';
import type { Session } from './state/session.ts';
import type { Storage } from './state/storage.ts';
import type { StoredTables } from './state/stored-tables.ts';
import type { TableViews } from './table-view/table-views.ts';
import type { ThemeState } from './theme/theme.ts';
import type { Trash } from './trash.ts';

/** What is being imported, or about to be: a file once one is chosen. */
export interface ImportDialogState {
  readonly open: Accessor<boolean>;
  readonly file: Accessor<File | null>;
  /** Files that were chosen together with it. */
  readonly more: Accessor<readonly File[]>;
  show(file?: File, more?: readonly File[]): void;
  setFile(file: File | null, more?: readonly File[]): void;
  close(): void;
}

/** A name that the user is asked for. */
export interface NameDialogState {
  readonly asked: Accessor<AskedName | null>;
  ask(request: AskedName): void;
  close(): void;
}

/** Everything the parts of the window share. State lives in these; components only show it and run commands. */
export interface Workbench {
  readonly language: Language;
  readonly theme: ThemeState;
  readonly layout: Layout;
  readonly notifications: Notifications;
  readonly commands: Commands;
  readonly session: Session;
  readonly lock: WorkbookLock;
  readonly files: Files;
  readonly tables: StoredTables;
  readonly tableViews: TableViews;
  readonly storage: Storage;
  readonly imports: Imports;
  readonly analyses: Analyses;
  readonly runs: Results;
  readonly trash: Trash;
  readonly plugins: Plugins;
  readonly palette: PaletteState;
  readonly importDialog: ImportDialogState;
  readonly nameDialog: NameDialogState;
  readonly shape: ShapeDialogState;
}

export const WorkbenchContext = createContext<Workbench>();

/** The workbench that the component stands in. */
export function useWorkbench(): Workbench {
  const workbench = useContext(WorkbenchContext);
  if (!workbench) throw new Error('The component stands outside the workbench.');
  return workbench;
}
