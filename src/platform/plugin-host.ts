import {
  AnalysisError,
  type AnalysisResult,
  type Catalogue,
  type ChartSpec,
  type Column,
  type ExporterInput,
  type ImporterInput,
  type Json,
  type JsonObject,
  type NamedColumns,
  type ReductionRequest,
} from '@patron/sdk';
import { completeParameters } from './check-parameters.ts';
import { checkBytes, checkChart, checkNamedColumns, checkOutcomes, checkResult } from './check-result.ts';
import { CommandRegistry } from './command-registry.ts';
import { connectContributions } from './connect-contributions.ts';
import type { CallOptions } from './connection.ts';
import { ContextKeys } from './context-keys.ts';
import type { PointName } from './contribution-point.ts';
import type { ItemOf } from './contribution-points.ts';
import { type Contributed, ContributionRegistry } from './contribution-registry.ts';
import { type Disposable, DisposableStore, toDisposable } from './disposable.ts';
import { Emitter } from './emitter.ts';
import { EngineChoice } from './engine-choice.ts';
import { PlatformError } from './errors.ts';
import { type AskEngine, hostMethods, type Spread } from './host-methods.ts';
import { permissionsOf } from './install/permissions.ts';
import { InstalledPlugin } from './installed-plugin.ts';
import { KeybindingRegistry } from './keybinding-registry.ts';
import { MenuRegistry } from './menu-registry.ts';
import type { AnalysisRun, Installation, KnownAnalysis, PluginHostOptions, RunOptions } from './plugin-host-options.ts';
import { type Catalogues, PluginTexts } from './plugin-texts.ts';
import { type PluginProblem, problemText } from './problem.ts';
import type { FunctionBatch, FunctionOutcome } from './protocol.ts';
import { readManifest } from './read-manifest.ts';
import { SettingsRegistry } from './settings-registry.ts';
import { inEnglish, platformText } from './texts.ts';
import type { PluginTransport } from './transport.ts';

/**
 * The plugins and what they contribute. Lives as long as the app. Plugins come by `install` and their code starts with the
 * first call; what one plugin does wrong is kept in its own status and thrown to whoever called it, never to another.
 */
export class PluginHost implements Disposable {
  readonly contributions = new ContributionRegistry();
  readonly context = new ContextKeys();
  readonly commands = new CommandRegistry(this.context);
  readonly keybindings: KeybindingRegistry;
  readonly menus = new MenuRegistry(this.context);
  readonly settings = new SettingsRegistry();
  /** Which engine answers the reductions that it knows. */
  readonly engine = new EngineChoice(this.contributions, (id, request, signal) => this.reduce(id, request, { signal }));
  readonly #plugins = new Map<string, InstalledPlugin>();
  readonly #changed = new Emitter<string>();
  readonly #store = new DisposableStore();
  readonly #options: PluginHostOptions;
  #locale: string;
  /** Fired with a plugin's id when it came, went, or its status changed. */
  readonly onChange = this.#changed.event;

  constructor(options: PluginHostOptions = {}) {
    this.#options = options;
    this.#locale = options.locale ?? 'en-US';
    this.keybindings = new KeybindingRegistry(this.context, options.mac ?? false);
    this.#store.add(connectContributions(this));
    this.#store.add(
      this.settings.onChange(() => {
        for (const plugin of this.#plugins.values())
          plugin.tell({ e: 'settings', v: this.settings.ofPlugin(plugin.id) });
      }),
    );
  }

  get locale(): string {
    return this.#locale;
  }

