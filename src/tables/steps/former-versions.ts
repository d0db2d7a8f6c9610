import type { Json, JsonObject } from '@patron/sdk';
import * as v from 'valibot';
import type { TableMeta, TableSource } from '../schema.ts';
import type { HistoryEntry, MergeRule, Step, StepCounts } from './step.ts';
import { madeBySchema } from './step-shape.ts';

/** What is told of a version whose rows are not kept. */
export type FormerVersion = Pick<TableMeta, 'version' | 'rows' | 'source' | 'created'>;

/** Where in the details of a version's source the versions before it are told of. */
const KEY = 'versionsBefore';
const MOST_TOLD = 200;

/** The source of a version that leaves the others behind, with what made them. */
export function withFormerVersions({ source }: TableMeta, before: readonly FormerVersion[]): TableSource {
  if (before.length === 0) return source;
  const told = before.slice(-MOST_TOLD).map(({ version, rows, created, source: own }) => {
    const { [KEY]: _, ...details } = own.details ?? {};
    return { version, rows, created, kind: own.kind, name: own.name, details };
  });
  return { ...source, details: { ...source.details, [KEY]: told as Json } };
}

/** The versions before this one that its source tells of, oldest first. */
export function formerVersions(meta: FormerVersion | undefined): FormerVersion[] {
  const told = meta?.source.details?.[KEY];
  if (!Array.isArray(told)) return [];
  return told.flatMap((each: Json): FormerVersion[] => {
    const { version, rows, created, kind, name, details } = (each ?? {}) as JsonObject;
    if (typeof version !== 'number' || typeof rows !== 'number' || typeof created !== 'number') return [];
    if ((kind !== 'file' && kind !== 'result' && kind !== 'transform') || typeof name !== 'string') return [];
    return [{ version, rows, created, source: { kind, name, details: (details ?? {}) as JsonObject } }];
  });
}

/** A version with the steps or the merge that made it. */
export function historyEntry(meta: FormerVersion, isCurrent: boolean, isKept: boolean): HistoryEntry {
  const { output } = v.safeParse(madeBySchema, meta.source.details ?? {});
  const { step, steps, counts, merge } = output as Partial<v.InferOutput<typeof madeBySchema>>;
  return {
    meta,
    isCurrent,
    isKept,
    steps: (steps ?? (step ? [step] : [])) as readonly Step[],
    counts: counts as StepCounts | undefined,
    merge: merge as MergeRule | undefined,
  };
}
