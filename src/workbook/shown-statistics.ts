import type { FormulaLink } from './formula-link.ts';
import type { HostContext } from './host-context.ts';
import { onSelectionRest, ordinaryStatistics, shownStatistics } from './selection-statistics.ts';
import { within } from './sheet-values.ts';
import type { TableHost } from './table-host.ts';

/** Tells the shell what is selected and what it adds up to; over tables that is worked out by the calculating worker. */
export function tellSelection(context: HostContext, tables: TableHost['sheets'], link: FormulaLink): void {
  const { options } = context;
  let run = 0;
  onSelectionRest((ranges) => {
    const sheet = context.open?.workbook.getActiveSheet();
    if (!sheet) return;
    options.onSelection?.(sheet.getSheetId(), ranges);
    if (!options.onStatistics) return;
    const current = ++run;
    const areas = ranges.map((range) => within(range, sheet));
    const size = areas.reduce(
      (sum, { startRow, endRow, startColumn, endColumn }) =>
        sum + (endRow - startRow + 1) * (endColumn - startColumn + 1),
      0,
    );
    if (size < 2) return options.onStatistics(null);
    const cells = tables.cells(sheet.getSheetId());
    if (!cells) return options.onStatistics(shownStatistics(size, ordinaryStatistics(sheet, areas)));
    void link
      .statistics(
        context.opened().workbook.getUnitId(),
        sheet.getSheetId(),
        // The heading is no value of its column.
        areas.map(({ startRow, endRow, startColumn, endColumn }) => ({
          firstColumn: startColumn,
          lastColumn: Math.min(endColumn, cells.columns - 1),
          rows: { start: Math.max(1, startRow), end: endRow },
        })),
      )
      .then((found) => {
        if (current === run) options.onStatistics?.(shownStatistics(size, found));
      });
  });
}
