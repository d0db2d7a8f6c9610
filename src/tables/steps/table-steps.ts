import { type CellValue, type Column, type Json, type JsonObject, valueAt } from '@patron/sdk';
import { readAsMoreOf } from '../append-rows.ts';
import { ColumnCache } from '../column-cache.ts';
import type { FileSource } from '../file-source.ts';
import type { ImportProgress, NamedColumn, Rejects } from '../import-options.ts';
import { previewFile } from '../preview-file.ts';
import { groupRowsFor, type TableMeta, type TableSource } from '../schema.ts';
import { TableError } from '../table-error.ts';
import type { TableStore } from '../table-store.ts';
import { exactDecimals } from './column-as.ts';
import { planFixes } from './fix-rejects.ts';
import { type MergePlan, planMerge } from './merge.ts';
import { planStep } from './plan-step.ts';
import type { CellFix, HistoryEntry, MergePreview, MergeRule, Step, StepCounts, StepPreview } from './step.ts';
import { carriedRejects, keptRejects, rejectsTable } from './step-rejects.ts';
import {
  memoryStepTable,
  partRows,
  planBatches,
  plannedTable,
  type StepPlan,
  type StepRun,
  type StepTable,
} from './step-table.ts';
import { NO_ROW } from './take-rows.ts';

export interface StepTarget {
  /** The name of the new table the result becomes; a new version of the table itself where absent. */
  readonly newTable?: string;
}

export interface MergeRun {
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: ImportProgress) => void;
}

const CACHED_BYTES = 256 << 20;
const ROWS_SHOWN = 50;
const LONGEST_TURN = 30;

