import { existsSync, openAsBlob, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { plugin } from '../../plugins/churn/index.ts';
import { bindRun } from '../../src/analysis/index.ts';
import type { AnalysisResult, CellValue, Json, PluginManifest } from '../../src/sdk/index.ts';
import { recordsOf, runAnalysis } from '../../src/sdk/testing.ts';
import { blobSource, readTable } from '../../src/tables/index.ts';

const shared = process.env.PATRON_SHARED ?? join(import.meta.dirname, '..', '..', '..', 'shared');

export const FILES = {
  waltons: join(shared, 'data', 'survival', 'waltons_dataset.csv'),
  rossi: join(shared, 'data', 'survival', 'rossi.csv'),
  lung: join(shared, 'data', 'survival', 'lung.csv'),
  telco: join(shared, 'data', 'telco', 'WA_Fn-UseC_-Telco-Customer-Churn.csv'),
};

/** Whether the file is here; says so where it is not, since its tests are then skipped. */
export function hasFile(name: keyof typeof FILES): boolean {
  const there = existsSync(FILES[name]);
  if (!there) console.warn(`Skipped: '${FILES[name]}' is not here. Set PATRON_SHARED to the folder that holds data/.`);
  return there;
}

const manifest = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'plugins', 'churn', 'plugin.json'), 'utf8'),
) as PluginManifest;

export interface Run {
  readonly result: AnalysisResult;
  metric(name: string): number;
  rows(table: string): Record<string, CellValue>[];
  /** The row of a table whose `key` is `value`. */
  row(table: string, key: string, value: CellValue): Record<string, CellValue>;
}

/** Runs an analysis on a file through the app's own importer and binding. */
export async function run(
  id: string,
  file: keyof typeof FILES,
  role: string,
  fields: Record<string, string>,
  parameters: Record<string, Json> = {},
): Promise<Run> {
  const contribution = manifest.contributes?.analyses?.find((analysis) => analysis.id === id);
  if (!contribution) throw new Error(`The manifest has no analysis '${id}'.`);
  const { table } = await readTable(blobSource(await openAsBlob(FILES[file]), basename(FILES[file])));
  const columns = Object.fromEntries(table.columns.map(({ name, column }) => [name, column]));
  const complete = Object.fromEntries(
    (contribution.parameters ?? []).map(({ name, default: value }) => [name, parameters[name] ?? value]),
  );
  const { inputs } = await bindRun(
    contribution,
    { analysis: id, roles: { [role]: { table: file, fields, filters: [] } }, parameters: complete },
    complete,
    {
      [role]: {
        name: file,
        rows: table.rows,
        columnNames: table.columns.map(({ name }) => name),
        load: async () => columns,
      },
    },
  );
  const result = await runAnalysis({ manifest, code: plugin }, id, { inputs, parameters: complete });
  const rows = (name: string): Record<string, CellValue>[] => recordsOf(result.tables[name]);
  return {
    result,
    rows,
    metric: (name) => result.metrics[name].value as number,
    row: (name, key, value) => {
      const found = rows(name).find((record) => record[key] === value);
      if (!found) throw new Error(`Table '${name}' has no row with ${key} '${value}'.`);
      return found;
    },
  };
}
