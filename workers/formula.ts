import { serveFormulas, type WorkerScope } from '../src/workbook/formula-worker.ts';

serveFormulas(globalThis as unknown as WorkerScope);
