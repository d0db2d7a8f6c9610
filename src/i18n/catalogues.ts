import { analyses as englishAnalyses } from './en-us/analyses.ts';
import { files as englishFiles } from './en-us/files.ts';
import { plugins as englishPlugins } from './en-us/plugins.ts';
import { report as englishReport } from './en-us/report.ts';
import { settings as englishSettings } from './en-us/settings.ts';
import { shape as englishShape } from './en-us/shape.ts';
import { shell as englishShell } from './en-us/shell.ts';
import { tableView as englishTableView } from './en-us/table-view.ts';
import { tables as englishTables } from './en-us/tables.ts';
import type { Locale } from './locale.ts';
import { analyses as chineseAnalyses } from './zh-cn/analyses.ts';
import { files as chineseFiles } from './zh-cn/files.ts';
import { plugins as chinesePlugins } from './zh-cn/plugins.ts';
import { report as chineseReport } from './zh-cn/report.ts';
import { settings as chineseSettings } from './zh-cn/settings.ts';
import { shape as chineseShape } from './zh-cn/shape.ts';
import { shell as chineseShell } from './zh-cn/shell.ts';
import { tableView as chineseTableView } from './zh-cn/table-view.ts';
import { tables as chineseTables } from './zh-cn/tables.ts';

const english = {
  ...englishShell,
  ...englishTables,
  ...englishTableView,
  ...englishAnalyses,
  ...englishReport,
  ...englishSettings,
  ...englishPlugins,
  ...englishFiles,
  ...englishShape,
};

/** The one shape of every catalogue. A key that a language lacks is a type error. */
export type Messages = typeof english;

const chinese: Messages = {
  ...chineseShell,
  ...chineseTables,
  ...chineseTableView,
  ...chineseAnalyses,
  ...chineseReport,
  ...chineseSettings,
  ...chinesePlugins,
  ...chineseFiles,
  ...chineseShape,
};

export const catalogues: Readonly<Record<Locale, Messages>> = { 'en-US': english, 'zh-CN': chinese };
