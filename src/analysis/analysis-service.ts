import type { AnalysisContribution, AnalysisResult, JsonObject, ResultTable, Text } from '@patron/sdk';
import { type Disposable, Emitter, type PluginHost } from '../platform/index.ts';
import type { TableMeta, TablesClient } from '../tables/index.ts';
import { columnsNeeded, type LoadedTable } from './bind-role.ts';
import { countAll } from './bind-run.ts';
import { bindInWorker } from './binding-client.ts';
import { BindingError } from './binding-error.ts';
import { openColumns } from './open-columns.ts';
import type { RunRequest } from './request.ts';
import type { RunRecord } from './run-record.ts';
import type { RunStore } from './run-store.ts';

/** Result tables of more rows than this land in the table store, as do all with a row per customer. */
const MOST_ROWS_AS_CELLS = 1000;

export interface RunProgress {
  readonly stage: 'reading' | 'running' | 'saving';
  readonly done: number;
  readonly total: number;
  readonly text?: Text;
}

export interface RunControl {
  readonly signal?: AbortSignal;
  onProgress?(progress: RunProgress): void;
  /** The run that this one takes the place of: same id, its result tables get a new version. */
  readonly replaces?: string;
}

export interface AnalysisServices {
  readonly host: PluginHost;
  readonly tables: TablesClient;
  readonly runs: RunStore;
  workbook(): string;
  timeZone(): string;
}

/** Runs analyses on stored tables and keeps the runs. A run completes whole, or leaves everything as it was. */
export class AnalysisService {
  readonly #services: AnalysisServices;
  readonly #changed = new Emitter<string>();

  constructor(services: AnalysisServices) {
    this.#services = services;
  }

  /** Fires with the id of a run that was added, replaced, changed or removed. */
  onChange(listener: (id: string) => void): Disposable {
    return this.#changed.event(listener);
  }

  /** Reads the columns in use, binds them in a worker, runs the plugin in its own, stores the result. */
  async run(request: RunRequest, control: RunControl = {}): Promise<RunRecord> {
    const { host, runs, workbook, timeZone } = this.#services;
    const signal = control.signal ?? new AbortController().signal;
    const startedAt = Date.now();
    const { plugin, contribution } = host.analysis(request.analysis);
    const parameters = host.completeParameters(request.analysis, request.parameters);
    control.onProgress?.({ stage: 'reading', done: 0, total: 0 });
    const { loaded, used } = await this.#load(contribution, request, parameters, signal);
    // No memory is shared with the sandbox: it would only have to be copied out again.
    const share = plugin.transportKind === 'worker';
    const bound = await bindInWorker(contribution, request, parameters, loaded, { signal, share });
    const seed = request.seed ?? 1;
    let engine: string | undefined;
    control.onProgress?.({ stage: 'running', done: 0, total: 0 });
    const result = await host.runAnalysis(
      request.analysis,
      { inputs: bound.inputs, parameters, timeZone: timeZone(), seed },
      {
        signal,
        onProgress: (done, total, text) => control.onProgress?.({ stage: 'running', done, total, text }),
        onEngine: (id) => {
          engine = id;
        },
      },
    );
    control.onProgress?.({ stage: 'saving', done: 0, total: 0 });
    const former = control.replaces === undefined ? undefined : await runs.get(control.replaces);
    const id = former?.id ?? crypto.randomUUID();
    const { kept, resultTables, titles, headings, undo } = await this.#store(id, result, former);
    const record: RunRecord = {
      id,
      workbook: workbook(),
      name: former?.name,
      request: { ...request, parameters: request.parameters },
      plugin: { id: plugin.id, version: plugin.manifest.version },
      parameters: { ...parameters, ...result.settled },
      seed,
      ...(engine === undefined ? {} : { engine }),
      timeZone: timeZone(),
      tables: used,
      rows: countAll(bound.counts, result),
      startedAt,
      milliseconds: Date.now() - startedAt,
      result: { ...result, tables: kept },
      resultTables,
      titles,
      headings,
      reportSheet: former?.reportSheet,
    };
    try {
      signal.throwIfAborted();
      await runs.put(record);
    } catch (error) {
      await undo();
      throw error;
    }
    this.#changed.fire(id);
    return record;
  }

