import type { Column, ColumnType } from '@patron/sdk';
import { TableError } from '../table-error.ts';
import { compileFormula } from './formula.ts';
import type { ValueType } from './formula-columns.ts';
import type { FormulaStep } from './step.ts';
import type { PlanColumn, StepColumn, StepPlan, StepRun, StepTable } from './step-table.ts';

/** A column computed row by row: new, or in the place of the one of its name. */
export async function planFormula(table: StepTable, step: FormulaStep, run: StepRun): Promise<StepPlan> {
  const name = step.column.trim();
  if (name === '') throw new TableError('bad-option', 'The new column needs a name.', {});
  // Whether decimals are exact shows in a few rows of the column.
  const columns = [];
  for (const column of table.columns) {
    const isDecimal = column.type === 'number' && step.formula.toLowerCase().includes(column.name.toLowerCase());
    const first = isDecimal ? await table.slice(column.name, 0, Math.min(1, table.rows)) : undefined;
    columns.push({ ...column, scale: first?.type === 'number' ? first.scale : undefined });
  }
  const formula = compileFormula(step.formula, columns);
  const make = async (from: number, to: number): Promise<Column> => {
    const read = new Map<string, Column>();
    for (const each of formula.columns) read.set(each, await table.slice(each, from, to));
    await run.pause();
    return formula.compute({ length: to - from, columns: read, timeZone: step.timeZone ?? 'UTC' });
  };
  const made: StepColumn = { name, ...columnType(formula.type) };
  const at = table.columns.findIndex((column) => column.name === name);
  const kept: PlanColumn[] = table.columns.map((column) => ({ ...column, was: column.name }));
  const rows = table.columns.map(({ name: column }) => ({ table, column }));
  return {
    columns: at < 0 ? [...kept, made] : kept.with(at, made),
    parts: [
      { rows: table.rows, columns: at < 0 ? [...rows, { make }] : rows.map((each, i) => (i === at ? { make } : each)) },
    ],
    counts: { rowsBefore: table.rows, rowsAfter: table.rows, rowsChanged: table.rows, rejects: 0 },
    origin: 'same',
  };
}

function columnType(type: ValueType): { type: ColumnType; zoned?: boolean } {
  switch (type.kind) {
    case 'number':
      return { type: type.decimals === 0 ? 'integer' : 'number' };
    case 'text':
      return { type: 'string' };
    case 'timestamp':
      return { type: 'timestamp', zoned: type.zoned };
    default:
      return { type: type.kind };
  }
}
