import type { report as english } from '../en-us/report.ts';
import { countIn } from '../numbers.ts';

const count = (value: number): string => countIn('zh-CN', value);

export const report: typeof english = {
  'report.figures': '关键指标',
  'report.furtherFigures': '其他指标',
  'report.days': '天',
  'report.notes': '说明',
  'report.provenance': '计算依据',
  'report.interval': (low: string, high: string): string => `${low} 至 ${high}`,
  'report.sample': (n: string): string => `n = ${n}`,
  'report.smallSample': '样本量小',
  'report.by': (plugin: string, version: string): string => `由 ${plugin} ${version} 计算`,
  'report.on': (when: string, zone: string): string => `计算于 ${when}，时区 ${zone}`,
  'report.table': (role: string, table: string, version: number): string =>
    `${role}：数据表“${table}”，版本 ${version}`,
  'report.mapped': (fields: string): string => `列：${fields}`,
  'report.parameters': (parameters: string): string => `选项：${parameters}`,
  'report.default': '默认',
  'report.seed': (seed: number): string => `随机种子 ${seed}`,
  'report.rows': (read: number, used: number): string => `读取 ${count(read)} 行，使用 ${count(used)} 行`,
  'report.leftOut': '未计入',
  'report.leftOut.missing': (field: string, rows: number): string => `缺少${field}：${count(rows)} 行`,
  'report.leftOut.unreadable': (field: string, column: string, rows: number): string =>
    `无法从“${column}”读出${field}：${count(rows)} 行`,
  'report.leftOut.filter': (filter: string, rows: number): string => `不满足“${filter}”：${count(rows)} 行`,
  'report.leftOut.analysis': (reason: string, rows: number): string => `${reason}：${count(rows)} 行`,
  'report.largeTable': (sheet: string): string => `完整明细见工作表“${sheet}”。`,
};
