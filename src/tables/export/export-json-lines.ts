import { valueAt } from '@patron/sdk';
import type { TableGroups } from './table-groups.ts';

const ROWS_AT_A_TIME = 4096;
const encoder = new TextEncoder();

/** One object a line; days and times as ISO text, a missing value as null. */
export async function* exportJsonLines(table: TableGroups): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const keys = table.columns.map(({ name }) => `${JSON.stringify(name)}:`);
  for await (const columns of table.groups()) {
    const rows = columns[0]?.length ?? 0;
    for (let from = 0; from < rows; from += ROWS_AT_A_TIME) {
      let text = '';
      for (let row = from; row < Math.min(rows, from + ROWS_AT_A_TIME); row++) {
        const fields = columns.map((column, index) => keys[index] + JSON.stringify(valueAt(column, row)));
        text += `{${fields.join(',')}}\n`;
      }
      yield encoder.encode(text);
    }
  }
}
