import type { Column } from '@patron/sdk';
import { type Injector, type IRange, type IUnitRange, IUniverInstanceService } from '@univerjs/core';
import {
  type BaseFunction,
  ICalculateFormulaService,
  IFormulaDependencyGenerator,
  IFunctionService,
} from '@univerjs/engine-formula';
import { UniverSheetsCoreWorkerPreset } from '@univerjs/preset-sheets-core/worker';
import { createUniver } from '@univerjs/presets';
import { aggregate, emptyAggregate } from './column-kernels.ts';
import { fastFunctions } from './fast-functions.ts';
import { readTableSheets } from './formula-data.ts';
import type { FromFormulaWorker, StatisticsArea, ToFormulaWorker } from './formula-messages.ts';
import { createFunctionShims } from './function-shims.ts';
import { TableCells } from './table-cells.ts';
import type { TableColumn } from './table-view.ts';
import { VirtualMatrix } from './virtual-matrix.ts';

/** What the worker's global scope is used for. */
export interface WorkerScope {
  postMessage(message: FromFormulaWorker): void;
  addEventListener(type: 'message', listener: (event: MessageEvent<unknown>) => void): void;
}

interface TableSheet {
  readonly matrix: VirtualMatrix;
  readonly cells: TableCells;
  readonly columns: readonly TableColumn[];
}

/**
 * The calculating side of the workbook, in its worker. Table sheets are known here by their columns, which are fetched
 * from the page when a formula first refers to them; the run waits for them, so a formula never sees half a column.
 */
export function serveFormulas(scope: WorkerScope): void {
  const tables = new Map<string, TableSheet>();
  const fetches = createFetches(scope);
  const { univer } = createUniver({
    presets: [UniverSheetsCoreWorkerPreset({ formula: { function: fastFunctions() } })],
  });
  const injector = univer.__getInjector();
  readTableSheets((unitId, sheetId) => tables.get(`${unitId} ${sheetId}`)?.matrix);

  const load = async (key: string, firstColumn: number, lastColumn: number): Promise<void> => {
    const table = tables.get(key);
    if (!table) return;
    const [unitId, sheetId] = key.split(' ');
    const wanted: Promise<void>[] = [];
    for (let index = firstColumn; index <= Math.min(lastColumn, table.columns.length - 1); index++) {
      if (table.cells.isLoaded(index)) continue;
      wanted.push(
        fetches.column(unitId, sheetId, table.columns[index].name).then((column) => {
          if (column) table.cells.load(index, column);
        }),
      );
    }
    await Promise.all(wanted);
  };

  const shims = createFunctionShims((message) => scope.postMessage(message));
  const custom = new Map<string, BaseFunction>();
  let functions: IFunctionService | null = null;

  // The engine's services come into being with the first workbook.
  const begun = injector.get(IUniverInstanceService).unitAdded$.subscribe(() => {
    begun.unsubscribe();
    functions = injector.get(IFunctionService);
    functions.registerExecutors(...custom.values());
    waitForColumns(injector, async (unitId, sheetId, range) => {
      const from = Number.isNaN(range.startColumn) ? 0 : range.startColumn;
      const to = Number.isNaN(range.endColumn) ? Number.MAX_SAFE_INTEGER : range.endColumn;
      await load(`${unitId} ${sheetId}`, from, to);
    });
    runOneByOne(injector);
  });

  scope.addEventListener('message', ({ data }) => {
    if (!isOurs(data)) return;
    switch (data.patron) {
      case 'table': {
        const cells = new TableCells(data.rows, data.columns);
        tables.set(`${data.unitId} ${data.sheetId}`, {
          cells,
          columns: data.columns,
          matrix: new VirtualMatrix(cells),
        });
        break;
      }
      case 'forget':
        tables.delete(`${data.unitId} ${data.sheetId}`);
        break;
      case 'rowIndex':
        tables.get(`${data.unitId} ${data.sheetId}`)?.cells.setRowIndex(data.rows);
        break;
      case 'column':
        fetches.arrived(data.request, data.column);
        break;
      case 'function': {
        const shim = shims.shim(data.name, data.least, data.most);
        custom.set(data.name, shim);
        functions?.registerExecutors(shim);
        break;
      }
      case 'dropFunction':
        custom.delete(data.name);
        shims.forget(data.name);
        functions?.unregisterExecutors(data.name);
        break;
      case 'answers':
        shims.answered(data.name, data.keys, data.values);
        break;
      case 'statistics':
        void answerStatistics(scope, data.request, tables, `${data.unitId} ${data.sheetId}`, data.areas, load);
    }
  });
}