  setLocale(locale: string): void {
    this.#locale = locale;
    for (const plugin of this.#plugins.values()) plugin.tell({ e: 'locale', v: locale });
  }

  /**
   * Installs a plugin. A manifest whose head does not read gives no plugin, only problems; bad contributions are problems
   * and the rest is in force.
   * @throws PlatformError where a plugin of that id is installed already.
   */
  install({ manifest: value, catalogues, transport, source, enabled = true, ...rest }: Installation): {
    readonly plugin?: InstalledPlugin;
    readonly problems: readonly PluginProblem[];
  } {
    const { manifest, problems } = readManifest(value);
    if (!manifest) return { problems };
    const { id } = manifest;
    if (this.#plugins.has(id)) throw new PlatformError(platformText('platform.duplicate', { id, owner: id }));
    const granted = rest.granted ?? permissionsOf(manifest);
    const { services = {}, onStrangersCall } = this.#options;
    const { threads = Math.min(4, coresHere()) } = this.#options;
    const spread: Spread = (argument, signal) => plugin.spread(argument, signal);
    const askEngine: AskEngine = (request, signal) => this.engine.ask(plugin, request, signal);
    const plugin: InstalledPlugin = new InstalledPlugin({
      manifest,
      texts: new PluginTexts(catalogues),
      transport,
      source,
      surroundings: () => ({ locale: this.#locale, settings: this.settings.ofPlugin(id) }),
      methods: hostMethods(this.commands, services, () => plugin, { spread, askEngine }),
      threads: transport.ownThread ? threads : 1,
      granted,
      onChange: () => this.#changed.fire(id),
      onCall: source === 'built-in' ? undefined : (call) => onStrangersCall?.(id, call) ?? toDisposable(() => {}),
    });
    plugin.problems = problems;
    this.#plugins.set(id, plugin);
    if (enabled) this.enable(id);
    else plugin.settle();
    this.#changed.fire(id);
    return { plugin, problems: plugin.problems };
  }

  /** Installs a plugin of the house: `install` with source `built-in`. */
  installBuiltIn(manifest: unknown, catalogues: Catalogues, transport: PluginTransport): InstalledPlugin {
    const { plugin, problems } = this.install({ manifest, catalogues, transport, source: 'built-in' });
    if (plugin) return plugin;
    const [problem] = problems;
    throw new PlatformError(problemText({ path: `${problem.pluginId} ${problem.path}`, problem: problem.problem }));
  }

  plugins(): readonly InstalledPlugin[] {
    return [...this.#plugins.values()];
  }

  has(id: string): boolean {
    return this.#plugins.has(id);
  }

  /** @throws PlatformError where there is no plugin by that id. */
  plugin(id: string): InstalledPlugin {
    const plugin = this.#plugins.get(id);
    if (!plugin) throw new PlatformError(platformText('platform.noPlugin', { id }));
    return plugin;
  }

  /** Switches a plugin on: its contributions are in force. */
  enable(id: string): void {
    const plugin = this.plugin(id);
    if (plugin.enabled) return;
    const { registration, problems } = this.contributions.add(plugin.manifest);
    plugin.registration = registration;
    plugin.problems = [...plugin.problems, ...problems];
    plugin.settle();
  }

  /** Switches a plugin off: its thread ends and its contributions go. */
  disable(id: string): void {
    this.#switchOff(this.plugin(id), 'disable');
  }

  /** Removes a plugin with all that it contributed. */
  uninstall(id: string, reason: 'uninstall' | 'update' = 'uninstall'): void {
    this.#switchOff(this.plugin(id), reason);
    this.#plugins.delete(id);
    this.#changed.fire(id);
  }

  #switchOff(plugin: InstalledPlugin, reason: 'disable' | 'uninstall' | 'update' | 'shutdown'): void {
    plugin.registration?.dispose();
    plugin.registration = undefined;
    plugin.stop(reason);
    plugin.settle();
  }

  /** Stops a plugin that does not respond; its next call starts it anew. */
  stop(id: string): void {
    this.plugin(id).stop('unresponsive');
  }

  /** Starts a plugin afresh at its next call, and forgives its crashes. */
  restart(id: string): void {
    const plugin = this.plugin(id);
    plugin.stop('reload');
    plugin.forgive();
  }

  /** All analyses of the plugins that are switched on, in the order of installation. */
  analyses(): readonly KnownAnalysis[] {
    return this.contributions
      .all('analyses')
      .map(({ pluginId, item }) => ({ plugin: this.plugin(pluginId), contribution: item }));
  }

  /** @throws AnalysisError where no plugin that is switched on has it. */
  analysis(id: string): KnownAnalysis {
    const known = this.analyses().find(({ contribution }) => contribution.id === id);
    if (known) return known;
    const text = platformText('platform.noAnalysis', { id });
    throw new AnalysisError(inEnglish(text), { text, path: 'analysis' });
  }

  /** All parameters of an analysis: those given, checked, and the defaults of the others. @throws AnalysisError. */
  completeParameters(analysisId: string, given: JsonObject): JsonObject {
    return completeParameters(this.analysis(analysisId).contribution.parameters ?? [], given);
  }

  /**
   * Runs an analysis in its plugin.
   * @throws AnalysisError where data or a parameter does not fit (texts: those of the plugin's catalogue, see `catalogueOf`);
   * the signal's reason once cancelled; PluginStoppedError, PluginDisabledError, PluginFailedError.
   */
  async runAnalysis(id: string, run: AnalysisRun, options: RunOptions = {}): Promise<AnalysisResult> {
    const { plugin, contribution } = this.analysis(id);
    const parameters = completeParameters(contribution.parameters ?? [], run.parameters);
    for (const { role, optional, group } of contribution.inputs)
      if (!optional && group === undefined && !run.inputs[role]) {
        const text = platformText('platform.roleMissing', { role });
        throw new AnalysisError(inEnglish(text), { text, path: `inputs.${role}` });
      }
    const { inputs, timeZone, seed = 1 } = run;
    const { reductions = [], id: engine } = this.engine.chosen ?? {};
    const asked = this.engine.onAsked((by) => {
      if (by === plugin.id && engine !== undefined) options.onEngine?.(engine);
    });
    const request = { id, inputs, parameters, timeZone, seed, reductions };
    try {
      return await plugin.call('analysis.run', id, request, checkResult, callOptions(options));
    } finally {
      asked.dispose();
    }
  }

  /** Runs a plugin's command. The palette and menus run it through `commands.execute`. */
  async runCommand(pluginId: string, id: string, argument: Json): Promise<Json> {
    return this.plugin(pluginId).call('command.run', id, { id, argument }, (value) => (value ?? null) as Json);
  }

  /** Calls of one spreadsheet function, gathered over a pass of the sheet's calculation; an outcome for each, in order. */
  async callFunction(
    name: string,
    calls: FunctionBatch['calls'],
    signal?: AbortSignal,
  ): Promise<readonly FunctionOutcome[]> {
    const { pluginId } = this.#contribution('functions', ({ item }) => item.name === name, name);
    const check = (value: unknown): readonly FunctionOutcome[] => checkOutcomes(value, calls.length);
    return this.plugin(pluginId).call('function.call', name, { name, calls }, check, { signal, keep: true });
  }

  /** Tells with its plugin that a function cannot be offered, as every sheet has one of its name. */
  refuseFunction(name: string): void {
    const { pluginId } = this.#contribution('functions', ({ item }) => item.name === name, name);
    const plugin = this.plugin(pluginId);
    const problem = platformText('platform.functionTaken', { name });
    if (plugin.problems.some(({ point, path }) => point === 'functions' && path === name)) return;
    plugin.problems = [...plugin.problems, { pluginId, point: 'functions', path: name, problem }];
    this.#changed.fire(pluginId);
  }

  /** Reads a file with a plugin's importer. The file's bytes are handed over. */
  async importFile(id: string, file: ImporterInput, options: RunOptions = {}): Promise<NamedColumns> {
    const { pluginId } = this.#contribution('importers', ({ item }) => item.id === id, id);
    return this.plugin(pluginId).call('importer.read', id, { id, file }, checkNamedColumns, callOptions(options));
  }

  /** Writes a table with a plugin's exporter. */
  async exportTable(id: string, table: ExporterInput, options: RunOptions = {}): Promise<Uint8Array> {
    const { pluginId } = this.#contribution('exporters', ({ item }) => item.id === id, id);
    return this.plugin(pluginId).call('exporter.write', id, { id, table }, checkBytes, callOptions(options));
  }

  /** Makes a chart with a plugin's chart builder. */
  async buildChart(id: string, fields: Readonly<Record<string, Column>>, options: RunOptions = {}): Promise<ChartSpec> {
    const { pluginId } = this.#contribution('charts', ({ item }) => item.id === id, id);
    return this.plugin(pluginId).call('chart.build', id, { id, fields }, checkChart, callOptions(options));
  }

  /** Asks an engine for a reduction. */
  async reduce(id: string, request: ReductionRequest, options: RunOptions = {}): Promise<NamedColumns> {
    const { pluginId } = this.#contribution('engines', ({ item }) => item.id === id, id);
    return this.plugin(pluginId).call('engine.reduce', id, { id, request }, checkNamedColumns, callOptions(options));
  }

  #contribution<Name extends PointName>(
    point: Name,
    fits: (contributed: Contributed<ItemOf<Name>>) => boolean,
    id: string,
  ): Contributed<ItemOf<Name>> {
    const found = this.contributions.all(point).find(fits);
    if (!found) throw new PlatformError(platformText('platform.noContribution', { id, point }));
    return found;
  }

  /** What `renderText` needs to read a plugin's texts, its own and the platform's, in `locale` (default: the language now). */
  catalogueOf(pluginId: string, locale: string = this.#locale): Catalogue {
    return this.plugin(pluginId).texts.catalogue(locale);
  }

  /** Ends every plugin. */
  dispose(): void {
    for (const plugin of this.#plugins.values()) this.#switchOff(plugin, 'shutdown');
    this.#plugins.clear();
    this.#store.dispose();
    this.context.dispose();
    this.#changed.dispose();
  }
}

/** The machine's cores, as far as is known here. */
function coresHere(): number {
  return typeof navigator === 'undefined' ? 1 : navigator.hardwareConcurrency;
}

function callOptions({ signal, onProgress, keepInputs }: RunOptions): CallOptions {
  return { signal, onProgress, keep: keepInputs };
}
