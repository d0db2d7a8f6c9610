import { countIn } from '../numbers.ts';

const count = (value: number): string => countIn('en-US', value);
const plural = (value: number, one: string, many: string): string => `${count(value)} ${value === 1 ? one : many}`;

/** The words of a report sheet that come from the host, not from the plugin. */
export const report = {
  'report.figures': 'Key figures',
  'report.furtherFigures': 'Further figures',
  'report.days': 'days',
  'report.notes': 'Notes',
  'report.provenance': 'How this was computed',
  'report.interval': (low: string, high: string): string => `${low} to ${high}`,
  'report.sample': (n: string): string => `n = ${n}`,
  'report.smallSample': 'small sample',
  'report.by': (plugin: string, version: string): string => `Computed by ${plugin} ${version}`,
  'report.on': (when: string, zone: string): string => `on ${when}, time zone ${zone}`,
  'report.table': (role: string, table: string, version: number): string =>
    `${role}: table “${table}”, version ${version}`,
  'report.mapped': (fields: string): string => `Columns: ${fields}`,
  'report.parameters': (parameters: string): string => `Options: ${parameters}`,
  'report.default': 'as by default',
  'report.seed': (seed: number): string => `Seed ${seed}`,
  'report.rows': (read: number, used: number): string => `${plural(read, 'row', 'rows')} read, ${count(used)} used`,
  'report.leftOut': 'Left out',
  'report.leftOut.missing': (field: string, rows: number): string => `no ${field}: ${plural(rows, 'row', 'rows')}`,
  'report.leftOut.unreadable': (field: string, column: string, rows: number): string =>
    `${field} not readable from “${column}”: ${plural(rows, 'row', 'rows')}`,
  'report.leftOut.filter': (filter: string, rows: number): string => `not “${filter}”: ${plural(rows, 'row', 'rows')}`,
  'report.leftOut.analysis': (reason: string, rows: number): string => `${reason}: ${plural(rows, 'row', 'rows')}`,
  'report.largeTable': (sheet: string): string => `All rows: see the sheet “${sheet}”.`,
};
