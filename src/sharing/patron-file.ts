import type { Json } from '@patron/sdk';
import * as v from 'valibot';

/**
 * A `.patron` file: a zip of
 *
 *   manifest.json            what follows
 *   workbook.json            the sheets as Univer keeps them, and the shell's own data
 *   runs.json                the analyses' runs
 *   tables/<n>.parquet       one for each table
 *   tables/<n>.rejects.parquet   what was set aside when it was read, where anything was
 *
 * A table's `source` tells how it came about, the steps of the versions before it included; of these no rows are kept. Every
 * entry carries the zip's CRC-32, which is checked on reading.
 */
export const manifestSchema = v.object({
  format: v.literal('patron'),
  version: v.literal(1),
  name: v.pipe(v.string(), v.maxLength(500)),
  savedAt: v.number(),
  tables: v.pipe(
    v.array(
      v.object({
        id: v.pipe(v.string(), v.regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)),
        name: v.pipe(v.string(), v.minLength(1), v.maxLength(500)),
        entry: v.pipe(v.string(), v.regex(/^tables\/\d{1,5}\.parquet$/)),
        rows: v.pipe(v.number(), v.integer(), v.minValue(0)),
        version: v.pipe(v.number(), v.integer(), v.minValue(1)),
        units: v.record(v.string(), v.string()),
        rejects: v.optional(
          v.object({
            entry: v.pipe(v.string(), v.regex(/^tables\/\d{1,5}\.rejects\.parquet$/)),
            count: v.pipe(v.number(), v.integer(), v.minValue(0)),
            byReason: v.record(v.string(), v.number()),
          }),
        ),
        source: v.object({
          kind: v.picklist(['file', 'result', 'transform']),
          name: v.string(),
          size: v.optional(v.number()),
          format: v.optional(v.picklist(['text', 'xlsx', 'json', 'json-lines', 'parquet', 'arrow'])),
          encoding: v.optional(v.string()),
          delimiter: v.optional(v.string()),
          header: v.optional(v.boolean()),
          part: v.optional(v.string()),
          details: v.optional(
            v.record(
              v.string(),
              v.custom<Json>(() => true),
            ),
          ),
        }),
      }),
    ),
    v.maxLength(10_000),
  ),
});

export type PatronManifest = v.InferOutput<typeof manifestSchema>;

/** What the file's JSON parts and tables may grow to, so that a hostile file cannot fill the machine. */
export const MOST_JSON_BYTES = 256 * 1024 * 1024;
export const MOST_TABLE_BYTES = 8 * 1024 ** 3;
export const MOST_ENTRIES = 20_000;

/** Why a file could not be opened, or what of it could not be saved from damage. */
export type PatronFileFault = 'notPatron' | 'newer' | 'damaged' | 'tooLarge';

/** The file cannot be opened. English message with file and remedy; `fault` for the reader's catalogue. */
export class PatronFileError extends Error {
  override readonly name = 'PatronFileError';
  readonly fault: PatronFileFault;

  constructor(fault: PatronFileFault, message: string, cause?: unknown) {
    super(message, { cause });
    this.fault = fault;
  }
}
