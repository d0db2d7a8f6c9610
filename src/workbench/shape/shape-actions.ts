import type { MergeRule, Step, StepTarget, TableMeta } from '../../tables/index.ts';
import { openTable } from '../actions/table-actions.ts';
import type { AppCommand } from '../commands.ts';
import { isRefused } from '../files/read-only.ts';
import { tableItems } from '../palette/palette-items.ts';
import { errorDetails, isCancelled } from '../state/explain-error.ts';
import type { Workbench } from '../workbench.ts';
import { explainStepError } from './explain-step.ts';
import { type ShapeTask, shapeTasks } from './shape-state.ts';

/** Work on a table that is under way: until when, and how far it is, from 0 to 1. */
export interface ShapeRun {
  readonly signal: AbortSignal;
  onShare(share: number): void;
}

/** What part of a merge it is to read the file. */
const READING_SHARE = 0.4;

/** Runs what makes a new version and says what came of it, with Undo. Returns whether it was done. */
async function change(
  workbench: Workbench,
  name: string,
  work: () => Promise<{ readonly version: number; text(): string }>,
  table: string,
): Promise<boolean> {
  if (isRefused(workbench)) return false;
  const { notifications, tables, storage, language } = workbench;
  const { t } = language;
  try {
    const { version, text } = await work();
    await tables.refresh();
    void storage.refresh();
    notifications.add({
      kind: 'success',
      text,
      actions: [
        {
          label: () => t('common.undo'),
          available: () => tables.list().some((each) => each.id === table && each.version === version),
          run: () => undoTable(workbench, table),
        },
      ],
    });
    return true;
  } catch (error) {
    if (isCancelled(error)) return false;
    notifications.add({
      kind: 'error',
      text: () => t('shape.failed', name),
      remedy: () => explainStepError(error, t),
      details: errorDetails(error),
    });
    return false;
  }
}

/** Does steps to a table: a new version of it, or a new table that opens as a sheet. */
export async function applySteps(
  workbench: Workbench,
  table: TableMeta,
  steps: readonly Step[],
  target: StepTarget,
  run: ShapeRun,
): Promise<boolean> {
  const { t } = workbench.language;
  if (target.newTable === undefined) {
    return await change(
      workbench,
      table.name,
      async () => {
        const { version } = await workbench.tables.client.steps.apply(table.id, steps, target, run);
        const tasks = (): string => steps.map(({ kind }) => t(`shape.task.${kind}`)).join(' + ');
        return { version, text: () => t('shape.done', tasks(), table.name) };
      },
      table.id,
    );
  }
  if (isRefused(workbench)) return false;
  try {
    const made = await workbench.tables.client.steps.apply(table.id, steps, target, run);
    await workbench.tables.refresh();
    await openTable(workbench, made.id);
    workbench.notifications.add({ kind: 'success', text: () => t('shape.doneNew', made.name) });
    return true;
  } catch (error) {
    if (!isCancelled(error)) {
      workbench.notifications.add({
        kind: 'error',
        text: () => t('shape.failed', table.name),
        remedy: () => explainStepError(error, t),
        details: errorDetails(error),
      });
    }
    return false;
  }
}

/** Merges a file by key. */
export function mergeFile(
  workbench: Workbench,
  table: TableMeta,
  file: File,
  rule: MergeRule,
  { signal, onShare }: ShapeRun,
): Promise<boolean> {
  const { t } = workbench.language;
  return change(
    workbench,
    table.name,
    async () => {
      const { version } = await workbench.tables.client.steps.merge(table.id, file, rule, {
        signal,
        onProgress: ({ stage, done, total }) => {
          const part = total > 0 ? done / total : 0;
          onShare(stage === 'saving' ? READING_SHARE + (1 - READING_SHARE) * part : READING_SHARE * part);
        },
      });
      return { version, text: () => t('shape.done', t('shape.task.merge'), table.name) };
    },
    table.id,
  );
}

/** Puts corrected rejects back. */
export function fixRejects(
  workbench: Workbench,
  table: TableMeta,
  fixes: Parameters<Workbench['tables']['client']['steps']['fixRejects']>[1],
): Promise<boolean> {
  const { t } = workbench.language;
  return change(
    workbench,
    table.name,
    async () => {
      const { meta, fixed, left } = await workbench.tables.client.steps.fixRejects(table.id, fixes);
      return { version: meta.version, text: () => t('shape.rejects.done', fixed, left) };
    },
    table.id,
  );
}

/** Goes back to the version before. */
export function undoTable(workbench: Workbench, id: string): Promise<void> {
  return flip(workbench, id, 'undo');
}

export function redoTable(workbench: Workbench, id: string): Promise<void> {
  return flip(workbench, id, 'redo');
}

async function flip(workbench: Workbench, id: string, way: 'undo' | 'redo'): Promise<void> {
  if (isRefused(workbench)) return;
  const { tables, notifications, language } = workbench;
  const name = tables.list().find((table) => table.id === id)?.name ?? '';
  const meta = await tables.client[way](id);
  await tables.refresh();
  if (!meta) {
    const key = way === 'undo' ? 'shape.nothingToUndo' : 'shape.nothingToRedo';
    notifications.add({ kind: 'info', text: () => language.t(key, name) });
  } else if (way === 'undo') notifications.add({ kind: 'info', text: () => language.t('shape.undone', name) });
}

/** Shaping as commands: each asks for a table and opens the dialog there. */
export function shapeCommands(workbench: Workbench): AppCommand[] {
  const { palette, language, shape } = workbench;
  const choose = (id: string, title: AppCommand['title'], run: (table: string) => unknown): AppCommand => ({
    id,
    title,
    category: 'command.category.table',
    when: 'workbookOpen && hasTables',
    run: () => palette.choose(language.t(title) as string, tableItems(workbench, run)),
  });
  const task = (name: ShapeTask): AppCommand =>
    choose(`table.shape.${name}`, `shape.task.${name}`, (id) => shape.show(id, name));
  return [
    choose('table.shape', 'command.shape', (id) => shape.show(id)),
    ...shapeTasks.map(task),
    choose('table.undo', 'command.shape.undo', (id) => undoTable(workbench, id)),
    choose('table.redo', 'command.shape.redo', (id) => redoTable(workbench, id)),
  ];
}
