import { openAsBlob, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type AnalysisContribution, AnalysisError, type Column, type Json, renderText } from '@patron/sdk';
import {
  bindRun,
  countAll,
  describeReason,
  parseFieldSource,
  parseFilter,
  type RoleRequest,
  type RoleTable,
  type RunRequest,
} from '../analysis/index.ts';
import { PluginHost, parameterFromText } from '../platform/index.ts';
import { blobSource, readTable } from '../tables/index.ts';
import { installBuiltInPlugins } from './built-in-plugins.ts';
import { type HeadlessArguments, readArguments, usage } from './headless-arguments.ts';
import { printedMetrics, printedTable, renderAll } from './print-result.ts';
import { root } from './root.ts';

/** Runs one analysis without a browser: the app's own importers, binding, host and plugin code; the result as JSON. */
async function main(): Promise<void> {
  const argv = process.argv.slice(2);
  const host = new PluginHost({ locale: 'en-US', mac: false });
  installBuiltInPlugins(host, join(root, 'plugins'));
  try {
    if (argv.length === 0) {
      throw new Error(
        `${usage}\nAnalyses: ${host
          .analyses()
          .map(({ contribution }) => contribution.id)
          .join(', ')}`,
      );
    }
    await run(host, readArguments(argv));
  } finally {
    host.dispose();
  }
}

async function run(host: PluginHost, given: HeadlessArguments): Promise<void> {
  const { plugin, contribution } = host.analysis(given.analysis);
  const parameters = host.completeParameters(given.analysis, readParameters(contribution, given));
  const tables = await readFiles(given);
  const request = buildRequest(given, contribution, parameters, tables);
  const { inputs, counts } = await bindRun(contribution, request, parameters, tables);
  const result = await host.runAnalysis(given.analysis, {
    inputs,
    parameters,
    timeZone: given.timeZone,
    seed: given.seed,
  });
  const catalogue = host.catalogueOf(plugin.id, 'en-US');
  const rows = countAll(counts, result);
  const parts: Record<string, Json> = {
    analysis: given.analysis,
    plugin: { id: plugin.id, version: plugin.manifest.version },
    parameters: { ...parameters, ...result.settled },
    ...(result.headline ? { headline: renderText(result.headline, catalogue, 'en-US') } : {}),
    metrics: printedMetrics(result, catalogue),
  };
  const { write } = output();
  write('{');
  for (const [name, part] of Object.entries(parts)) write(`${JSON.stringify(name)}:${JSON.stringify(part)},\n`);
  write('"tables":{');
  let first = true;
  for (const [name, table] of Object.entries(result.tables)) {
    write(`${first ? '' : ',\n'}${JSON.stringify(name)}:`);
    for (const piece of printedTable(table, given.limitRows ?? Number.POSITIVE_INFINITY)) write(piece);
    first = false;
  }
  write(`},\n"charts":${JSON.stringify(renderAll(result.charts, catalogue))},\n`);
  write(`"notes":${JSON.stringify(renderAll(result.notes, catalogue))},\n`);
  const leftOut = rows.leftOut.map(({ reason, count }) => ({ reason: describeReason(reason, catalogue), count }));
  write(`"rows":${JSON.stringify({ read: rows.read, used: rows.used, leftOut })}}\n`);
}

/** Standard output takes what the pipe can hold and keeps the rest until there is room. */
function output(): { write(text: string): void } {
  return { write: (text) => void process.stdout.write(text) };
}

function readParameters(contribution: AnalysisContribution, given: HeadlessArguments): Record<string, Json> {
  const known = contribution.parameters ?? [];
  return Object.fromEntries(
    given.parameters.map(([name, text]) => {
      const parameter = known.find((candidate) => candidate.name === name);
      if (!parameter) {
        const names = known.map((candidate) => candidate.name).join(', ');
        throw new AnalysisError(`'${given.analysis}' has no parameter '${name}'; it has ${names || 'none'}.`);
      }
      return [name, parameterFromText(parameter, text)];
    }),
  );
}

async function readFiles(given: HeadlessArguments): Promise<Record<string, RoleTable>> {
  const tables: Record<string, RoleTable> = {};
  for (const [role, path] of given.files) {
    if (tables[role]) throw new Error(`Role '${role}' is given twice; give one file for each role.`);
    if (!statSync(path, { throwIfNoEntry: false })?.isFile())
      throw new Error(`'${path}' is no file. Check the path of role '${role}'.`);
    const { table } = await readTable(blobSource(await openAsBlob(path), basename(path)));
    const columns: Record<string, Column> = Object.fromEntries(table.columns.map(({ name, column }) => [name, column]));
    tables[role] = {
      name: basename(path),
      rows: table.rows,
      columnNames: table.columns.map(({ name }) => name),
      load: async () => columns,
    };
  }
  return tables;
}

function buildRequest(
  given: HeadlessArguments,
  contribution: AnalysisContribution,
  parameters: Record<string, Json> | Readonly<Record<string, Json>>,
  tables: Readonly<Record<string, RoleTable>>,
): RunRequest {
  const known = contribution.inputs.map(({ role }) => role);
  const roles: Record<string, RoleRequest> = {};
  for (const [role, file] of given.files) roles[role] = { table: file, fields: {}, filters: [] };
  const roleOf = (role: string, option: string): RoleRequest => {
    if (roles[role]) return roles[role];
    throw new Error(
      known.includes(role)
        ? `${option} names role '${role}', but no file is given for it; add ${role}=<file>.`
        : `${option} names role '${role}'; '${given.analysis}' reads ${known.join(', ')}.`,
    );
  };
  for (const { role, field, source } of given.maps) {
    const request = roleOf(role, '--map');
    const parsed = parseFieldSource(source, tables[role].columnNames);
    roles[role] = { ...request, fields: { ...request.fields, [field]: parsed } };
  }
  for (const { role, text } of given.filters) {
    const request = roleOf(role, '--where');
    const filter = parseFilter(text, tables[role].columnNames);
    if (!filter)
      throw new Error(
        `--where '${role}.${text}' should be <role>.<column><op><value>, op one of = != > >= < <= ^= !^=.`,
      );
    roles[role] = { ...request, filters: [...request.filters, filter] };
  }
  for (const role of contribution.inputs) {
    if (roles[role.role])
      roles[role.role] = { ...roles[role.role], fields: sameNames(role, roles[role.role], tables[role.role]) };
  }
  return { analysis: given.analysis, roles, parameters, seed: given.seed };
}

/** A required field that is not mapped is filled by the column of its very name, where there is one. */
function sameNames(
  role: AnalysisContribution['inputs'][number],
  request: RoleRequest,
  table: RoleTable,
): RoleRequest['fields'] {
  const named = role.fields.filter(
    ({ name, optional }) => !optional && request.fields[name] === undefined && table.columnNames.includes(name),
  );
  return { ...Object.fromEntries(named.map(({ name }) => [name, name])), ...request.fields };
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
