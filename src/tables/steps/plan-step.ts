import { TableError } from '../table-error.ts';
import { planAppend } from './append-step.ts';
import { planFormula } from './formula-step.ts';
import { planJoin } from './join-step.ts';
import { planRetype } from './retype-step.ts';
import { planDistinct, planFilter, planRename, planSort } from './row-steps.ts';
import type { Step } from './step.ts';
import type { StepPlan, StepRun, StepTable } from './step-table.ts';

/** What a step makes of a table. Nothing is written, and only the columns the step looks at are read. */
export async function planStep(table: StepTable, step: Step, run: StepRun): Promise<StepPlan> {
  switch (step.kind) {
    case 'filter':
      return await planFilter(table, step, run);
    case 'sort':
      return await planSort(table, step, run);
    case 'rename':
      return planRename(table, step);
    case 'retype':
      return await planRetype(table, step, run);
    case 'formula':
      return await planFormula(table, step, run);
    case 'join':
      return await planJoin(table, step, run);
    case 'append':
      return await planAppend(table, step, run);
    case 'distinct':
      return await planDistinct(table, step, run);
    default:
      throw new TableError('bad-option', `There is no step '${(step as Step).kind}'.`, {});
  }
}