  runs(workbook: string): Promise<RunRecord[]> {
    return this.#services.runs.list(workbook);
  }

  get(id: string): Promise<RunRecord | undefined> {
    return this.#services.runs.get(id);
  }

  /** Keeps a changed name or report sheet. */
  async update(record: RunRecord): Promise<void> {
    await this.#services.runs.put(record);
    this.#changed.fire(record.id);
  }

  /** Forgets a run. Its result tables stay: they are the user's tables now. */
  async remove(id: string): Promise<void> {
    await this.#services.runs.remove(id);
    this.#changed.fire(id);
  }

  /** Whether a table that the run read has a newer version, or is gone. */
  async isStale(record: RunRecord): Promise<boolean> {
    const metas = await this.#services.tables.list(record.workbook);
    return record.tables.some(({ id, version }) => metas.find((meta) => meta.id === id)?.version !== version);
  }

  async #load(
    contribution: AnalysisContribution,
    request: RunRequest,
    parameters: JsonObject,
    signal: AbortSignal,
  ): Promise<{ loaded: Record<string, LoadedTable>; used: RunRecord['tables'] }> {
    const { tables } = this.#services;
    const loaded: Record<string, LoadedTable> = {};
    const used: RunRecord['tables'][number][] = [];
    for (const [role, roleRequest] of Object.entries(request.roles)) {
      const meta = await tables.get(roleRequest.table);
      const columnNames = meta.columns.map(({ name }) => name);
      const properties = openColumns(contribution, role, parameters, roleRequest, columnNames);
      const needed = columnsNeeded(roleRequest, properties);
      const unknown = needed.find((name) => !columnNames.includes(name));
      if (unknown !== undefined) {
        const fault = { code: 'unknownColumn', table: meta.name, column: unknown, known: columnNames } as const;
        throw new BindingError(fault, `inputs.${role}.${unknown}`);
      }
      const columns = await tables.readColumns(meta.id, needed, meta.version);
      signal.throwIfAborted();
      loaded[role] = {
        name: meta.name,
        rows: meta.rows,
        columnNames,
        columns: Object.fromEntries(columns.map(({ name, column }) => [name, column])),
      };
      used.push({ role, id: meta.id, name: meta.name, version: meta.version });
    }
    return { loaded, used };
  }

  /** Moves the large tables of a result to the table store; `undo` takes them back out. */
  async #store(run: string, result: AnalysisResult, former: RunRecord | undefined) {
    const { tables, workbook } = this.#services;
    const kept: Record<string, ResultTable> = {};
    const resultTables: Record<string, string> = {};
    const titles: Record<string, Text> = {};
    const headings: Record<string, RunRecord['headings'][string]> = {};
    const written: { meta: TableMeta; fresh: boolean }[] = [];
    const undo = async (): Promise<void> => {
      for (const { meta, fresh } of written) await (fresh ? tables.remove(meta.id) : tables.undo(meta.id));
    };
    try {
      for (const [name, table] of Object.entries(result.tables)) {
        const rows = table.columns[0]?.column.length ?? 0;
        if (table.rowPer !== 'customer' && rows <= MOST_ROWS_AS_CELLS) {
          kept[name] = table;
          continue;
        }
        const tableId = former?.resultTables[name];
        const existing = tableId === undefined ? undefined : await this.#stored(tableId);
        const meta = await tables.write({
          workbook: workbook(),
          name: existing?.name ?? name,
          tableId: existing?.id,
          columns: table.columns.map((column) => ({ name: column.name, column: column.column })),
          source: { kind: 'result', name, details: { run } },
        });
        written.push({ meta, fresh: existing === undefined });
        resultTables[name] = meta.id;
        if (table.title !== undefined) titles[name] = table.title;
        headings[name] = table.columns.map(({ column: _, ...heading }) => heading);
      }
    } catch (error) {
      await undo();
      throw error;
    }
    return { kept, resultTables, titles, headings, undo };
  }

  /** The table that a former run wrote, unless the user has removed it. */
  async #stored(id: string): Promise<TableMeta | undefined> {
    const metas = await this.#services.tables.list(this.#services.workbook());
    return metas.find((meta) => meta.id === id);
  }
}
