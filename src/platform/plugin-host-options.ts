import type { AnalysisContribution, JsonObject, RoleInput, Text } from '@patron/sdk';
import type { Disposable } from './disposable.ts';
import type { PluginServices } from './host-methods.ts';
import type { PermissionKey } from './install/permissions.ts';
import type { InstalledPlugin, PluginSource } from './installed-plugin.ts';
import type { Catalogues } from './plugin-texts.ts';
import type { PluginTransport } from './transport.ts';

export interface PluginHostOptions {
  /** The language now; `setLocale` tells of a change. Default `en-US`. */
  readonly locale?: string;
  readonly mac?: boolean;
  /** The most threads that one plugin's kernels run in, its own among them. Default: the machine's cores, at most four. */
  readonly threads?: number;
  /** What the app does for plugins that have the permission. */
  readonly services?: PluginServices;
  /** Told of each call into a stranger's plugin; disposed when the call has ended. */
  readonly onStrangersCall?: (pluginId: string, call: string) => Disposable;
}

export interface Installation {
  /** The parsed `plugin.json`, not yet checked. */
  readonly manifest: unknown;
  readonly catalogues: Catalogues;
  readonly transport: PluginTransport;
  readonly source: PluginSource;
  /** The permissions that were granted. Default: all that the manifest asks for, as for plugins of the house. */
  readonly granted?: readonly PermissionKey[];
  /** False installs it switched off. Default true. */
  readonly enabled?: boolean;
}

/** What an analysis is run on. Inputs are bound and filtered already. */
export interface AnalysisRun {
  readonly inputs: Readonly<Record<string, RoleInput>>;
  /** Those that were set; the defaults of the others are filled in. */
  readonly parameters: JsonObject;
  readonly timeZone: string;
  /** Default 1. */
  readonly seed?: number;
}

export interface RunOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number, text?: Text) => void;
  /** Told the id of the engine that answered a reduction of the run. */
  readonly onEngine?: (id: string) => void;
  /**
   * True leaves the buffers of the inputs with the caller and sends copies. By default large ones are handed over, and the
   * caller's arrays are empty afterwards; shared memory is never handed over.
   */
  readonly keepInputs?: boolean;
}

/** An analysis and the plugin that contributes it. */
export interface KnownAnalysis {
  readonly plugin: InstalledPlugin;
  readonly contribution: AnalysisContribution;
}
