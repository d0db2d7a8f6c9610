import { type Accessor, createSignal } from 'solid-js';
import type { StepKind } from '../../tables/index.ts';

export type ShapeTask = StepKind | 'merge' | 'rejects' | 'history';

/** In the order in which they are offered. */
export const shapeTasks: readonly ShapeTask[] = [
  'filter',
  'sort',
  'rename',
  'retype',
  'formula',
  'join',
  'append',
  'distinct',
  'merge',
  'rejects',
  'history',
];

/** The table that is being shaped, and what is to be done to it. */
export interface ShapeDialogState {
  readonly target: Accessor<{ readonly table: string; readonly task: ShapeTask } | null>;
  show(table: string, task?: ShapeTask): void;
  close(): void;
}

export function createShapeDialog(): ShapeDialogState {
  const [target, setTarget] = createSignal<{ table: string; task: ShapeTask } | null>(null);
  return {
    target,
    show: (table, task = 'filter') => void setTarget({ table, task }),
    close: () => void setTarget(null),
  };
}