/** Shapes stored tables: a step is planned over the columns it needs and written as one new version. Lives in a worker. */
export class TableSteps {
  readonly #store: TableStore;
  readonly #cache = new ColumnCache(CACHED_BYTES);

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
  async apply(id: string, steps: readonly Step[], target: StepTarget, signal: AbortSignal): Promise<TableMeta> {
    const run = this.#run(signal);
    const meta = await this.#store.get(id);
    const { plan, counts, rejects } = await this.#planAll(meta, steps, run);
    const details = {
      ...(steps.length === 1 ? { step: asJson(steps[0]) } : { steps: asJson(steps) }),
      from: { id, version: meta.version },
      counts: asJson({ ...counts }),
    };
    return await this.#write(
      meta,
      plan,
      rejects,
      { kind: 'transform', name: steps.map(({ kind }) => kind).join(' + '), details },
      target,
      run,
      signal,
    );
  }

  async previewMerge(id: string, file: FileSource, rule: MergeRule, run: MergeRun): Promise<MergePreview> {
    const meta = await this.#store.get(id);
    const { plan, fileColumns } = await this.#planMerge(meta, file, rule, run);
    return { ...(await this.#shown(plan, meta)), changes: plan.changes, fileColumns };
  }

  /** Merges a file by key, as one new version. */
  async merge(id: string, file: FileSource, rule: MergeRule, run: MergeRun): Promise<TableMeta> {
    const meta = await this.#store.get(id);
    const { plan, rejects } = await this.#planMerge(meta, file, rule, run);
    const details = { merge: asJson(rule), from: { id, version: meta.version }, counts: asJson({ ...plan.counts }) };
    const source: TableSource = { kind: 'file', name: file.name, size: file.size, details };
    return await this.#write(meta, plan, rejects, source, {}, this.#run(run.signal), run.signal);
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
    const written = await this.#write(meta, plan, plan.left, source, {}, run, signal);
    return { meta: written, fixed: plan.fixed, left: plan.left.count };
  }

  /** All versions that are kept, oldest first, with what made them. */
  async history(id: string): Promise<HistoryEntry[]> {
    const current = await this.#store.get(id);
    return (await this.#store.versions(id)).map((meta) => {
      const details = meta.source.details as
        | { step?: Step; steps?: Step[]; counts?: StepCounts; merge?: MergeRule }
        | undefined;
      return {
        meta,
        isCurrent: meta.version === current.version,
        steps: details?.steps ?? (details?.step ? [details.step] : []),
        counts: details?.counts,
        merge: details?.merge,
      };
    });
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

  async #planMerge(meta: TableMeta, file: FileSource, rule: MergeRule, { signal, onProgress }: MergeRun) {
    const { detection } = await previewFile(file, rule.options ?? {});
    const mapping = (name: string): string | null => (Object.hasOwn(rule.mapping, name) ? rule.mapping[name] : name);
    const choices = Object.fromEntries(
      detection.columns.map(({ original, name }) => {
        const to = mapping(name);
        return [original, { ...rule.options?.columns?.[original], ...(to === null ? { skip: true } : { name: to }) }];
      }),
    );
    const targets = detection.columns.flatMap(({ name }) => mapping(name) ?? []);
    const twice = targets.find((name, i) => targets.indexOf(name) !== i);
    if (twice !== undefined) {
      throw new TableError('bad-option', `Two columns of '${file.name}' go to '${twice}'. Leave one of them out.`, {
        column: twice,
      });
    }
    const options = { ...rule.options, columns: { ...rule.options?.columns, ...choices } };
    const read = await readAsMoreOf(meta, file, options, { signal, onProgress });
    const incoming = memoryStepTable(file.name, asKnownTypes(read.table.columns, meta));
    const plan = await planMerge(this.#table(meta), incoming, rule, this.#run(signal));
    const misfits = keptRejects(read.rejects).map((reject) => {
      const place = reject.row === null ? NO_ROW : plan.places[reject.row];
      return { ...reject, row: place === NO_ROW ? null : place };
    });
    const before = carriedRejects(await this.#store.rejects(meta.id, meta.version), plan);
    const kept = [...keptRejects(before), ...misfits];
    const rejects = rejectsTable(kept, before.count - before.rows + read.rejects.count - read.rejects.rows);
    const fileColumns = detection.columns.map(({ name, type }) => ({ name, type, to: mapping(name) }));
    const counted: MergePlan = { ...plan, counts: { ...plan.counts, rejects: read.rejects.count } };
    return { plan: counted, rejects, fileColumns };
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

  async #write(
    meta: TableMeta,
    plan: StepPlan,
    rejects: Rejects,
    source: TableSource,
    target: StepTarget,
    run: StepRun,
    signal: AbortSignal,
  ): Promise<TableMeta> {
    const [part] = plan.parts;
    const sameGroups = groupRowsFor(plan.columns.length) === meta.groupRows;
    const isShared = target.newTable === undefined && plan.parts.length === 1 && plan.origin === 'same' && sameGroups;
    const shared = plan.columns.map((_, i) => {
      const rows = isShared ? part.columns[i] : null;
      if (rows === null || !('table' in rows) || rows.index) return undefined;
      return stored.has(rows.table) ? rows.column : undefined;
    });
    const places = new Map(plan.columns.map((column, i) => [column, i]));
    return await this.#store.writePlanned(
      {
        workbook: meta.workbook,
        name: target.newTable ?? meta.name,
        tableId: target.newTable === undefined ? meta.id : undefined,
        basis: meta,
        columns: plan.columns.map(({ name, type, unit }, i) => ({ name, type, unit, shared: shared[i] })),
        rows: plan.counts.rowsAfter,
        batches: planBatches(plan, run, (column) => shared[places.get(column) ?? -1] === undefined),
        source,
        rejects,
      },
      signal,
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
      slice: async (name, from, to) => (await this.#store.readRows(meta.id, [name], from, to, meta.version))[0].column,
    };
    stored.add(table);
    return table;
  }

  #run(signal: AbortSignal): StepRun {
    let heard = performance.now();
    return {
      async pause() {
        signal.throwIfAborted();
        if (performance.now() - heard < LONGEST_TURN) return;
        await new Promise((resolve) => setTimeout(resolve));
        signal.throwIfAborted();
        heard = performance.now();
      },
      table: async (id) => this.#table(await this.#store.get(id)),
    };
  }
}

/** Tables as they are stored, so that their columns' bytes can be shared. */
const stored = new WeakSet<StepTable>();

/** A file's amounts that happen to be whole, where the table's are exact decimals. */
function asKnownTypes(columns: readonly NamedColumn[], meta: TableMeta): NamedColumn[] {
  return columns.map(({ name, column }) => {
    const known = meta.columns.find((each) => each.name === name);
    return { name, column: known?.type === 'number' && (known.scale ?? 1) > 1 ? exactDecimals(column) : column };
  });
}

function asJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
