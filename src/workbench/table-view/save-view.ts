import type { Step } from '../../tables/index.ts';
import { isRefused } from '../files/read-only.ts';
import { applySteps } from '../shape/shape-actions.ts';
import { isCancelled } from '../state/explain-error.ts';
import type { Workbench } from '../workbench.ts';
import { answerable } from './view-state.ts';

/** Asks for a name and makes a new table of the rows that are shown, in their order: a recorded step of the table. */
export function saveViewAsTable(workbench: Workbench): void {
  const { files, language, nameDialog, tableViews } = workbench;
  const { t } = language;
  const view = tableViews.active();
  if (!view || isRefused(workbench)) return;
  const { filters, sort } = answerable(view.state, view.table.columns);
  const steps: Step[] = [
    ...(filters.length > 0 ? [{ kind: 'filter', filters } as const] : []),
    ...(sort.length > 0 ? [{ kind: 'sort', keys: sort, locale: language.locale() } as const] : []),
  ];
  if (steps.length === 0) return;
  nameDialog.ask({
    title: t('view.saveTitle'),
    label: t('tables.name'),
    value: t('view.saveName', view.table.name),
    emptyError: t('tables.nameEmpty'),
    action: t('view.save'),
    give(newTable) {
      void files
        .work(
          () => t('view.saving', newTable),
          (run) => applySteps(workbench, view.table, steps, { newTable }, run),
        )
        .catch((error) => {
          if (!isCancelled(error)) throw error;
        });
    },
  });
}
