import type { AnalysisResult, Column, Json, Message, PluginManifest } from '@patron/sdk';
import { recordsOf, runAnalysis } from '@patron/sdk/testing';
import { expect } from 'vitest';
import { plugin as code } from './index.ts';
import manifest from './plugin.json';

export const plugin = { manifest: manifest as unknown as PluginManifest, code };
type Columns = Record<string, Column>;

export function spellsRun(
  id: string,
  fields: Columns,
  properties: Columns = {},
  parameters: Record<string, Json> = {},
) {
  return runAnalysis(plugin, id, { inputs: { spells: { fields, properties } }, parameters });
}

export function customersRun(fields: Columns, properties: Columns, parameters: Record<string, Json> = {}) {
  return runAnalysis(plugin, 'churn.risk', { inputs: { customers: { fields, properties } }, parameters });
}

/** Every number of a result's metrics, tables and charts; null where there is none. */
function numbersIn(result: AnalysisResult): unknown[] {
  const found: unknown[] = [];
  const visit = (value: unknown): void => {
    if (typeof value === 'number') found.push(value);
    else if (Array.isArray(value)) value.forEach(visit);
    else if (value && typeof value === 'object') Object.values(value).forEach(visit);
  };
  visit(Object.values(result.metrics));
  visit(result.charts);
  for (const table of Object.values(result.tables)) visit(recordsOf(table));
  return found;
}

export function expectNoNaN(result: AnalysisResult): void {
  expect(numbersIn(result).filter(Number.isNaN)).toEqual([]);
  for (const table of Object.values(result.tables))
    for (const { name, column } of table.columns) {
      if (column.type === 'string' || column.validity) continue;
      expect(Array.from(column.values).some(Number.isNaN), `'${name}' has NaN`).toBe(false);
    }
}

export function keysOf(notes: AnalysisResult['notes']): string[] {
  return notes.map(({ text }) => (text as Message).key);
}
