import type { ParameterContribution, RoleContribution, Text } from '@patron/sdk';
import type { RunRecord } from '../../analysis/index.ts';
import type { Locale, Translate } from '../../i18n/index.ts';

/** What a report is written from, in one language. */
export interface ReportContext {
  readonly record: RunRecord;
  /** The analysis's roles and parameters, every text in the report's language. */
  readonly inputs: readonly RoleContribution[];
  readonly parameters: readonly ParameterContribution[];
  /** What the user called the result, or the analysis's title. */
  readonly name: string;
  readonly pluginName: string;
  readonly locale: Locale;
  readonly t: Translate;
  /** A text of the result, from the plugin's catalogue. */
  render(text: Text): string;
  /** The sheet that shows a large result table, by the table's name. */
  readonly tableSheets: Readonly<Record<string, string>>;
}
