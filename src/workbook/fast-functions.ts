import type { Ctor } from '@univerjs/core';
import {
  ArrayValueObject,
  type BaseFunction,
  type BaseReferenceObject,
  type BaseValueObject,
  BooleanValueObject,
  ErrorType,
  ErrorValueObject,
  type FunctionVariantType,
  functionLookup,
  functionMath,
  functionStatistical,
  NullValueObject,
  NumberValueObject,
  StringValueObject,
} from '@univerjs/engine-formula';
import {
  type Aggregate,
  aggregate,
  emptyAggregate,
  type RowSpan,
  type SheetColumn,
  shownSpan,
} from './column-kernels.ts';
import { findRow, findRowBelow } from './column-lookup.ts';
import { parseCriterion, rowTest } from './criterion.ts';
import { TableCells } from './table-cells.ts';
import { VirtualMatrix } from './virtual-matrix.ts';

/** A range of a table sheet: which columns and rows of which cells. */
interface TableRange {
  readonly cells: TableCells;
  readonly firstColumn: number;
  readonly lastColumn: number;
  readonly rows: RowSpan;
}

/** The table range behind an argument; null where it is anything else, or a column of it is not here. */
function tableRange(variant: FunctionVariantType | undefined): TableRange | null {
  if (!variant?.isReferenceObject()) return null;
  const reference = variant as BaseReferenceObject;
  const matrix = reference.getCurrentActiveSheetData()?.cellData;
  if (!(matrix instanceof VirtualMatrix) || !(matrix.source instanceof TableCells)) return null;
  const cells = matrix.source;
  const range = reference.getRangePosition();
  const lastColumn = Math.min(range.endColumn, cells.columns - 1);
  for (let column = range.startColumn; column <= lastColumn; column++) if (!cells.isLoaded(column)) return null;
  return { cells, firstColumn: range.startColumn, lastColumn, rows: { start: range.startRow, end: range.endRow } };
}

function columnOf(range: TableRange, offset = 0): SheetColumn | undefined {
  return range.cells.sheetColumn(range.firstColumn + offset);
}

function rangeAggregate(range: TableRange): Aggregate {
  const total = emptyAggregate();
  for (let index = range.firstColumn; index <= range.lastColumn; index++) {
    const column = range.cells.sheetColumn(index);
    if (!column) continue;
    const part = aggregate(column, range.rows);
    total.sum += part.sum;
    total.numbers += part.numbers;
    total.present += part.present;
    total.minimum = Math.min(total.minimum, part.minimum);
    total.maximum = Math.max(total.maximum, part.maximum);
  }
  return total;
}

/** A value as the stock functions take it where they do not ask for references. */
function plainValue(variant: FunctionVariantType): BaseValueObject {
  return variant.isReferenceObject()
    ? (variant as BaseReferenceObject).toArrayValueObject()
    : (variant as BaseValueObject);
}

/** A single value; null for an array or an error, which the stock function is left to deal with. */
function scalarOf(variant: FunctionVariantType | undefined): number | string | boolean | null {
  if (!variant || tableRange(variant)) return null;
  let value = plainValue(variant);
  if (value.isArray()) {
    const array = value as ArrayValueObject;
    if (array.getRowCount() !== 1 || array.getColumnCount() !== 1) return null;
    value = array.getFirstCell();
  }
  return value.isError() || value.isNull() ? null : value.getValue();
}

type Attempt = (variants: readonly FunctionVariantType[], stock: StockCall) => FunctionVariantType | null;
type StockCall = (...variants: FunctionVariantType[]) => FunctionVariantType;

/**
 * The stock function `name`, with `attempt` tried first. The attempt gets references and answers from columns, without
 * an object for each cell; where it answers null, the stock function runs as ever.
 */
