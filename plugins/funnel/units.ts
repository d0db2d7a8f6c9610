import { AnalysisError, type Column, denseCodes, message, type NumericArray, type RoleInput } from '@patron/sdk';
import { combinedCodes, pairCodes, valueCodes } from './value-codes.ts';

export type Codes = Uint8Array | Uint16Array | Uint32Array;

export interface BaseUnits {
  readonly codes: Codes;
  readonly count: number;
  readonly leftOut: number;
  label(code: number): string;
}

/** Who is counted. */
export interface CountParameters {
  readonly countBy: 'customer' | 'property' | 'session' | 'occurrence';
  readonly countProperty: string | null;
}

/** Whose journeys are counted: customers, or the values of a property (sessions, accounts). Code `count` leaves a row out. */
export function baseUnits(input: RoleInput, { countBy, countProperty }: CountParameters): BaseUnits {
  if (countBy === 'customer' || countBy === 'occurrence' || (countBy === 'session' && countProperty === null)) {
    const { codes, count, label } = denseCodes(input.fields.customer);
    return { codes, count, label, leftOut: 0 };
  }
  if (countProperty === null)
    throw new AnalysisError(`At countProperty: counting by a property needs the column that holds it. Choose one.`, {
      path: 'parameters.countProperty',
      text: message('error.countProperty'),
    });
  const { codes, count, values } = valueCodes(propertyOf(input, countProperty, 'countProperty'));
  let leftOut = 0;
  const shifted = codes.map((code) => {
    if (code === 0) leftOut++;
    return code === 0 ? count - 1 : code - 1;
  });
  return { codes: shifted, count: count - 1, label: (code) => values(code + 1)[0], leftOut };
}

/** A column that a parameter names. */
export function propertyOf(input: RoleInput, name: string, path: string): Column {
  const column = input.properties[name];
  if (column !== undefined) return column;
  throw new AnalysisError(`At ${path}: the table has no column '${name}'.`, {
    path: `parameters.${path}`,
    text: message('error.noColumn', { column: name }),
  });
}

export interface HeldUnits {
  readonly codes: Codes;
  readonly count: number;
  /** The base unit of each code, where properties are held constant. */
  readonly ownerOf?: Uint32Array;
  readonly leftOutFrom?: number;
}

/** Splits units by the properties held constant; rows without a value in one of them are left out. */
export function holdUnits(input: RoleInput, base: BaseUnits, hold: readonly string[]): HeldUnits {
  if (hold.length === 0) return base.leftOut === 0 ? base : { ...base, leftOutFrom: base.count };
  const held = combinedCodes(hold.map((name, index) => propertyOf(input, name, `hold.${index}`)));
  const complete = Uint8Array.from({ length: held.count }, (_, code) => (held.values(code).includes('') ? 0 : 1));
  const { codes, pairs } = pairCodes(base.codes, held.codes, held.count);
  const count = pairs.length;
  const unit = codes.map((pair, row) =>
    complete[held.codes[row]] === 0 || base.codes[row] >= base.count ? count : pair,
  );
  return {
    codes: unit,
    count,
    ownerOf: Uint32Array.from(pairs, (pair) => Math.floor(pair / held.count)),
    leftOutFrom: count,
  };
}

/** Milliseconds of a row are `values[row] * unit`. */
export function timesOf(column: Column): { values: NumericArray; unit: number } {
  switch (column.type) {
    case 'date':
      return { values: column.values, unit: 86_400_000 };
    case 'timestamp':
      return { values: column.values, unit: column.unit };
    case 'number':
      return { values: column.values, unit: 1 / column.scale };
    case 'integer':
      return { values: column.values, unit: 1 };
    default:
      throw new AnalysisError(`The time column holds ${column.type} values; map a column of days or times.`, {
        path: 'inputs.events.time',
        text: message('error.time'),
      });
  }
}
