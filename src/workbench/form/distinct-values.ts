import { stringAt, stringCount } from '@patron/sdk';
import type { TablesClient } from '../../tables/index.ts';

const limit = 500;

/** The texts that a dictionary-coded column holds, at most 500, for suggestions; none for other columns. */
export async function distinctValues(client: TablesClient, table: string, column: string): Promise<readonly string[]> {
  const meta = await client.get(table);
  if (meta.columns.find(({ name }) => name === column)?.layout !== 'dictionary') return [];
  const [{ column: stored }] = await client.readColumns(table, [column]);
  if (stored.type !== 'string' || stored.layout !== 'dictionary') return [];
  const count = Math.min(limit, stringCount(stored.dictionary));
  return Array.from({ length: count }, (_, index) => stringAt(stored.dictionary, index)).sort((a, b) =>
    a.localeCompare(b),
  );
}