function isOurs(data: unknown): data is ToFormulaWorker {
  return typeof data === 'object' && data !== null && 'patron' in data;
}

function createFetches(scope: WorkerScope) {
  const waiting = new Map<number, (column: Column | null) => void>();
  const underWay = new Map<string, Promise<Column | null>>();
  let last = 0;
  return {
    column(unitId: string, sheetId: string, name: string): Promise<Column | null> {
      const key = `${unitId} ${sheetId} ${name}`;
      const former = underWay.get(key);
      if (former) return former;
      const request = ++last;
      const fetched = new Promise<Column | null>((resolve) => waiting.set(request, resolve));
      underWay.set(key, fetched);
      void fetched.then(() => underWay.delete(key));
      const message: FromFormulaWorker = { patron: 'needColumn', request, unitId, sheetId, name };
      scope.postMessage(message);
      return fetched;
    },
    arrived(request: number, column: Column | null): void {
      waiting.get(request)?.(column);
      waiting.delete(request);
    },
  };
}

/** A formula in the engine's plan of a run, with what it refers to. */
interface PlannedFormula {
  readonly treeId: number;
  readonly rangeList: readonly IUnitRange[];
}

/**
 * Before a run starts to calculate, the columns that its formulas refer to are fetched. The engine finds all references
 * first and forgets them when it has found what is to be calculated; so they are noted in between.
 */
function waitForColumns(
  injector: Injector,
  load: (unitId: string, sheetId: string, range: IRange) => Promise<void>,
): void {
  const generator = injector.get(IFormulaDependencyGenerator);
  const planner = generator as unknown as {
    _generateTreeList(...given: unknown[]): Promise<readonly PlannedFormula[]>;
  };
  const references = new Map<number, readonly IUnitRange[]>();
  const plan = planner._generateTreeList.bind(generator);
  planner._generateTreeList = async (...given) => {
    const formulas = await plan(...given);
    for (const { treeId, rangeList } of formulas) references.set(treeId, [...rangeList]);
    return formulas;
  };
  const generate = generator.generate.bind(generator);
  generator.generate = async (...given) => {
    const formulas = await generate(...given);
    const wanted = new Map<string, Promise<void>>();
    for (const { treeId } of formulas) {
      for (const { unitId, sheetId, range } of references.get(treeId) ?? []) {
        const key = `${unitId} ${sheetId} ${range.startColumn} ${range.endColumn}`;
        if (!wanted.has(key)) wanted.set(key, load(unitId, sheetId, range));
      }
    }
    references.clear();
    await Promise.all(wanted.values());
    return formulas;
  };
}

/**
 * A run resets the engine's state before it queues for its turn, which would pull the ground from under a run that is
 * waiting for a column. So a run begins only when the former has told its end.
 */
function runOneByOne(injector: Injector): void {
  const service = injector.get(ICalculateFormulaService);
  const execute = service.execute.bind(service);
  let former: Promise<void> = Promise.resolve();
  service.execute = (config) => {
    former = former.then(
      () =>
        new Promise<void>((resolve) => {
          const ended = service.executionCompleteListener$.subscribe(() => {
            ended.unsubscribe();
            setTimeout(resolve);
          });
          void execute(config);
        }),
    );
    return former;
  };
}

async function answerStatistics(
  scope: WorkerScope,
  request: number,
  tables: ReadonlyMap<string, TableSheet>,
  key: string,
  areas: readonly StatisticsArea[],
  load: (key: string, firstColumn: number, lastColumn: number) => Promise<void>,
): Promise<void> {
  const total = emptyAggregate();
  for (const { firstColumn, lastColumn, rows } of areas) {
    await load(key, firstColumn, lastColumn);
    for (let index = firstColumn; index <= lastColumn; index++) {
      const column = tables.get(key)?.cells.sheetColumn(index);
      if (!column) continue;
      const part = aggregate(column, rows);
      total.sum += part.sum;
      total.numbers += part.numbers;
      total.present += part.present;
      total.minimum = Math.min(total.minimum, part.minimum);
      total.maximum = Math.max(total.maximum, part.maximum);
    }
  }
  const message: FromFormulaWorker = { patron: 'statistics', request, statistics: total };
  scope.postMessage(message);
}
