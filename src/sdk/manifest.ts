import type { Json, JsonObject } from './analysis.ts';
import type { ColumnType } from './column.ts';
import type { ValueFormat } from './text.ts';

/**
 * `plugin.json`, the manifest. Every text a person reads may be `%key%`, looked up in `<l10n>/<language>.json`. The schema
 * that checks it (and the JSON Schema for editors) is made in the platform room from one source; this is its type.
 */
export interface PluginManifest {
  /** Where an editor finds the JSON Schema of this file. */
  readonly $schema?: string;
  readonly manifestVersion: 1;
  /** `publisher.name`, lower case. */
  readonly id: string;
  readonly name: string;
  /** Semantic version x.y.z. */
  readonly version: string;
  /** The range of Patron versions that the plugin works with, e.g. `^0.1.0`. */
  readonly engines: { readonly patron: string };
  /** The single-file script; absent for a plugin that is only data. */
  readonly main?: string;
  readonly description?: string;
  readonly author?: string;
  readonly license?: string;
  readonly homepage?: string;
  readonly permissions?: readonly PermissionRequest[];
  /** Folder of the catalogues, `<language>.json`. */
  readonly l10n?: string;
  readonly contributes?: Contributions;
}

/** What a plugin asks for beyond its own columns. A package that asks for `network` is not installed: no plugin reaches it. */
export type PermissionRequest =
  | { readonly name: 'table.read'; readonly scope: 'mapped' | 'workbook'; readonly reason: string }
  | { readonly name: 'sheet.write'; readonly scope: 'new-sheet' | 'workbook'; readonly reason: string }
  | { readonly name: 'network'; readonly hosts: readonly string[]; readonly reason: string }
  | { readonly name: 'file.save'; readonly reason: string }
  | { readonly name: 'clipboard.write'; readonly reason: string };

/** What a plugin adds, by contribution point. Every contributed id is unique among all plugins; the first one keeps it. */
export interface Contributions {
  readonly analyses?: readonly AnalysisContribution[];
  readonly functions?: readonly FunctionContribution[];
  readonly commands?: readonly CommandContribution[];
  readonly menus?: readonly MenuContribution[];
  readonly keybindings?: readonly KeybindingContribution[];
  readonly configuration?: readonly ConfigurationContribution[];
  readonly importers?: readonly ImporterContribution[];
  readonly exporters?: readonly ExporterContribution[];
  readonly charts?: readonly ChartContribution[];
  readonly templates?: readonly TemplateContribution[];
  readonly engines?: readonly EngineContribution[];
}

/** An entry of the command palette. Its code is `commands[id]`. */
export interface CommandContribution {
  /** `<subject>.<verb>`, e.g. `rfm.compare`. */
  readonly id: string;
  readonly title: string;
  /** Shown before the title: "RFM: Compare two dates". */
  readonly category?: string;
  /** A lucide icon name. */
  readonly icon?: string;
  /** A when-clause; the command is shown but cannot be run while it is false. */
  readonly enablement?: string;
}

/**
 * Where a menu entry may stand, and what its command is given: `table` { table }, `result` { result, analysis }, `analysis`
 * { analysis }, `workbook` { workbook }, `sheet` { sheet }, the one on screen, in the same menu as the workbook's.
 */
export type MenuLocation = 'commandPalette' | 'table' | 'result' | 'analysis' | 'sheet' | 'workbook';

/** Puts a command into a menu. In `commandPalette` it only sets when the command is offered there. */
export interface MenuContribution {
  readonly location: MenuLocation;
  readonly command: string;
  /** Shown while this when-clause is true. */
  readonly when?: string;
  /** Entries of one group stand together; groups are in alphabetical order. */
  readonly group?: string;
  readonly order?: number;
}

/** Binds keys to a command. `mod` is Ctrl, and Cmd on a Mac: `mod+shift+r`, `mod+k mod+r`. */
export interface KeybindingContribution {
  readonly command: string;
  readonly key: string;
  /** In place of `key` on a Mac. */
  readonly mac?: string;
  readonly when?: string;
  readonly argument?: Json;
}

/** A section of the settings page. */
export interface ConfigurationContribution {
  readonly title: string;
  readonly properties: readonly SettingContribution[];
}

interface SettingBase {
  /** `<subject>.<name>`, e.g. `rfm.defaultBins`; unique among all plugins. */
  readonly id: string;
  readonly title: string;
  readonly description?: string;
  /** `user` settings are one for all workbooks; a `workbook` setting can also be set for one workbook. Default `user`. */
  readonly scope?: 'user' | 'workbook';
}

export type SettingContribution = SettingBase &
  (
    | { readonly type: 'boolean'; readonly default: boolean }
    | {
        readonly type: 'number' | 'integer';
        readonly default: number;
        readonly minimum?: number;
        readonly maximum?: number;
      }
    | { readonly type: 'text'; readonly default: string; readonly pattern?: string }
    | {
        readonly type: 'choice';
        readonly default: string;
        readonly choices: readonly { readonly value: string; readonly title: string }[];
      }
    | { readonly type: 'list'; readonly default: readonly string[] }
  );

/** A spreadsheet function. Its code is `functions[name]`. */
export interface FunctionContribution {
  /** As written in a formula: upper case, with a dot, e.g. `RFM.SEGMENT`. */
  readonly name: string;
  readonly description: string;
  readonly parameters: readonly FunctionParameter[];
}

