import type { ColumnStatistics, FromFormulaWorker, StatisticsArea, ToFormulaWorker } from './formula-messages.ts';
import { shareColumn } from './share-column.ts';
import type { TableView } from './table-view.ts';

/** The page's end of the calculating worker: says which sheets are tables, and hands columns over when they are asked for. */
export interface FormulaLink {
  readonly worker: Worker;
  addTable(unitId: string, sheetId: string, view: TableView): void;
  setRowIndex(unitId: string, sheetId: string, rows: Uint32Array | null): void;
  forget(unitId: string, sheetId: string): void;
  statistics(unitId: string, sheetId: string, areas: readonly StatisticsArea[]): Promise<ColumnStatistics>;
  dispose(): void;
}

/** `onColumnError` hears of a column that could not be read; formulas then see it empty. */
export function linkFormulas(worker: Worker, onColumnError: (error: unknown) => void): FormulaLink {
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
      onColumnError(error);
      post({ patron: 'column', request, column: null });
    }
  };

  const listen = ({ data }: MessageEvent<unknown>): void => {
    if (typeof data !== 'object' || data === null || !('patron' in data)) return;
    const message = data as FromFormulaWorker;
    if (message.patron === 'needColumn') {
      void sendColumn(message.request, `${message.unitId} ${message.sheetId}`, message.name);
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
    dispose() {
      worker.removeEventListener('message', listen);
      worker.terminate();
    },
  };
}
