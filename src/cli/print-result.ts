import { type AnalysisResult, type Catalogue, type Json, type ResultTable, renderText, valueAt } from '@patron/sdk';

/** Texts of the plugin's catalogue (`{ key, args }`) anywhere in plain data, as they read in English. */
export function renderAll(value: unknown, catalogue: Catalogue): Json {
  if (typeof value === 'number' && !Number.isFinite(value)) return null;
  if (value === null || typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string')
    return value;
  if (Array.isArray(value)) return value.map((item) => renderAll(item, catalogue));
  if (typeof value !== 'object') return null;
  if (
    'key' in value &&
    typeof value.key === 'string' &&
    Object.keys(value).every((key) => key === 'key' || key === 'args')
  ) {
    return renderText(value as { key: string }, catalogue, 'en-US');
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([key, inner]) => [key, renderAll(inner, catalogue)]),
  );
}

/** Value, interval and sample size of each metric; a figure that is not finite prints as null. */
export function printedMetrics(result: AnalysisResult, catalogue: Catalogue): Json {
  return Object.fromEntries(
    Object.entries(result.metrics).map(([name, { value, interval, n, title, smallSample }]) => [
      name,
      renderAll({ value, interval, n, title, smallSample: smallSample || undefined }, catalogue),
    ]),
  );
}

/** A result table as JSON text, in pieces, so that a million rows never stand in one string. */
export function* printedTable(table: ResultTable, limit: number): Generator<string> {
  const columns = table.columns.map(({ name, column }) => ({ name, type: column.type }));
  yield `{"columns":${JSON.stringify(columns)},"rows":[`;
  const rows = Math.min(limit, table.columns[0]?.column.length ?? 0);
  for (let start = 0; start < rows; start += 4096) {
    const lines: string[] = [];
    for (let row = start; row < Math.min(rows, start + 4096); row++) {
      lines.push(JSON.stringify(table.columns.map(({ column }) => valueAt(column, row))));
    }
    yield (start > 0 ? ',\n' : '\n') + lines.join(',\n');
  }
  yield ']}';
}
