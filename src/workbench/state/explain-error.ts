import { AnalysisError } from '@patron/sdk';
import { BindingError, type BindingFault } from '../../analysis/index.ts';
import type { Locale, Translate } from '../../i18n/index.ts';
import { PlatformError, PluginFailedError, renderPlatformText } from '../../platform/index.ts';
import { TableError } from '../../tables/index.ts';
import type { ListedAnalysis } from './analyses.ts';

/** Whether the user asked for it: then nothing went wrong. */
export function isCancelled(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

/** Technical text for the fold-out: the error, its causes, its stack. */
export function errorDetails(error: unknown): string {
  const lines: string[] = [];
  for (
    let each: unknown = error;
    each !== undefined && lines.length < 6;
    each = each instanceof Error ? each.cause : undefined
  ) {
    lines.push(each instanceof Error ? (each.stack ?? `${each.name}: ${each.message}`) : String(each));
  }
  if (error instanceof PluginFailedError && error.details) lines.push(error.details);
  return lines.join('\n\n');
}

/** What went wrong with a run, in the reader's language. */
export function explainRunError(error: unknown, analysis: ListedAnalysis, t: Translate, locale: Locale): string {
  if (error instanceof BindingError) return explainBinding(error.fault, analysis, t);
  if (error instanceof AnalysisError) return analysis.plugin.texts.render(error.text, locale);
  if (error instanceof PlatformError) return renderPlatformText(error.text, locale);
  if (error instanceof TableError) return explainTableError(error, t);
  return error instanceof Error ? error.message : String(error);
}

function explainBinding(fault: BindingFault, { contribution }: ListedAnalysis, t: Translate): string {
  const roleTitle = (role: string): string => contribution.inputs.find((input) => input.role === role)?.title ?? role;
  const fieldTitle = (role: string, field: string): string =>
    contribution.inputs.find((input) => input.role === role)?.fields.find(({ name }) => name === field)?.title ?? field;
  switch (fault.code) {
    case 'missingRole':
      return t('run.error.role', fault.roles.map(roleTitle).join(' / '));
    case 'missingField':
      return t('run.error.mapping', fieldTitle(fault.role, fault.field));
    case 'unknownColumn':
      return t('run.error.column', fault.column);
    case 'notNumbers':
      return t('run.error.notNumbers', fault.column, fault.row, fault.value);
    case 'notTimes':
      return t('run.error.notTimes', fault.column, fault.row, fault.value);
    case 'notTruth':
      return t('run.error.notTruth', fault.column, fault.row, fault.value);
    case 'badFilterValue':
      return t('run.error.filterValue', fault.column, fault.value);
    case 'noRows':
      return t('run.error.noRows');
    default:
      return t('run.error.changed');
  }
}

/** What to do about a table that could not be read, stored or found. */
export function explainTableError(error: unknown, t: Translate): string {
  if (!(error instanceof TableError)) return t('import.remedy.other');
  switch (error.code) {
    case 'empty-file':
    case 'no-columns':
      return t('import.remedy.empty');
    case 'too-many-columns':
      return t('import.remedy.columns');
    case 'line-too-long':
    case 'text-too-long':
      return t('import.remedy.line');
    case 'unknown-encoding':
      return t('import.remedy.encoding');
    case 'unknown-format':
      return t('import.remedy.binary');
    case 'bad-file':
      return t('import.remedy.unreadable');
    case 'too-large':
      return t('import.remedy.tooLarge');
    case 'storage-full':
      return t('import.remedy.quota');
    case 'no-table':
    case 'no-version':
    case 'no-column':
      return t('run.error.missingTable');
    case 'corrupt-chunk':
      return t('import.remedy.corrupt');
    default:
      return t('import.remedy.other');
  }
}