function overStock(stock: Ctor<BaseFunction>, attempt: Attempt): Ctor<BaseFunction> {
  return class extends stock {
    readonly #takesReferences: boolean;

    constructor(...parameters: ConstructorParameters<Ctor<BaseFunction>>) {
      super(...parameters);
      this.#takesReferences = this.needsReferenceObject;
      this.needsReferenceObject = true;
    }

    override calculate(...variants: FunctionVariantType[]) {
      const stockCall: StockCall = (...given) =>
        super.calculate(
          ...((this.#takesReferences ? given : given.map(plainValue)) as BaseValueObject[]),
        ) as FunctionVariantType;
      const overTables = variants.some((variant) => tableRange(variant) !== null);
      return ((overTables && attempt(variants, stockCall)) || stockCall(...variants)) as ReturnType<
        BaseFunction['calculate']
      >;
    }
  };
}

const sum: Attempt = (variants, stock) =>
  stock(
    ...variants.map((variant) => {
      const range = tableRange(variant);
      return range ? NumberValueObject.create(rangeAggregate(range).sum) : variant;
    }),
  );

/** COUNT or COUNTA: the tables' cells, and whatever else there is by the stock function. */
function counter(count: (aggregate: Aggregate) => number): Attempt {
  return (variants, stock) => {
    let total = 0;
    const others: FunctionVariantType[] = [];
    for (const variant of variants) {
      const range = tableRange(variant);
      if (range) total += count(rangeAggregate(range));
      else others.push(variant);
    }
    if (others.length === 0) return NumberValueObject.create(total);
    const rest = stock(...others) as BaseValueObject;
    return rest.isError() ? rest : NumberValueObject.create(total + Number(rest.getValue()));
  };
}

const average: Attempt = (variants) => {
  let total = 0;
  let numbers = 0;
  for (const variant of variants) {
    const range = tableRange(variant);
    if (range) {
      const part = rangeAggregate(range);
      total += part.sum;
      numbers += part.numbers;
      continue;
    }
    const value = plainValue(variant);
    if (value.isError()) return value;
    if (value.isArray()) {
      const partSum = value.sum();
      if (partSum.isError()) return partSum;
      total += Number(partSum.getValue());
      numbers += Number(value.count().getValue());
    } else if (!value.isNull()) {
      const number = value.isString() || value.isBoolean() ? value.convertToNumberObjectValue() : value;
      if (number.isError()) return number;
      total += Number(number.getValue());
      numbers++;
    }
  }
  return numbers === 0 ? ErrorValueObject.create(ErrorType.DIV_BY_ZERO) : NumberValueObject.create(total / numbers);
};

function extreme(pick: (aggregate: Aggregate) => number): Attempt {
  return (variants, stock) =>
    stock(
      ...variants.map((variant) => {
        const range = tableRange(variant);
        if (!range) return variant;
        const part = rangeAggregate(range);
        return part.numbers === 0
          ? NullValueObject.create()
          : NumberValueObject.create(pick(part), range.cells.pattern(range.firstColumn));
      }),
    );
}

interface Condition {
  readonly range: TableRange;
  readonly test: (row: number) => boolean;
}

/** Pairs of one-column ranges of one table with single criteria, all of the same rows; null where they are not that. */
function conditions(pairs: readonly FunctionVariantType[]): Condition[] | null {
  const found: Condition[] = [];
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    const range = tableRange(pairs[i]);
    const criterion = scalarOf(pairs[i + 1]);
    const column = range && range.firstColumn === range.lastColumn ? columnOf(range) : undefined;
    if (!range || !column || criterion === null) return null;
    const { range: former } = found[0] ?? { range };
    if (former.cells !== range.cells || former.rows.start !== range.rows.start || former.rows.end !== range.rows.end)
      return null;
    found.push({ range, test: rowTest(column.column, parseCriterion(criterion)) });
  }
  return found.length === 0 ? null : found;
}

/** Calls `visit` with every table row that meets all conditions. The header row is never counted. */
function eachMatch(tests: readonly Condition[], visit: (row: number) => void): void {
  const [{ range }] = tests;
  const column = columnOf(range);
  if (!column) return;
  const { first, last } = shownSpan(column, range.rows);
  const predicates = tests.map(({ test }) => test);
  rows: for (let i = first; i <= last; i++) {
    const row = column.rows ? column.rows[i] : i;
    for (const predicate of predicates) if (!predicate(row)) continue rows;
    visit(row);
  }
}

function conditionalSum(target: FunctionVariantType, pairs: readonly FunctionVariantType[]) {
  const tests = conditions(pairs);
  const range = tableRange(target);
  const column = range && range.firstColumn === range.lastColumn ? columnOf(range)?.column : undefined;
  if (!tests || !range || !column) return null;
  const [{ range: tested }] = tests;
  if (range.cells !== tested.cells || range.rows.start !== tested.rows.start || range.rows.end !== tested.rows.end)
    return null;
  const summed = { sum: 0, numbers: 0 };
  if (column.type === 'string' || column.type === 'boolean') return summed;
  const { values, validity } = column;
  eachMatch(tests, (row) => {
    if (validity && !(validity[row >> 3] & (1 << (row & 7)))) return;
    summed.sum += values[row];
    summed.numbers++;
  });
  if (column.type === 'number') summed.sum /= column.scale;
  else if (column.type === 'date') summed.sum += summed.numbers * 25569;
  else if (column.type === 'timestamp') summed.sum = (summed.sum * column.unit) / 86_400_000 + summed.numbers * 25569;
  return summed;
}

const countIf: Attempt = (variants) => {
  const tests = conditions(variants);
  if (!tests) return null;
  let count = 0;
  eachMatch(tests, () => count++);
  return NumberValueObject.create(count);
};

/** SUMIF and AVERAGEIF (range first) or SUMIFS and AVERAGEIFS (target first). */
function conditional(targetFirst: boolean, mean: boolean): Attempt {
  return (variants) => {
    const [first, criterion, third] = variants;
    const result = targetFirst
      ? conditionalSum(first, variants.slice(1))
      : conditionalSum(third ?? first, [first, criterion]);
    if (!result) return null;
    if (!mean) return NumberValueObject.create(result.sum);
    return result.numbers === 0
      ? ErrorValueObject.create(ErrorType.DIV_BY_ZERO)
      : NumberValueObject.create(result.sum / result.numbers);
  };
}

function cellObject(range: TableRange, row: number, column: number): BaseValueObject {
  const value = range.cells.cell(row, column);
  if (value?.v === undefined || value.v === null) return NullValueObject.create();
  if (typeof value.v === 'string') return StringValueObject.create(value.v);
  if (range.cells.sheetColumn(column)?.column.type === 'boolean') return BooleanValueObject.create(value.v === 1);
  return NumberValueObject.create(Number(value.v), range.cells.pattern(column));
}

const vlookup: Attempt = ([lookup, table, columnNumber, approximate]) => {
  const range = tableRange(table);
  const value = scalarOf(lookup);
  const offset = scalarOf(columnNumber);
  const nearest = approximate === undefined ? true : scalarOf(approximate);
  if (!range || value === null || typeof offset !== 'number' || nearest === null) return null;
  const target = range.firstColumn + Math.floor(offset) - 1;
  const column = columnOf(range);
  if (!column || offset < 1) return null;
  if (target > range.lastColumn) return ErrorValueObject.create(ErrorType.REF);
  const exact = nearest === false || nearest === 0;
  if (!exact && typeof value !== 'number') return null;
  const row = exact ? findRow(column, range.rows, value, true) : findRowBelow(column, range.rows, Number(value));
  return row < 0 ? ErrorValueObject.create(ErrorType.NA) : cellObject(range, row, target);
};

const xlookup: Attempt = ([lookup, searched, returned, notFound, matchMode, searchMode]) => {
  const range = tableRange(searched);
  const source = tableRange(returned);
  const value = scalarOf(lookup);
  const exact = matchMode === undefined || scalarOf(matchMode) === 0;
  const forward = searchMode === undefined || scalarOf(searchMode) === 1;
  if (!range || !source || value === null || !exact || !forward || range.firstColumn !== range.lastColumn) return null;
  const column = columnOf(range);
  if (!column || source.rows.end - source.rows.start !== range.rows.end - range.rows.start) return null;
  const row = findRow(column, range.rows, value, false);
  if (row < 0)
    return notFound === undefined || plainValue(notFound).isNull() ? ErrorValueObject.create(ErrorType.NA) : notFound;
  const shifted = row - range.rows.start + source.rows.start;
  if (source.firstColumn === source.lastColumn) return cellObject(source, shifted, source.firstColumn);
  const cells: BaseValueObject[] = [];
  for (let index = source.firstColumn; index <= source.lastColumn; index++)
    cells.push(cellObject(source, shifted, index));
  return ArrayValueObject.create({
    calculateValueList: [cells],
    rowCount: 1,
    columnCount: cells.length,
    unitId: '',
    sheetId: '',
    row: 0,
    column: 0,
  });
};

const match: Attempt = ([lookup, searched, matchType]) => {
  const range = tableRange(searched);
  const value = scalarOf(lookup);
  if (!range || value === null || range.firstColumn !== range.lastColumn || scalarOf(matchType) !== 0) return null;
  const column = columnOf(range);
  if (!column) return null;
  const row = findRow(column, range.rows, value, true);
  return row < 0 ? ErrorValueObject.create(ErrorType.NA) : NumberValueObject.create(row - range.rows.start + 1);
};

const attempts: Readonly<Record<string, Attempt>> = {
  SUM: sum,
  AVERAGE: average,
  COUNT: counter(({ numbers }) => numbers),
  COUNTA: counter(({ present }) => present),
  MIN: extreme(({ minimum }) => minimum),
  MAX: extreme(({ maximum }) => maximum),
  COUNTIF: countIf,
  COUNTIFS: countIf,
  SUMIF: conditional(false, false),
  SUMIFS: conditional(true, false),
  AVERAGEIF: conditional(false, true),
  AVERAGEIFS: conditional(true, true),
  VLOOKUP: vlookup,
  XLOOKUP: xlookup,
  MATCH: match,
};

/** The functions that answer from columns, ready to take the place of the stock ones. */
export function fastFunctions(): [Ctor<BaseFunction>, string][] {
  const stock = [...functionMath, ...functionStatistical, ...functionLookup];
  return Object.entries(attempts).map(([name, attempt]) => {
    const entry = stock.find(([, stockName]) => stockName === name);
    if (!entry) throw new Error(`The calculation engine has no function '${name}'.`);
    return [overStock(entry[0] as Ctor<BaseFunction>, attempt), name];
  });
}
