/** What went wrong, for code that reacts to it and for the catalogue key of what a person reads. */
export type TableErrorCode =
  | 'empty-file'
  | 'no-columns'
  | 'too-many-columns'
  | 'line-too-long'
  | 'text-too-long'
  | 'unknown-encoding'
  | 'unknown-format'
  | 'bad-file'
  | 'bad-option'
  | 'two-columns'
  | 'bad-formula'
  | 'duplicate-keys'
  | 'different-types'
  | 'no-row'
  | 'no-table'
  | 'no-column'
  | 'no-version'
  | 'corrupt-chunk'
  | 'too-large'
  | 'storage-full'
  | 'storage-failed'
  | 'closed';

/**
 * A table could not be read, stored or found. The message is English, names its subject in quotes and says what to do;
 * `code` and `details` let the app say the same in the reader's language.
 */
export class TableError extends Error {
  override readonly name = 'TableError';
  readonly code: TableErrorCode;
  readonly details: Readonly<Record<string, string | number>>;

  constructor(
    code: TableErrorCode,
    text: string,
    details: Readonly<Record<string, string | number>> = {},
    cause?: unknown,
  ) {
    super(text, { cause });
    this.code = code;
    this.details = details;
  }
}
