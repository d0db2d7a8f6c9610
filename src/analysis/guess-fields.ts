import type { ColumnType, FieldContribution, FieldKind, RoleContribution } from '@patron/sdk';
import type { FieldSource } from './request.ts';

export interface ColumnBrief {
  readonly name: string;
  readonly type: ColumnType;
}

const suits: Readonly<Record<FieldKind, readonly ColumnType[]>> = {
  key: ['string', 'integer'],
  number: ['number', 'integer'],
  time: ['timestamp', 'date'],
  boolean: ['boolean', 'integer', 'string'],
  text: ['string', 'integer'],
  any: ['string', 'number', 'integer', 'boolean', 'date', 'timestamp'],
};

const quantityWords = ['quantity', 'qty', 'units', 'count', '数量', '件数'];
const priceWords = ['unitprice', 'price', '单价', '价格'];
const amountWords = ['amount', 'revenue', 'total', 'sales', 'value', '金额', '销售额', '总额', '总价'];

/**
 * A first mapping for the form: for each field the column whose name contains one of its words and whose type suits, no column
 * twice. An amount without a column of its own is quantity times price. Optional fields are filled only by name.
 */
export function guessFields(role: RoleContribution, columns: readonly ColumnBrief[]): Record<string, FieldSource> {
  const guesses: Record<string, FieldSource> = {};
  const taken = new Set<string>();
  for (const field of role.fields) {
    const best = bestColumn(field, columns, taken);
    const source =
      isAmount(field) && (best === undefined || !amountWords.some((word) => plain(best).includes(word)))
        ? (priceTimesQuantity(columns) ?? best)
        : best;
    if (source === undefined) continue;
    guesses[field.name] = source;
    if (typeof source === 'string') taken.add(source);
  }
  return guesses;
}

/** Whether a column is called as the field is, rather than merely of a type that suits. */
export function isCalledLike(field: FieldContribution, source: FieldSource | undefined): boolean {
  return typeof source === 'string' ? nameScore(field, plain(source)) > 0 : source !== undefined;
}

function bestColumn(field: FieldContribution, columns: readonly ColumnBrief[], taken: Set<string>): string | undefined {
  let best: string | undefined;
  let bestScore = 0;
  const types = field.prefer ?? suits[field.kind];
  const allowed = suits[field.kind];
  for (const column of columns) {
    if (taken.has(column.name) || !allowed.includes(column.type)) continue;
    const named = nameScore(field, plain(column.name));
    const onlyOfType = field.kind === 'time' && !field.optional ? 1 : 0;
    const score = named + (named > 0 || onlyOfType > 0 ? onlyOfType + (types.includes(column.type) ? 0.5 : 0) : 0);
    if (score > bestScore) {
      bestScore = score;
      best = column.name;
    }
  }
  return best;
}

/** Words come best first; a whole match beats a part. */
function nameScore(field: FieldContribution, name: string): number {
  const words = [field.name, ...(field.guess ?? [])].map(plain);
  const index = words.findIndex((word) =>
    word.length < 3 && /^[a-z]+$/.test(word) ? name === word : name.includes(word),
  );
  if (index < 0) return 0;
  return 2 + (words.length - index) / words.length + (words.includes(name) ? 1 : 0);
}

function isAmount(field: FieldContribution): boolean {
  return field.kind === 'number' && plain(field.name) === 'amount';
}

function priceTimesQuantity(columns: readonly ColumnBrief[]): FieldSource | undefined {
  const numeric = columns.filter(({ type }) => type === 'number' || type === 'integer');
  const find = (words: readonly string[]): string | undefined =>
    numeric.find(({ name }) => words.some((word) => plain(name).includes(word)))?.name;
  const quantity = find(quantityWords);
  const price = find(priceWords);
  return quantity !== undefined && price !== undefined && quantity !== price
    ? { product: [quantity, price] }
    : undefined;
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[\s_\-.]/g, '');
}
