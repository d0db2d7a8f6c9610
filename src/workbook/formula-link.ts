import type { CustomFunction } from './custom-function.ts';
import type {
  CalledCell,
  ColumnStatistics,
  FromFormulaWorker,
  StatisticsArea,
  ToFormulaWorker,
} from './formula-messages.ts';
import { shareColumn } from './share-column.ts';
import type { TableView } from './table-view.ts';

/** The page's end of the calculating worker: says which sheets are tables, and hands columns over when they are asked for. */
export interface FormulaLink {
  readonly worker: Worker;
  addTable(unitId: string, sheetId: string, view: TableView): void;
  setRowIndex(unitId: string, sheetId: string, rows: Uint32Array | null): void;
  forget(unitId: string, sheetId: string): void;
  statistics(unitId: string, sheetId: string, areas: readonly StatisticsArea[]): Promise<ColumnStatistics>;
  addFunction(custom: CustomFunction): void;
  dropFunction(name: string): void;
  dispose(): void;
}

export interface FormulaEvents {
  /** A column could not be read; formulas see it empty. */
  columnError(error: unknown): void;
  /** Answers that cells were waiting for have reached the engine. */
  answered(cells: readonly CalledCell[]): void;
}

export function linkFormulas(worker: Worker, events: FormulaEvents): FormulaLink {
  const views = new Map<string, TableView>();
  const statistics = new Map<number, (statistics: ColumnStatistics) => void>();
  let last = 0;
  const post = (message: ToFormulaWorker, transfer: Transferable[] = []): void => worker.postMessage(message, transfer);

  const sendColumn = async (request: number, key: string, name: string): Promise<void> => {
    try {
      const column = await views.get(key)?.column(name);
      if (!column) return post({ patron: 'column', request, column: null });
      const shared = await shareColumn(column);
      post({ patron: 'column', request, column: shared.column }, shared.transfer);
    } catch (error) {
      events.columnError(error);
      post({ patron: 'column', request, column: null });
    }
  };

  const functions = new Map<string, CustomFunction>();
  const answer = async ({
    name,
    keys,
    calls,
    cells,
  }: Extract<FromFormulaWorker, { patron: 'calls' }>): Promise<void> => {
    const values =
      (await functions
        .get(name)
        ?.calculate(calls)
        .catch(() => undefined)) ?? calls.map(() => '#VALUE!');
    post({ patron: 'answers', name, keys, values });
    events.answered(cells);
  };

  const listen = ({ data }: MessageEvent<unknown>): void => {
    if (typeof data !== 'object' || data === null || !('patron' in data)) return;
    const message = data as FromFormulaWorker;
    if (message.patron === 'needColumn') {
      void sendColumn(message.request, `${message.unitId} ${message.sheetId}`, message.name);
    } else if (message.patron === 'calls') {
      void answer(message);
    } else {
      statistics.get(message.request)?.(message.statistics);
      statistics.delete(message.request);
    }
  };
  worker.addEventListener('message', listen);

  return {
    worker,
    addTable(unitId, sheetId, view) {
      views.set(`${unitId} ${sheetId}`, view);
      const columns = view.columns.map(({ name, type, title, scale }) => ({ name, type, title, scale }));
      post({ patron: 'table', unitId, sheetId, rows: view.rows, columns });
    },
    setRowIndex(unitId, sheetId, rows) {
      post({ patron: 'rowIndex', unitId, sheetId, rows });
    },
    forget(unitId, sheetId) {
      views.delete(`${unitId} ${sheetId}`);
      post({ patron: 'forget', unitId, sheetId });
    },
    statistics(unitId, sheetId, areas) {
      const request = ++last;
      return new Promise((resolve) => {
        statistics.set(request, resolve);
        post({ patron: 'statistics', request, unitId, sheetId, areas });
      });
    },
    addFunction(custom) {
      functions.set(custom.name, custom);
      const least = custom.parameters.filter(({ optional }) => !optional).length;
      post({ patron: 'function', name: custom.name, least, most: custom.parameters.length });
    },
    dropFunction(name) {
      functions.delete(name);
      post({ patron: 'dropFunction', name });
    },
    dispose() {
      worker.removeEventListener('message', listen);
      worker.terminate();
    },
  };
}
