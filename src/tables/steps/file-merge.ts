import { type CellValue, type Column, valueAt } from '@patron/sdk';
import { readAsMoreOf } from '../append-rows.ts';
import type { FileSource } from '../file-source.ts';
import type { Detection, ImportProgress, Rejects } from '../import-options.ts';
import { previewFile } from '../preview-file.ts';
import type { TableMeta } from '../schema.ts';
import { TableError } from '../table-error.ts';
import { type MergePlan, planMerge } from './merge.ts';
import type { MergePreview, MergeRule } from './step.ts';
import { carriedRejects, keptRejects, rejectsTable } from './step-rejects.ts';
import { memoryStepTable, partRows, type StepRun, type StepTable } from './step-table.ts';
import { NO_ROW } from './take-rows.ts';

export interface MergeRun {
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: ImportProgress) => void;
}

/** What a file does to a table, before anything is written. */
export interface FileMerge {
  readonly plan: MergePlan;
  /** Those of the table that stay, and those of the file at their new places. */
  readonly rejects: Rejects;
  /** Those of the file alone. */
  readonly misfits: Pick<Rejects, 'count' | 'byReason'>;
  readonly detection: Detection;
  readonly fileColumns: MergePreview['fileColumns'];
}

const ADDED_SHOWN = 50;

/** Reads a file by a rule and plans what it does to a table. The file is in memory meanwhile; the table is not. */
export async function planFileMerge(
  meta: TableMeta,
  table: StepTable,
  before: Rejects,
  file: FileSource,
  rule: MergeRule,
  run: StepRun & MergeRun,
): Promise<FileMerge> {
  const { detection } = await previewFile(file, rule.options ?? {});
  const goesTo = (name: string): string | null => (Object.hasOwn(rule.mapping, name) ? rule.mapping[name] : name);
  refuseTwice(
    detection.columns.flatMap(({ name }) => goesTo(name) ?? []),
    file.name,
  );
  const choices = Object.fromEntries(
    detection.columns.map(({ original, name }) => {
      const to = goesTo(name);
      return [original, { ...rule.options?.columns?.[original], ...(to === null ? { skip: true } : { name: to }) }];
    }),
  );
  const options = { ...rule.options, columns: { ...rule.options?.columns, ...choices } };
  const read = await readAsMoreOf(meta, file, options, run);
  const units = Object.fromEntries(read.meta.flatMap(({ name, unit }) => (unit === undefined ? [] : [[name, unit]])));
  const plan = await planMerge(table, memoryStepTable(file.name, read.table.columns, units), rule, run);
  const misfits = keptRejects(read.rejects).map((reject) => {
    const place = reject.row === null ? NO_ROW : plan.places[reject.row];
    return { ...reject, row: place === NO_ROW ? null : place };
  });
  const carried = carriedRejects(before, plan);
  const uncounted = carried.count - carried.rows + read.rejects.count - read.rejects.rows;
  return {
    plan: { ...plan, counts: { ...plan.counts, rejects: read.rejects.count } },
    rejects: rejectsTable([...keptRejects(carried), ...misfits], uncounted),
    misfits: { count: read.rejects.count, byReason: read.rejects.byReason },
    detection,
    fileColumns: detection.columns.map(({ name, type }) => ({ name, type, to: goesTo(name) })),
  };
}

/** The first rows that are put below those of the table. */
export async function addedRows({ parts, columns }: MergePlan): Promise<CellValue[][]> {
  const below = parts[1];
  if (!below) return [];
  const rows = Math.min(ADDED_SHOWN, below.rows);
  const read: Column[] = [];
  for (const [i, column] of columns.entries()) read.push(await partRows(below.columns[i], column, 0, rows));
  return Array.from({ length: rows }, (_, row) => read.map((column) => valueAt(column, row)));
}

function refuseTwice(targets: readonly string[], file: string): void {
  const twice = targets.find((name, i) => targets.indexOf(name) !== i);
  if (twice === undefined) return;
  throw new TableError('two-columns', `Two columns of '${file}' go to '${twice}'. Leave one of them out.`, {
    column: twice,
    file,
  });
}