export interface FunctionParameter {
  readonly name: string;
  readonly description?: string;
  /** `range` takes cells as rows of values; `value` one value (a range of one cell counts as one). */
  readonly kind: 'value' | 'range';
  readonly example?: string;
  readonly optional?: boolean;
  /** Only the last: may be given again and again. */
  readonly repeat?: boolean;
}

/** Reads a kind of file into a table. Its code is `importers[id]`. */
export interface ImporterContribution {
  readonly id: string;
  readonly title: string;
  /** With the dot, lower case: `.ndjson`. */
  readonly extensions: readonly string[];
  readonly mimeTypes?: readonly string[];
}

/** Writes a table to a kind of file. Its code is `exporters[id]`. */
export interface ExporterContribution {
  readonly id: string;
  readonly title: string;
  readonly extension: string;
  readonly mimeType: string;
}

/** Makes a chart from columns of a table. Its code is `charts[id]`. */
export interface ChartContribution {
  readonly id: string;
  readonly title: string;
  readonly description?: string;
  readonly icon?: string;
  readonly fields: readonly FieldContribution[];
}

/** A ready-made start: an analysis with its parameters set. It is only data. */
export interface TemplateContribution {
  readonly id: string;
  readonly title: string;
  readonly description?: string;
  readonly icon?: string;
  readonly analysis: string;
  readonly parameters: JsonObject;
}

/** Answers named reductions in place of the built-in kernels. Its code is `engines[id]`. */
export interface EngineContribution {
  readonly id: string;
  readonly title: string;
  readonly description?: string;
  readonly reductions: readonly string[];
}

export interface AnalysisContribution {
  /** `<subject>.<verb or noun>`, e.g. `rfm.segments`. */
  readonly id: string;
  readonly title: string;
  readonly description?: string;
  /** Groups the analyses in the panel. */
  readonly category?: 'segments' | 'process' | 'value' | 'churn' | 'satisfaction' | 'other';
  /** A lucide icon name. */
  readonly icon?: string;
  readonly inputs: readonly RoleContribution[];
  readonly parameters?: readonly ParameterContribution[];
}

/** A table that the analysis reads, in the part that it plays. */
export interface RoleContribution {
  readonly role: string;
  readonly title: string;
  readonly description?: string;
  /** Roles of one group are alternatives: exactly one of them is given. A role in no group is required unless `optional`. */
  readonly group?: string;
  readonly optional?: boolean;
  readonly fields: readonly FieldContribution[];
  /** True where the parameters may name any further columns of the table (`column`, `columns`, or `property` inside JSON). */
  readonly open?: boolean;
}

/**
 * `key` groups rows (kept as text or whole numbers); `number` is arithmetic; `time` is a day or an instant; `boolean` also
 * accepts 0/1, yes/no, true/false; `text` is free text or a name; `any` is passed as it is. The host converts what it can
 * (numbers in text, yyyymmdd days) and counts what it cannot.
 */
export type FieldKind = 'key' | 'number' | 'time' | 'boolean' | 'text' | 'any';

export interface FieldContribution {
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  readonly kind: FieldKind;
  /** A field that need not be mapped. Rows without a value in a required field are left out and counted. */
  readonly optional?: boolean;
  /** True keeps rows without a value even though the field is required; the analysis then deals with them. */
  readonly keepMissing?: boolean;
  /** Words that column names of this kind contain, in any language, best first; used to fill in a guess. */
  readonly guess?: readonly string[];
  /** Column types the guess prefers. */
  readonly prefer?: readonly ColumnType[];
}

interface ParameterBase {
  readonly name: string;
  readonly title: string;
  readonly description?: string;
  /** Heading under which the form shows it. */
  readonly section?: string;
  /** Hidden under "more options". */
  readonly advanced?: boolean;
}

export type ParameterContribution = ParameterBase &
  (
    | {
        readonly type: 'number' | 'integer';
        /** null: the analysis settles it from the data. */
        readonly default: number | null;
        readonly minimum?: number;
        readonly maximum?: number;
        readonly format?: ValueFormat;
      }
    | { readonly type: 'text' | 'date' | 'duration'; readonly default: string | null }
    | { readonly type: 'boolean'; readonly default: boolean }
    | {
        readonly type: 'choice';
        readonly default: string | null;
        readonly choices: readonly { readonly value: string; readonly title: string }[];
        /** A pattern (anchored) of further values that are accepted, e.g. `step:[0-9]+`. */
        readonly accepts?: string;
      }
    /** The name of one column, or several, of an open role. */
    | { readonly type: 'column'; readonly role: string; readonly default: string | null }
    | {
        readonly type: 'columns';
        readonly role: string;
        readonly default: readonly string[];
        readonly whenEmpty?: 'none' | 'all';
      }
    /** The name of one value of a field, or several, e.g. event names. */
    | { readonly type: 'value'; readonly role: string; readonly field: string; readonly default: string | null }
    /** A list or an object; `editor` names the form control that edits it (`rules`, `steps`, `list`, `json`). */
    | {
        readonly type: 'json';
        readonly editor?: 'rules' | 'steps' | 'exclusions' | 'list' | 'json';
        readonly role?: string;
        readonly default: Json;
        /** What the editor shows in place of null, by the value of another parameter: the rules of each scheme. */
        readonly presets?: { readonly by: string; readonly values: { readonly [value: string]: Json } };
      }
  );
