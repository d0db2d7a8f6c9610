export { patronVersion } from './api-version.ts';
export { parameterFromText } from './check-parameters.ts';
export { matchesWhole } from './check-setting.ts';
export type { CommandMetadata, RegisteredCommand } from './command-registry.ts';
export { CommandRegistry } from './command-registry.ts';
export { ContextKeys } from './context-keys.ts';
export type { Contributed, ContributionChange, ContributionHandler } from './contribution-registry.ts';
export { type Disposable, DisposableStore, toDisposable } from './disposable.ts';
export { Emitter, type Listen } from './emitter.ts';
export { PlatformError, PluginDisabledError, PluginFailedError, PluginStoppedError } from './errors.ts';
export type { PluginServices } from './host-methods.ts';
export { inProcessTransport } from './in-process-transport.ts';
export { Breadcrumb, type UnfinishedCall } from './install/breadcrumb.ts';
export type { CatalogueEntry } from './install/catalogue-file.ts';
export { type PermissionKey, permissionKey } from './install/permissions.ts';
export { type PendingInstallation, PluginLibrary, type PluginLibraryOptions } from './install/plugin-library.ts';
export { PluginStore, type StoredPlugin } from './install/plugin-store.ts';
export { type PluginPackage, packageLimits, readPackage } from './install/read-package.ts';
export { declaredBy, type InstalledPlugin, type PluginSource } from './installed-plugin.ts';
export type {
  Keybinding,
  KeybindingConflict,
  KeybindingRule,
  KeyOutcome,
  UserKeybinding,
} from './keybinding-registry.ts';
export { KeybindingRegistry } from './keybinding-registry.ts';
export { type KeyPress, keysLabel, type Press, parseKeys, pressOf } from './keys.ts';
export { manifestJsonSchema } from './manifest-json-schema.ts';
export { MenuRegistry } from './menu-registry.ts';
export { weighPayload } from './payload.ts';
export { providedBy, servePlugin } from './plugin-end.ts';
export { PluginHost } from './plugin-host.ts';
export type { AnalysisRun, Installation, KnownAnalysis, PluginHostOptions, RunOptions } from './plugin-host-options.ts';
export type { PluginFault, PluginState, PluginStatus } from './plugin-status.ts';
export { type Catalogues, PluginTexts, plainText } from './plugin-texts.ts';
export { type PluginProblem, type Problem, problemText, renderPlatformText } from './problem.ts';
export type { FunctionBatch, FunctionOutcome, TableSummary } from './protocol.ts';
export { readManifest } from './read-manifest.ts';
export { guardPlugin, type HostSide } from './sandbox/guard.ts';
export { sandboxTransport } from './sandbox/sandbox-transport.ts';
export {
  type SettingChange,
  type SettingScope,
  SettingsRegistry,
  type SettingsSection,
} from './settings-registry.ts';
export type { PluginThread, PluginTransport, ThreadFault } from './transport.ts';
export type { ContextValue } from './when-clause.ts';
export { workerTransport } from './worker-transport.ts';
