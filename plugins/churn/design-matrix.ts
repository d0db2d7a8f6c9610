import {
  AnalysisError,
  type Column,
  denseCodes,
  isNumeric,
  isPresent,
  message,
  type Note,
  type NumericColumn,
} from '@patron/sdk';

/** One column of a model: a number, one level of a text against the reference level, or a product of such. */
interface Term {
  /** `tenure`, `Contract=One year`, `age:prio`. */
  readonly name: string;
  /** The covariate as the user named it; the levels of one text share it. */
  readonly covariate: string;
  readonly level?: string;
}

/** What a text covariate's levels are; the first is the reference. */
interface Levels {
  readonly names: readonly string[];
  /** Level of each used row. */
  readonly codes: Uint16Array;
}

/** Covariates as numbers, complete rows only. */
export interface DesignMatrix {
  readonly terms: readonly Term[];
  /** One array a term, one value a used row. */
  readonly columns: readonly Float64Array[];
  /** The input row of each used row, ascending. */
  readonly rows: Uint32Array;
  /** Rows without a value, by the first covariate that lacks one. */
  readonly incomplete: ReadonlyMap<string, number>;
  /** By covariate: its levels, for texts. */
  readonly levels: ReadonlyMap<string, Levels>;
  readonly notes: readonly Note[];
}

export interface DesignOptions {
  /** Other names for levels: `{"No internet service": "No"}`. */
  readonly recode?: Readonly<Record<string, string>>;
  /** Rows that the design is made of; all where absent. */
  readonly rows?: (row: number) => boolean;
  /** Where columns go; memory of this thread where absent. */
  readonly room?: (length: number) => Float64Array;
}

/** Texts with more levels than this are taken for names, not for classes. */
const MOST_LEVELS = 100;

/** Values beyond which a design would not fit into memory: 1.6 GB of doubles. */
const MOST_VALUES = 2e8;

function tooLarge(terms: number, rows: number): AnalysisError {
  return new AnalysisError(
    `${terms} terms for ${rows} rows do not fit into memory. Choose fewer columns, or texts with fewer levels.`,
    { text: message('error.tooLarge', { terms, rows }), path: 'parameters' },
  );
}

const collator = new Intl.Collator('en');

/** Alphabetical, the same on every machine. */
export function alphabetical(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}

/** A text's rows as levels in alphabetical order; undefined where it has too many to be classes. */
interface Coded {
  readonly codes: Uint16Array;
  readonly names: readonly string[];
}

/**
 * The design matrix of `covariates`, each the name of a column or a product `a*b` (which brings a and b with it). Numbers,
 * truth values and times enter as they are, text by treatment coding: one 0/1 term for each level but the first.
 */
export function designMatrix(
  properties: Readonly<Record<string, Column>>,
  covariates: readonly string[],
  length: number,
  options: DesignOptions = {},
): DesignMatrix {
  const { mains, products } = parts(covariates, properties);
  const notes: Note[] = [];
  const coded = new Map<string, Coded>();
  const used = mains.filter((name) => {
    const column = properties[name];
    if (isNumeric(column)) return true;
    const levels = levelsOf(column, options.recode ?? {});
    if (levels === undefined) {
      notes.push({ level: 'warning', text: message('note.tooManyLevels', { column: name, limit: MOST_LEVELS }) });
      return false;
    }
    coded.set(name, levels);
    return true;
  });
  const { rows, incomplete } = completeRows(used, properties, length, options.rows);
  const width = used.reduce((sum, name) => sum + Math.max(1, (coded.get(name)?.names.length ?? 2) - 1), 0);
  if (width * rows.length > MOST_VALUES) throw tooLarge(width, rows.length);
  const room = options.room ?? ((size: number) => new Float64Array(size));
  const terms: Term[] = [];
  const columns: Float64Array[] = [];
  const levels = new Map<string, Levels>();
  const termsOf = new Map<string, number[]>();
  for (const name of used) {
    const text = coded.get(name);
    const indices: number[] = [];
    if (text) {
      const present = presentLevels(text, rows);
      levels.set(name, present);
      for (let level = 1; level < present.names.length; level++) {
        indices.push(terms.length);
        terms.push({ name: `${name}=${present.names[level]}`, covariate: name, level: present.names[level] });
        columns.push(indicator(present.codes, level, room));
      }
    } else {
      indices.push(terms.length);
      terms.push({ name, covariate: name });
      columns.push(gather(properties[name], rows, room));
    }
    termsOf.set(name, indices);
  }
  for (const [first, second] of products) {
    for (const i of termsOf.get(first) ?? [])
      for (const j of termsOf.get(second) ?? []) {
        terms.push({ name: `${terms[i].name}:${terms[j].name}`, covariate: `${first}:${second}` });
        columns.push(product(columns[i], columns[j], room));
      }
  }
  return { terms, columns, rows, incomplete, levels, notes };
}

