import * as duckdb from '@duckdb/duckdb-wasm';
import ehWorker from '@duckdb/duckdb-wasm/dist/duckdb-browser-eh.worker.js?url';
import ehWasm from '@duckdb/duckdb-wasm/dist/duckdb-eh.wasm?url';
import { tableFromArrays, tableToIPC } from 'apache-arrow';

export interface WasmPeer {
  load(
    table: string,
    columns: Record<string, Int32Array | Uint32Array | Uint16Array | Uint8Array | Float64Array>,
  ): Promise<void>;
  query(sql: string): Promise<Record<string, unknown>[]>;
  file(name: string, file: File): Promise<void>;
  drop(name: string): Promise<void>;
  close(): Promise<void>;
}

/** DuckDB-WASM as its own site tells one to start it, from files beside the page. */
export async function startDuckDbWasm(): Promise<WasmPeer> {
  const worker = new Worker(ehWorker);
  const database = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), worker);
  await database.instantiate(ehWasm);
  const connection = await database.connect();
  return {
    async load(table, columns) {
      // As bytes, since DuckDB-WASM's own Arrow does not know the tables of another version.
      await connection.insertArrowFromIPCStream(tableToIPC(tableFromArrays(columns), 'stream'), { name: table });
    },
    async query(sql) {
      const answer = await connection.query(sql);
      return answer.toArray().map((row: { toJSON(): Record<string, unknown> }) => row.toJSON());
    },
    async file(name, file) {
      await database.registerFileHandle(name, file, duckdb.DuckDBDataProtocol.BROWSER_FILEREADER, true);
    },
    drop: async (name) => {
      await database.dropFile(name);
    },
    async close() {
      await connection.close();
      await database.terminate();
      worker.terminate();
    },
  };
}
