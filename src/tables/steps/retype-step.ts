import { columnAs } from './column-as.ts';
import type { RetypeStep } from './step.ts';
import { columnNamed, type StepPlan, type StepRun, type StepTable } from './step-table.ts';

/** The column as another type; what does not fit leaves its cell empty and becomes a reject. */
export async function planRetype(table: StepTable, step: RetypeStep, run: StepRun): Promise<StepPlan> {
  const old = columnNamed(table, step.column);
  const column = await table.column(step.column);
  await run.pause();
  const converted = columnAs(column, step.type, step.dateOrder ?? 'day-month');
  await run.pause();
  const isSame = old.type === step.type;
  const zoned = converted.column.type === 'timestamp' ? converted.column.zoned : undefined;
  const keepsUnit = step.type === 'number' || step.type === 'integer';
  return {
    columns: table.columns.map((each) =>
      each.name !== step.column || isSame
        ? { ...each, was: each.name }
        : { name: each.name, type: step.type, zoned, unit: converted.unit ?? (keepsUnit ? each.unit : undefined) },
    ),
    parts: [
      {
        rows: table.rows,
        columns: table.columns.map(({ name }) =>
          name === step.column && !isSame ? { memory: converted.column } : { table, column: name },
        ),
      },
    ],
    counts: {
      rowsBefore: table.rows,
      rowsAfter: table.rows,
      rowsChanged: isSame ? 0 : table.rows,
      rejects: converted.rejects.length,
    },
    rejects: converted.rejects.map((reject) => ({ ...reject, column: step.column })),
    origin: 'same',
  };
}
