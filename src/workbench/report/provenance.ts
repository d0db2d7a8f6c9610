import type { FieldContribution, Json, ParameterContribution } from '@patron/sdk';
import { describeSource, type LeftOutReason, type RowFilter } from '../../analysis/index.ts';
import type { ReportContext } from './report-context.ts';

/** A filter as people read it: "Quantity is more than 0". */
function describeFilter(filter: RowFilter, t: ReportContext['t']): string {
  return `${filter.column} ${t(`form.operator.${filter.operator}`)} ${filter.value}`;
}

/** Where the numbers come from, one line each: plugin, time, tables, columns, options, rows and why rows were left out. */
export function provenanceLines(context: ReportContext): string[] {
  const { record, t, locale } = context;
  const when = new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: record.timeZone,
  }).format(record.startedAt);
  const lines = [
    `${t('report.by', context.pluginName, record.plugin.version)} · ${t('report.on', when, record.timeZone)}`,
  ];
  for (const table of record.tables) {
    lines.push(t('report.table', roleTitle(context, table.role), table.name, table.version));
    const mapped = mappedFields(context, table.role);
    if (mapped) lines.push(t('report.mapped', mapped));
  }
  const parameters = describeParameters(context);
  const seed = t('report.seed', record.seed);
  lines.push(parameters ? `${t('report.parameters', parameters)} · ${seed}` : seed);
  if (record.engine !== undefined) lines.push(t('plugins.engine.by', record.engine));
  lines.push(`${t('report.rows', record.rows.read, record.rows.used)}${leftOut(context)}`);
  return lines;
}

function roleTitle({ inputs }: ReportContext, role: string): string {
  return inputs.find((input) => input.role === role)?.title ?? role;
}

function fieldOf({ inputs }: ReportContext, role: string, name: string): FieldContribution | undefined {
  return inputs.find((input) => input.role === role)?.fields.find((field) => field.name === name);
}

function mappedFields(context: ReportContext, role: string): string {
  const fields = context.record.request.roles[role]?.fields ?? {};
  return Object.entries(fields)
    .map(([name, source]) => `${fieldOf(context, role, name)?.title ?? name} = ${describeSource(source)}`)
    .join(context.locale === 'zh-CN' ? '，' : ', ');
}

function describeParameters(context: ReportContext): string {
  return context.parameters
    .map((parameter) => {
      const value = context.record.parameters[parameter.name];
      if (value === undefined || value === null || isEmpty(value)) return undefined;
      return `${parameter.title} = ${describeValue(parameter, value, context)}`;
    })
    .filter((text) => text !== undefined)
    .join(context.locale === 'zh-CN' ? '；' : '; ');
}

function describeValue(parameter: ParameterContribution, value: Json, { t }: ReportContext): string {
  if (parameter.type === 'choice') {
    const choice = parameter.choices.find((each) => each.value === value);
    if (choice) return choice.title;
  }
  if (typeof value === 'boolean') return t(value ? 'form.yes' : 'form.no');
  if (parameter.type === 'json' && parameter.editor === 'steps' && Array.isArray(value))
    return value.map(stepName).join(' → ');
  if (typeof value === 'object' && JSON.stringify(value) === JSON.stringify(parameter.default))
    return t('report.default');
  return plainJson(value);
}

/** A step of a funnel by its event; one with conditions is written out. */
function stepName(step: Json): string {
  const { event, ...rest } = isObject(step) ? step : { event: step };
  const extra = Object.keys(rest).length > 0 ? ` (${plainJson(rest)})` : '';
  return `${Array.isArray(event) ? event.map(plainJson).join(' / ') : plainJson(event ?? '*')}${extra}`;
}

/** A list or an object without the marks of JSON: "stage: retain, when: (measure: purchases, atLeast: 2)". */
function plainJson(value: Json): string {
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.map(inner).join(' · ');
  if (!isObject(value)) return String(value);
  return Object.entries(value)
    .map(([key, part]) => `${key}: ${inner(part)}`)
    .join(', ');
}

function inner(value: Json): string {
  return (Array.isArray(value) && value.length > 0) || isObject(value) ? `(${plainJson(value)})` : plainJson(value);
}

function isEmpty(value: Json): boolean {
  return value === '' || (typeof value === 'object' && value !== null && Object.keys(value).length === 0);
}

function isObject(value: Json | undefined): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function leftOut(context: ReportContext): string {
  const reasons = context.record.rows.leftOut.map(({ role, reason, count }) =>
    describeReason(context, role, reason, count),
  );
  if (reasons.length === 0) return '';
  const separator = context.locale === 'zh-CN' ? '；' : '; ';
  const opening = context.locale === 'zh-CN' ? '。' : '. ';
  const colon = context.locale === 'zh-CN' ? '：' : ': ';
  return `${opening}${context.t('report.leftOut')}${colon}${reasons.join(separator)}`;
}

function describeReason(context: ReportContext, role: string, reason: LeftOutReason, count: number): string {
  const { t, render } = context;
  const title = (field: string): string =>
    (fieldOf(context, role, field)?.title ?? field).toLocaleLowerCase(context.locale);
  switch (reason.kind) {
    case 'missing':
      return t('report.leftOut.missing', title(reason.field), count);
    case 'unreadable':
      return t('report.leftOut.unreadable', title(reason.field), reason.column, count);
    case 'filter':
      return t('report.leftOut.filter', describeFilter(reason.filter, t), count);
    default:
      return t('report.leftOut.analysis', render(reason.text), count);
  }
}
