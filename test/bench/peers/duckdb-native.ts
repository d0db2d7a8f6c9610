import { createRequire } from 'node:module';
import type * as DuckDb from '@duckdb/node-api';

export interface NativePeer {
  load(table: string, columns: Record<string, ArrayLike<number>>): Promise<void>;
  query(sql: string): Promise<unknown[][]>;
  close(): void;
}

/** Native DuckDB with two threads, in memory. */
export async function startDuckDbNative(): Promise<NativePeer> {
  const duckdb = createRequire(import.meta.url)('@duckdb/node-api') as typeof DuckDb;
  const instance = await duckdb.DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  return {
    async load(table, columns) {
      const names = Object.keys(columns);
      await connection.run(`CREATE TABLE ${table} (${names.map((name) => `${name} INTEGER`).join(', ')})`);
      const appender = await connection.createAppender(table);
      const types = names.map(() => duckdb.INTEGER);
      const rows = columns[names[0]].length;
      for (let start = 0; start < rows; start += 2048) {
        const size = Math.min(2048, rows - start);
        const chunk = duckdb.DuckDBDataChunk.create(types, size);
        names.forEach((name, index) => {
          chunk.setColumnValues(
            index,
            Array.from({ length: size }, (_, row) => columns[name][start + row]),
          );
        });
        appender.appendDataChunk(chunk);
      }
      appender.closeSync();
    },
    async query(sql) {
      const reader = await connection.runAndReadAll(sql);
      return reader.getRows();
    },
    close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
