import * as v from 'valibot';
import { filterOperators } from '../row-filter.ts';

const text = v.pipe(v.string(), v.maxLength(100_000));
const texts = v.array(text);
const value = v.union([text, v.number(), v.boolean(), v.null()]);
const type = v.picklist(['string', 'number', 'integer', 'boolean', 'date', 'timestamp']);

/** Steps as a file may hold them. What a step means is checked where it is done. */
const step = v.variant('kind', [
  v.looseObject({
    kind: v.literal('filter'),
    filters: v.array(
      v.looseObject({
        column: text,
        operator: v.picklist(filterOperators),
        value: v.optional(value),
        values: v.optional(v.array(value)),
      }),
    ),
  }),
  v.looseObject({
    kind: v.literal('sort'),
    keys: v.array(v.looseObject({ column: text, descending: v.optional(v.boolean()) })),
    locale: v.optional(text),
  }),
  v.looseObject({ kind: v.literal('rename'), names: v.record(text, text) }),
  v.looseObject({ kind: v.literal('retype'), column: text, type }),
  v.looseObject({ kind: v.literal('formula'), column: text, formula: text, timeZone: v.optional(text) }),
  v.looseObject({
    kind: v.literal('join'),
    table: text,
    how: v.picklist(['left', 'inner', 'anti']),
    keys: v.array(v.looseObject({ left: text, right: text })),
    columns: v.optional(texts),
  }),
  v.looseObject({ kind: v.literal('append'), tables: texts }),
  v.looseObject({ kind: v.literal('distinct'), columns: v.optional(texts) }),
]);

const count = v.optional(v.number());

/** What the details of a version's source say of how it was made. Parts of another shape are left out. */
export const madeBySchema = v.object({
  step: v.fallback(v.optional(step), undefined),
  steps: v.fallback(v.optional(v.array(step)), undefined),
  counts: v.fallback(
    v.optional(
      v.object({
        rowsBefore: v.number(),
        rowsAfter: v.number(),
        rowsChanged: v.number(),
        rejects: v.number(),
        matched: count,
        unmatched: count,
        added: count,
        unchanged: count,
      }),
    ),
    undefined,
  ),
  merge: v.fallback(
    v.optional(
      v.looseObject({
        keys: texts,
        mode: v.picklist(['append', 'create', 'update', 'both']),
        mapping: v.record(text, v.nullable(text)),
      }),
    ),
    undefined,
  ),
});
