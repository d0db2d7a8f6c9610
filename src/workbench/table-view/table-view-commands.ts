import type { AppCommand } from '../commands.ts';
import type { Workbench } from '../workbench.ts';
import { saveViewAsTable } from './save-view.ts';
import { wholeTable, withSort } from './view-state.ts';

/** What can be done with the rows of the table sheet on screen, at the column of the cursor. */
export function tableViewCommands(workbench: Workbench): AppCommand[] {
  const { tableViews: views } = workbench;
  const sort = (descending: boolean, add: boolean) => (): void => {
    const view = views.active();
    const column = views.selectedColumn();
    if (view && column)
      void views.change(withSort(view.state, { column: column.name, ...(descending && { descending }) }, add));
  };
  const command = (
    name:
      | 'menu'
      | 'ascending'
      | 'descending'
      | 'addAscending'
      | 'addDescending'
      | 'clearView'
      | 'saveView'
      | 'find'
      | 'statistics',
    run: () => unknown,
    keys: Pick<AppCommand, 'keys' | 'when'> = {},
  ): AppCommand => ({
    id: `table.view.${name}`,
    title: `command.table.${name}`,
    category: 'command.category.table',
    when: 'tableView',
    ...keys,
    run,
  });
  return [
    command('menu', () => views.openMenu(), { keys: ['alt+down'], when: 'tableView && sheetFocus' }),
    command('ascending', sort(false, false)),
    command('descending', sort(true, false)),
    command('addAscending', sort(false, true)),
    command('addDescending', sort(true, true)),
    command('clearView', () => views.change(wholeTable)),
    command('saveView', () => saveViewAsTable(workbench)),
    command('find', () => views.showFind(true), { keys: ['mod+f'] }),
    command('statistics', () => views.showStatistics(views.selectedColumn()?.name ?? null)),
  ];
}
