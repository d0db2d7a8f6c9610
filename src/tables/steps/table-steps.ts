import { type CellValue, type Column, type Json, type JsonObject, valueAt } from '@patron/sdk';
import { createBreath } from '../breath.ts';
import { ColumnCache, cacheBudget } from '../column-cache.ts';
import type { FileSource } from '../file-source.ts';
import type { Rejects } from '../import-options.ts';
import { groupRowsFor, type TableMeta, type TableSource } from '../schema.ts';
import type { PlannedColumn } from '../store-planned.ts';
import type { ImportedTable, ImportRequest } from '../store-requests.ts';
import { TableError } from '../table-error.ts';
import type { TableStore } from '../table-store.ts';
import { addedRows, type FileMerge, type MergeRun, planFileMerge } from './file-merge.ts';
import { planFixes } from './fix-rejects.ts';
import { formerVersions, historyEntry } from './former-versions.ts';
import { planStep } from './plan-step.ts';
import type { CellFix, HistoryEntry, MergePreview, MergeRule, Step, StepCounts, StepPreview } from './step.ts';
import { carriedRejects } from './step-rejects.ts';
import {
  partRows,
  planColumn,
  plannedTable,
  resolvedRows,
  type StepPlan,
  type StepRun,
  type StepTable,
} from './step-table.ts';

export interface StepTarget {
  /** The name of the new table the result becomes; a new version of the table itself where absent. */
  readonly newTable?: string;
}

/** How steps are done: until when, and how far they are, from 0 to 1. */
export interface ApplyRun {
  readonly signal: AbortSignal;
  readonly onShare?: (share: number) => void;
}

/** What is to be written. */
interface Outcome {
  readonly plan: StepPlan;
  readonly rejects: Rejects;
  readonly source: TableSource;
}

const ROWS_SHOWN = 50;

/** Shapes stored tables: a step is planned over the columns it needs and written as one new version. Lives in a worker. */
export class TableSteps {
  readonly #store: TableStore;
  readonly #cache = new ColumnCache(cacheBudget());

  constructor(store: TableStore) {
    this.#store = store;
  }

