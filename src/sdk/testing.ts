import type { Analysis, AnalysisContext, AnalysisResult, JsonObject, RoleInput, Threads } from './analysis.ts';
import type { CellValue, Column } from './column.ts';
import type { AnalysisContribution, PluginManifest } from './manifest.ts';
import { seededRandom } from './numeric/random.ts';
import type { CallContext, Engine, PluginCode } from './plugin.ts';
import { valueAt } from './read-column.ts';

/** What a test hands to `runAnalysis`. Columns come from `stringColumn`, `numberColumn`, `dateColumn`, … */
export interface TestRun {
  readonly inputs: Readonly<Record<string, { fields: Record<string, Column>; properties?: Record<string, Column> }>>;
  readonly parameters?: JsonObject;
  readonly timeZone?: string;
  readonly seed?: number;
  readonly signal?: AbortSignal;
  /** Stands for the engine that the user chose. Default: none is chosen. */
  readonly engine?: Engine;
  /** As how many threads the run is to think it has, its kernels all running in this one; or threads of its own. Default 1. */
  readonly threads?: number | Threads;
}

/**
 * Runs one analysis of a plugin in this thread, with the defaults of its manifest filled in, as the host would.
 * @throws Error where the manifest or the code does not have the analysis.
 */
export async function runAnalysis(
  plugin: { manifest: PluginManifest; code: PluginCode },
  id: string,
  run: TestRun,
): Promise<AnalysisResult> {
  const declared = plugin.manifest.contributes?.analyses?.find((analysis) => analysis.id === id);
  const analysis = plugin.code.analyses?.[id];
  if (!declared) throw new Error(`The manifest declares no analysis '${id}'.`);
  if (!analysis) throw new Error(`The code has no analysis '${id}'.`);
  return await (analysis as Analysis)(contextFor(declared, plugin.code, run));
}

function contextFor(declared: AnalysisContribution, code: PluginCode, run: TestRun): AnalysisContext {
  const defaults = Object.fromEntries((declared.parameters ?? []).map(({ name, default: value }) => [name, value]));
  const signal = run.signal ?? new AbortController().signal;
  const pacing = {
    signal,
    progress() {},
    async checkpoint() {
      signal.throwIfAborted();
    },
  };
  const call: CallContext = { locale: 'en-US', settings: {}, ...pacing };
  return {
    inputs: Object.fromEntries(Object.entries(run.inputs).map(([role, input]) => [role, roleInput(input)])),
    parameters: { ...defaults, ...run.parameters },
    timeZone: run.timeZone ?? 'UTC',
    random: seededRandom(run.seed ?? 1),
    ...pacing,
    reduce: async (reduction, columns, options = {}) => run.engine?.({ reduction, columns, options }, call),
    ...(typeof run.threads === 'object' ? run.threads : threadsOf(code, run.threads)),
  };
}

/** What runs the kernels of some code in this thread, one after another, whatever `threads` says. */
export function threadsOf({ kernels }: PluginCode, threads = 1): Threads {
  return {
    threads,
    async spread<Output>(name: string, inputs: readonly unknown[]): Promise<Output[]> {
      const kernel = kernels?.[name];
      if (!kernel) throw new Error(`The code has no kernel '${name}'.`);
      return inputs.map((input) => kernel(input) as Output);
    },
  };
}

function roleInput(input: TestRun['inputs'][string]): RoleInput {
  const rows = Object.values(input.fields)[0]?.length ?? 0;
  return { rows, fields: input.fields, properties: input.properties ?? {} };
}

/** A result table as rows of plain values, for comparing with what is expected. */
export function rowsOf(table: AnalysisResult['tables'][string]): CellValue[][] {
  const length = table.columns[0]?.column.length ?? 0;
  return Array.from({ length }, (_, row) => table.columns.map(({ column }) => valueAt(column, row)));
}

/** A result table as one object per row, by column name. */
export function recordsOf(table: AnalysisResult['tables'][string]): Record<string, CellValue>[] {
  return rowsOf(table).map((row) => Object.fromEntries(table.columns.map(({ name }, index) => [name, row[index]])));
}