function parts(
  covariates: readonly string[],
  properties: Readonly<Record<string, Column>>,
): { mains: string[]; products: [string, string][] } {
  const mains: string[] = [];
  const products: [string, string][] = [];
  const add = (name: string): void => {
    if (!properties[name])
      throw new AnalysisError(
        `There is no column '${name}'. Choose covariates among ${Object.keys(properties).join(', ')}.`,
        {
          text: message('error.noColumn', { column: name }),
          path: 'parameters.covariates',
        },
      );
    if (!mains.includes(name)) mains.push(name);
  };
  for (const covariate of covariates) {
    if (properties[covariate]) {
      add(covariate);
      continue;
    }
    const factors = covariate.split('*').map((factor) => factor.trim());
    for (const factor of factors) add(factor);
    for (let i = 0; i < factors.length; i++)
      for (let j = i + 1; j < factors.length; j++) products.push([factors[i], factors[j]]);
  }
  return { mains, products };
}

function levelsOf(column: Column, recode: Readonly<Record<string, string>>): Coded | undefined {
  const dense = denseCodes(column);
  const seen = new Uint8Array(dense.count);
  let distinct = 0;
  for (let i = 0; i < column.length; i++) {
    if (seen[dense.codes[i]] === 1 || !isPresent(column, i)) continue;
    seen[dense.codes[i]] = 1;
    if (++distinct > 4 * MOST_LEVELS) return undefined;
  }
  const labelOf = (code: number): string => {
    const label = dense.label(code);
    return Object.hasOwn(recode, label) ? recode[label] : label;
  };
  const labels = Array.from({ length: dense.count }, (_, code) => (seen[code] === 1 ? labelOf(code) : ''));
  const names = [...new Set(labels.filter((_, code) => seen[code] === 1))].sort(alphabetical);
  if (names.length > MOST_LEVELS) return undefined;
  const place = new Map(names.map((name, index) => [name, index]));
  const levelOf = Uint16Array.from(labels, (label) => place.get(label) ?? 0);
  const codes = new Uint16Array(column.length);
  for (let i = 0; i < codes.length; i++) codes[i] = levelOf[dense.codes[i]];
  return { codes, names };
}

/** The levels that occur in `rows`, and the rows by these. */
function presentLevels(text: Coded, rows: Uint32Array): Levels {
  const occurs = new Uint8Array(text.names.length);
  for (let i = 0; i < rows.length; i++) occurs[text.codes[rows[i]]] = 1;
  const kept = text.names.map((_, code) => code).filter((code) => occurs[code] === 1);
  const place = new Uint16Array(text.names.length);
  kept.forEach((code, index) => {
    place[code] = index;
  });
  const codes = new Uint16Array(rows.length);
  for (let i = 0; i < rows.length; i++) codes[i] = place[text.codes[rows[i]]];
  return { codes, names: kept.map((code) => text.names[code]) };
}

/** Rows in which every covariate has a finite value. */
function completeRows(
  names: readonly string[],
  properties: Readonly<Record<string, Column>>,
  length: number,
  chosen?: (row: number) => boolean,
): { rows: Uint32Array; incomplete: Map<string, number> } {
  const lacking = names.filter((name) => mayLack(properties[name]));
  const incomplete = new Map<string, number>();
  const rows = new Uint32Array(length);
  let count = 0;
  for (let row = 0; row < length; row++) {
    if (chosen && !chosen(row)) continue;
    const missing = lacking.find((name) => !hasValue(properties[name], row));
    if (missing === undefined) rows[count++] = row;
    else incomplete.set(missing, (incomplete.get(missing) ?? 0) + 1);
  }
  return { rows: rows.slice(0, count), incomplete };
}

function mayLack(column: Column): boolean {
  if (column.validity) return true;
  return isNumeric(column) && (column.values instanceof Float64Array || column.values instanceof Float32Array);
}

function hasValue(column: Column, row: number): boolean {
  return isPresent(column, row) && (!isNumeric(column) || Number.isFinite(column.values[row]));
}

function product(first: Float64Array, second: Float64Array, room: (length: number) => Float64Array): Float64Array {
  const values = room(first.length);
  for (let i = 0; i < values.length; i++) values[i] = first[i] * second[i];
  return values;
}

function indicator(codes: Uint16Array, level: number, room: (length: number) => Float64Array): Float64Array {
  const values = room(codes.length);
  for (let i = 0; i < values.length; i++) values[i] = codes[i] === level ? 1 : 0;
  return values;
}

/** Day numbers for times, so that their coefficients are per day. */
function gather(column: Column, rows: Uint32Array, room: (length: number) => Float64Array): Float64Array {
  if (!isNumeric(column)) throw new TypeError('Text has no numbers.');
  const stored = column.values;
  const unit = unitOf(column);
  const scale = column.type === 'number' ? column.scale : 1;
  if (stored instanceof Float64Array && rows.length === column.length && unit === 1 && scale === 1) return stored;
  const values = room(rows.length);
  for (let i = 0; i < values.length; i++) values[i] = (stored[rows[i]] * unit) / scale;
  return values;
}

/** What a stored value is: times count in days. */
function unitOf(column: NumericColumn): number {
  if (column.type === 'timestamp') return column.unit / 86_400_000;
  return 1;
}
