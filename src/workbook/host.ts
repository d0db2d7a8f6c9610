import { CommandType } from '@univerjs/core';
import { ILayoutService } from '@univerjs/ui';
import { createAutosave } from './autosave.ts';
import { createCalculationWatch } from './calculation-watch.ts';
import { offerFunctions } from './custom-functions.ts';
import { fileSheets } from './file-sheets.ts';
import { createFloatingCharts } from './floating-charts.ts';
import { readTableSheets } from './formula-data.ts';
import { linkFormulas } from './formula-link.ts';
import { createHostContext } from './host-context.ts';
import type { HostOptions, WorkbookHost, WorkbookLocale } from './host-contract.ts';
import { type OpeningParts, openStoredWorkbook, putWorkbookAway } from './open-workbook.ts';
import { guardReadOnly } from './read-only-guard.ts';
import { hostSheets } from './sheet-host.ts';
import { tellSelection } from './shown-statistics.ts';
import { hostTables } from './table-host.ts';
import { localeType, startUniver } from './univer-app.ts';

/** What changes a workbook, among all that runs through the command service. */
const SAVED = /^(sheet\.mutation\.|data-validation\.mutation\.|formula\.mutation\.(set|remove)-defined-name)/;
const SHEET_LIST =
  /^sheet\.mutation\.(insert-sheet|remove-sheet|set-worksheet-name|set-worksheet-order|set-worksheet-hidden|set-shown-rows)$/;

/** Univer in the shell: see `WorkbookHost` for what it does, `createWorkbookHost` for how it is reached. */
export function startWorkbook(container: HTMLElement, options: HostOptions): WorkbookHost {
  const look = { locale: options.locale, dark: options.darkMode };
  const worker = new Worker(new URL('../../workers/formula.ts', import.meta.url), { type: 'module' });
  const { univer, api, injector } = startUniver(container, worker, options);
  const context = createHostContext(api, injector, options);
  const { commands } = context;

  const link = linkFormulas(worker, {
    columnError() {
      const sheet = host.activeSheet();
      if (sheet) context.notice('columnUnreadable', sheet.id);
    },
    answered(cells) {
      const dirty = cells
        .filter(({ unitId, sheetId }) => unitId === context.open?.workbook.getUnitId() && context.find(sheetId))
        .map(({ unitId, sheetId, row, column }) => ({
          unitId,
          sheetId,
          range: { startRow: row, endRow: row, startColumn: column, endColumn: column },
        }));
      if (dirty.length > 0) context.calculate(dirty);
    },
  });
  const charts = createFloatingCharts(api, injector, () => look, options.renderText);
  const calculation = createCalculationWatch(commands);
  const customFunctions = new Set<ReturnType<typeof offerFunctions>>();
  const sheetCalls = hostSheets(context, charts);
  const tables = hostTables(context, link, sheetCalls.activateSheet);
  readTableSheets((_unitId, sheetId) => tables.sheets.matrix(sheetId));

  const autosave = createAutosave(async () => {
    const saved = context.open;
    if (!saved || context.readOnly) return;
    const snapshot = api.getActiveWorkbook()?.save() ?? saved.workbook.getSnapshot();
    const { modifiedAt } = await options.store.write(saved.info, {
      snapshot,
      details: saved.details,
      activeSheet: saved.workbook.getActiveSheet()?.getSheetId(),
    });
    // Only the time: the workbook may have been renamed while it was being written.
    saved.info = { ...saved.info, modifiedAt };
  }, options.onSaveState);
  const changed = (): void => {
    if (!context.readOnly) autosave.changed();
  };

  guardReadOnly(api, {
    locked: () => context.readOnly && !context.isOwn() && context.open !== null,
    refused: () => context.notice('workbookReadOnly', host.activeSheet()?.id ?? ''),
  });
  tellSelection(context, tables.sheets, link);

  const listening = commands.onCommandExecuted((command, how) => {
    const { open } = context;
    if (!open || command.type !== CommandType.MUTATION) return;
    const params = command.params as { unitId?: string } | undefined;
    if (params?.unitId !== undefined && params.unitId !== open.workbook.getUnitId()) return;
    if (SHEET_LIST.test(command.id)) options.onSheets?.(host.sheets());
    if ((!how?.onlyLocal || how.fromFormula) && SAVED.test(command.id)) changed();
  });

  const parts: OpeningParts = {
    context,
    autosave,
    tables: tables.sheets,
    describeFunctions() {
      for (const offered of customFunctions) offered.describe();
    },
  };
  let turn: Promise<void> = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const done = turn.then(work);
    turn = done.catch(() => {});
    return done;
  };

  const host: WorkbookHost = {
    ...sheetCalls,
    ...tables.calls,
    ...fileSheets(context),
    open: (id) => inTurn(() => openStoredWorkbook(parts, id)),
    close: () => inTurn(() => putWorkbookAway(parts)),
    current: () => context.open?.info ?? null,
    async rename(name) {
      const renamed = context.opened();
      renamed.info = await options.store.rename(renamed.info.id, name);
      renamed.workbook.setName(name);
      changed();
    },
    flush: () => autosave.flush(),
    details: () => context.open?.details ?? {},
    setDetails(details) {
      context.opened().details = details;
      changed();
    },
    setLocale(locale: WorkbookLocale) {
      look.locale = locale;
      api.setLocale(localeType(locale));
      charts.redraw();
    },
    setReadOnly(next) {
      context.readOnly = next;
    },
    setDarkMode(dark) {
      look.dark = dark;
      api.toggleDarkMode(dark);
      charts.redraw();
    },
    execute(command, parameters) {
      // What a guard refuses ends in a rejection, and the user has been told.
      commands.executeCommand(command, parameters).catch(() => {});
    },
    focus: () => injector.get(ILayoutService).focus(),
    undo: () => void api.undo(),
    redo: () => void api.redo(),
    async dispose() {
      await inTurn(() => putWorkbookAway(parts));
      await autosave.dispose();
      listening.dispose();
      calculation.dispose();
      univer.dispose();
      link.dispose();
    },
    registerFunctions(functions) {
      const offered = offerFunctions(injector, link, functions, context.open !== null);
      customFunctions.add(offered);
      if (context.open) context.calculate([], true);
      return () => {
        if (!customFunctions.delete(offered)) return;
        offered.withdraw();
        if (context.open) context.calculate([], true);
      };
    },
    calculated: () => calculation.settled(),
  };
  return host;
}