  /** The first rows and the counts of what steps would give. Nothing is written. */
  async preview(id: string, steps: readonly Step[], signal: AbortSignal): Promise<StepPreview> {
    const run = this.#run(signal);
    const meta = await this.#store.get(id);
    const { plan, counts } = await this.#planAll(meta, steps, run);
    return { ...(await this.#shown(plan, meta)), counts };
  }

  /** Does the steps: one new version, or a new table. */
  async apply(id: string, steps: readonly Step[], target: StepTarget, run: ApplyRun): Promise<TableMeta> {
    const meta = await this.#store.get(id);
    const { plan, counts, rejects } = await this.#planAll(meta, steps, this.#run(run.signal));
    const details = {
      ...(steps.length === 1 ? { step: asJson(steps[0]) } : { steps: asJson(steps) }),
      from: { id, version: meta.version },
      counts: asJson({ ...counts }),
    };
    const source: TableSource = { kind: 'transform', name: steps.map(({ kind }) => kind).join(' + '), details };
    return await this.#write(meta, { plan, rejects, source }, target, run);
  }

  async previewMerge(id: string, file: FileSource, rule: MergeRule, run: MergeRun): Promise<MergePreview> {
    const meta = await this.#store.get(id);
    const { plan, fileColumns } = await this.#planMerge(meta, file, rule, run);
    return {
      ...(await this.#shown(plan, meta)),
      changes: plan.changes,
      added: await addedRows(plan),
      fileColumns,
    };
  }

  /** Merges a file by its rule, as one new version. */
  async merge(id: string, file: FileSource, rule: MergeRule, run: MergeRun): Promise<ImportedTable> {
    const meta = await this.#store.get(id);
    const { plan, rejects, misfits, detection } = await this.#planMerge(meta, file, rule, run);
    const details = { merge: asJson(rule), from: { id, version: meta.version }, counts: asJson({ ...plan.counts }) };
    const source: TableSource = { kind: 'file', name: file.name, size: file.size, format: detection.format, details };
    const onShare = (share: number): void =>
      run.onProgress?.({ stage: 'saving', done: share * file.size, total: file.size, rows: plan.places.length });
    const written = await this.#write(meta, { plan, rejects, source }, {}, { signal: run.signal, onShare });
    return { meta: written, detection, rejects: misfits };
  }

  /** Puts a file's rows below those of a table, as one new version. */
  append(id: string, file: FileSource, { options }: ImportRequest, run: MergeRun): Promise<ImportedTable> {
    return this.merge(id, file, { keys: [], mode: 'append', mapping: {}, options }, run);
  }

  /** Puts corrected rejects back into their cells, as one new version. */
  async fixRejects(
    id: string,
    fixes: readonly CellFix[],
    signal: AbortSignal,
  ): Promise<{ meta: TableMeta; fixed: number; left: number }> {
    const run = this.#run(signal);
    const meta = await this.#store.get(id);
    const plan = await planFixes(this.#table(meta), await this.#store.rejects(id, meta.version), fixes, run);
    const details = { fixes: asJson(fixes), from: { id, version: meta.version }, counts: asJson({ ...plan.counts }) };
    const source: TableSource = { kind: 'transform', name: 'fix-rejects', details };
    const written = await this.#write(meta, { plan, rejects: plan.left, source }, {}, { signal });
    return { meta: written, fixed: plan.fixed, left: plan.left.count };
  }

  /** All versions that are kept, oldest first, with what made them, and before them those a file told of. */
  async history(id: string): Promise<HistoryEntry[]> {
    const current = await this.#store.get(id);
    const versions = await this.#store.versions(id);
    const told = formerVersions(versions[0]).map((meta) => historyEntry(meta, false, false));
    return [...told, ...versions.map((meta) => historyEntry(meta, meta.version === current.version, true))];
  }

  async #planAll(
    meta: TableMeta,
    steps: readonly Step[],
    run: StepRun,
  ): Promise<{ plan: StepPlan; counts: StepCounts; rejects: Rejects }> {
    if (steps.length === 0) throw new TableError('bad-option', 'There is no step to do.', {});
    let table = this.#table(meta);
    let rejects = await this.#store.rejects(meta.id, meta.version);
    let plan: StepPlan | undefined;
    let changed = 0;
    let misfits = 0;
    for (const step of steps) {
      if (plan) table = plannedTable(meta.name, plan, run);
      plan = await planStep(table, step, run);
      rejects = carriedRejects(rejects, plan);
      changed = Math.max(changed, plan.counts.rowsChanged);
      misfits += plan.counts.rejects;
    }
    if (!plan) throw new TableError('bad-option', 'There is no step to do.', {});
    const counts = { ...plan.counts, rowsBefore: meta.rows, rowsChanged: changed, rejects: misfits };
    return { plan, counts, rejects };
  }

  async #planMerge(meta: TableMeta, file: FileSource, rule: MergeRule, run: MergeRun): Promise<FileMerge> {
    const before = await this.#store.rejects(meta.id, meta.version);
    return await planFileMerge(meta, this.#table(meta), before, file, rule, { ...run, ...this.#run(run.signal) });
  }

  async #shown(plan: StepPlan, meta: TableMeta): Promise<StepPreview> {
    const columns: Column[][] = plan.columns.map(() => []);
    let left = ROWS_SHOWN;
    for (const part of plan.parts) {
      const take = Math.min(left, part.rows);
      if (take === 0) continue;
      for (const [i, column] of plan.columns.entries())
        columns[i].push(await partRows(part.columns[i], column, 0, take));
      left -= take;
    }
    const cells = columns.map((pieces) =>
      pieces.flatMap((piece) => Array.from({ length: piece.length }, (_, row) => valueAt(piece, row))),
    );
    const known = new Set(meta.columns.map(({ name, type }) => `${type} ${name}`));
    return {
      counts: plan.counts,
      columns: plan.columns.map(({ name, type }) => ({ name, type, isNew: !known.has(`${type} ${name}`) })),
      rows: Array.from({ length: ROWS_SHOWN - left }, (_, row) => cells.map((column): CellValue => column[row])),
      rejects: (plan.rejects ?? []).slice(0, ROWS_SHOWN).map(({ row, column, raw }) => ({ row, column, raw })),
    };
  }

  /** Columns that stay as they are, and the rows above an append, are not written again. */
  async #write(
    meta: TableMeta,
    { plan, rejects, source }: Outcome,
    target: StepTarget,
    { signal, onShare }: ApplyRun,
  ): Promise<TableMeta> {
    const run = this.#run(signal);
    const sameGroups = groupRowsFor(plan.columns.length) === meta.groupRows;
    const sameRows = target.newTable === undefined && plan.origin === 'same' && sameGroups;
    const columns = plan.columns.map(({ name, type, unit }, at): PlannedColumn => {
      const rows = sameRows ? resolvedRows(plan.parts[0].columns[at]) : null;
      const isStored = rows !== null && 'table' in rows && !rows.index && stored.get(rows.table) === meta.id;
      const shared = isStored ? rows.column : undefined;
      if (shared !== undefined && plan.parts.length === 1) return { name, type, unit, shared };
      const first = shared === undefined ? 0 : 1;
      return { name, type, unit, shared, rows: () => planColumn(plan, at, run, first) };
    });
    return await this.#store.writePlanned(
      {
        workbook: meta.workbook,
        name: target.newTable ?? meta.name,
        tableId: target.newTable === undefined ? meta.id : undefined,
        basis: meta,
        columns,
        rows: plan.counts.rowsAfter,
        source,
        rejects,
      },
      { signal, onShare },
    );
  }

  #table(meta: TableMeta): StepTable {
    const read = async (name: string): Promise<Column> => {
      const [{ column }] = await this.#store.readColumns(meta.id, [name], meta.version);
      return column;
    };
    const table: StepTable = {
      name: meta.name,
      rows: meta.rows,
      columns: meta.columns.map(({ name, type, unit, zoned }) => ({ name, type, unit, zoned })),
      column: (name) => this.#cache.get(`${meta.id} ${meta.version} ${name}`, () => read(name)),
      slice: (name, from, to) => this.#store.cutRows(meta.id, name, from, to, meta.version),
    };
    stored.set(table, meta.id);
    return table;
  }

  #run(signal: AbortSignal): StepRun {
    return { pause: createBreath(signal), table: async (id) => this.#table(await this.#store.get(id)) };
  }
}

/** The ids of tables as they are stored, whose columns' bytes can be shared. */
const stored = new WeakMap<StepTable, string>();

function asJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
