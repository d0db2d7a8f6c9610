import type { CellValue } from '@patron/sdk';
import { type PluginServices, plainText } from '../../platform/index.ts';
import { download } from '../actions/download.ts';
import type { Workbench } from '../workbench.ts';

/** Cells that a plugin may write at once. */
const cellLimit = 50_000;

/** What the app does for plugins that have the permission, over the workbench once that stands. */
export function pluginServices(workbench: () => Workbench): PluginServices {
  return {
    tables: () =>
      workbench()
        .tables.list()
        .map(({ name, rows, columns }) => ({ name, rows, columns: columns.map(({ name, type }) => ({ name, type })) })),
    async readTable(name) {
      const { list, client } = workbench().tables;
      const table = list().find((one) => one.name === name);
      if (!table) throw new Error(`There is no table '${name}' in the workbook.`);
      const names = table.columns.map((column) => column.name);
      return { columns: await client.readColumns(table.id, names) };
    },
    async addSheet(name, rows) {
      const { session } = workbench();
      if (!session.current()) throw new Error('No workbook is open.');
      if (rows.reduce((sum, row) => sum + row.length, 0) > cellLimit)
        throw new Error(`A plugin writes at most ${cellLimit} cells at once.`);
      const host = session.host();
      const sheet = host.addSheet(name);
      rows.forEach((row, r) => {
        row.forEach((value, c) => {
          if (value !== null) host.setCell(sheet, r, c, asValue(value));
        });
      });
    },
    saveFile: (name, bytes) => download(new Blob([new Uint8Array(bytes)]), plainText(name)),
    copyText: (text) => navigator.clipboard.writeText(text),
  };
}

/** A text that a sheet would take for a formula stays text. */
function asValue(value: CellValue): CellValue {
  return typeof value === 'string' && value.startsWith('=') ? `'${value}` : value;
}
