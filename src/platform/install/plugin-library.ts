import type { PermissionRequest, PluginManifest } from '@patron/sdk';
import { compareVersions } from 'compare-versions';
import { Emitter } from '../emitter.ts';
import { PlatformError } from '../errors.ts';
import type { InstalledPlugin } from '../installed-plugin.ts';
import type { PluginHost } from '../plugin-host.ts';
import { problemText } from '../problem.ts';
import { platformText } from '../texts.ts';
import type { PluginTransport } from '../transport.ts';
import type { Breadcrumb, UnfinishedCall } from './breadcrumb.ts';
import { type CatalogueEntry, expectDigest, readCatalogue } from './catalogue-file.ts';
import { openPermissions, type PermissionKey, permissionsOf } from './permissions.ts';
import type { PluginStore, StoredPlugin } from './plugin-store.ts';
import {
  isPlainName,
  type PackageFiles,
  type PluginPackage,
  packageLimits,
  readPackage,
  readPackageFiles,
} from './read-package.ts';

export interface PluginLibraryOptions {
  readonly host: PluginHost;
  readonly store: PluginStore;
  readonly breadcrumb: Breadcrumb;
  /** How a stranger's bundle is run. */
  readonly transport: (bundle: string) => PluginTransport;
}

/** A package that was read and waits for the user to agree. */
export interface PendingInstallation {
  readonly package: PluginPackage;
  readonly source: StoredPlugin['source'];
  readonly address?: string;
  /** The version that it takes the place of. */
  readonly replaces?: string;
  /** What the user has not accepted yet. */
  readonly newPermissions: readonly PermissionRequest[];
}

/**
 * The plugins of strangers: brings back what is kept, installs, updates, removes. A plugin is switched on only once every
 * permission it asks for was accepted.
 */
export class PluginLibrary {
  readonly #options: PluginLibraryOptions;
  readonly #stored = new Map<string, StoredPlugin>();
  readonly #following = new Map<string, EventSource>();
  readonly #broken = new Map<string, PlatformError>();
  readonly #changed = new Emitter<string>();
  readonly #failures = new Emitter<{ readonly id: string; readonly error: unknown }>();
  readonly onChange = this.#changed.event;
  /** Fired where a plugin that is kept, or that is being written, cannot be taken over. */
  readonly onReloadFailure = this.#failures.event;

  constructor(options: PluginLibraryOptions) {
    this.#options = options;
  }

  /**
   * Installs what is kept. After a tab died in a stranger's plugin, all strangers' plugins stay off until the user switches
   * them on (safe mode), and the calls that were under way are given back.
   */
  async restore(): Promise<readonly UnfinishedCall[]> {
    const { host, store, breadcrumb } = this.#options;
    const unfinished = await breadcrumb.takeUnfinished();
    for (const id of await store.disabledBuiltIns()) if (host.has(id)) host.disable(id);
    for (const stored of await store.all()) {
      this.#stored.set(stored.id, stored);
      const { problems } = this.#start(stored, stored.enabled && unfinished.length === 0);
      if (host.has(stored.id)) continue;
      const error = new PlatformError(problemText(problems[0]));
      this.#broken.set(stored.id, error);
      this.#failures.fire({ id: stored.id, error });
    }
    return unfinished;
  }

  /** Plugins that are kept and do not load, each with what is wrong. */
  failed(): readonly { readonly id: string; readonly error: PlatformError }[] {
    return [...this.#broken].map(([id, error]) => ({ id, error }));
  }

  /** Switches on again what safe mode left off. */
  async leaveSafeMode(): Promise<void> {
    for (const { id, enabled } of this.#stored.values())
      if (enabled && this.openPermissions(id).length === 0) this.#options.host.enable(id);
  }

  #start(stored: StoredPlugin, enabled: boolean): ReturnType<PluginHost['install']> {
    const { manifest, bundle, catalogues, source, accepted, id } = stored;
    const { host, transport } = this.#options;
    const open = openPermissions(manifest as PluginManifest, accepted);
    const installed = host.install({
      manifest,
      catalogues,
      source,
      granted: accepted,
      transport: transport(bundle ?? 'var patronPlugin = { plugin: {} };'),
      enabled: enabled && open.length === 0,
    });
    this.#changed.fire(id);
    return installed;
  }

  /** What a stranger's plugin asks for that was not accepted. */
  openPermissions(id: string): readonly PermissionRequest[] {
    const stored = this.#stored.get(id);
    return stored ? openPermissions(stored.manifest as PluginManifest, stored.accepted) : [];
  }

  /** Reads a zip for the user to look at. @throws PlatformError. */
  openFile(zip: Uint8Array): PendingInstallation {
    return this.#pending(readPackage(zip), 'file');
  }

  /** Reads the catalogue at an address. @throws PlatformError. */
  async catalogue(address: string): Promise<CatalogueEntry[]> {
    return readCatalogue(await downloadJson(address), new URL(address, location.href).href);
  }

  /** Fetches a plugin of a catalogue, and checks that it is the one that the catalogue names. @throws PlatformError. */
  async openCatalogueEntry(entry: CatalogueEntry): Promise<PendingInstallation> {
    const zip = await download(entry.address);
    await expectDigest(zip, entry.sha256);
    return this.#pending(readPackage(zip), 'catalogue', entry.address);
  }

  /** Fetches a plugin that is being written, from this machine. @throws PlatformError. */
  async openAddress(address: string): Promise<PendingInstallation> {
    const base = localAddress(address);
    return this.#pending(readPackageFiles(await downloadFiles(base)), 'address', base);
  }

  #pending(found: PluginPackage, source: StoredPlugin['source'], address?: string): PendingInstallation {
    const { id } = found.manifest;
    const { host } = this.#options;
    const before = this.#stored.get(id);
    if (!before && host.has(id)) throw new PlatformError(platformText('platform.packageBuiltIn', { id }));
    const replaces = before && (before.manifest as PluginManifest).version;
    const newPermissions = openPermissions(found.manifest, before?.accepted ?? []);
    return { package: found, source, address, replaces, newPermissions };
  }

  /**
   * Installs, or updates, what was opened. With `accept` all its permissions are accepted; without, a plugin that asks for
   * more than was accepted before stays off until they are.
   */
  async install(pending: PendingInstallation, accept: boolean): Promise<InstalledPlugin> {
    const { manifest, bundle, catalogues } = pending.package;
    const { id } = manifest;
    const { host, store } = this.#options;
    const before = this.#stored.get(id);
    const accepted = accept ? permissionsOf(manifest) : [...(before?.accepted ?? [])];
    const enabled = before?.enabled ?? true;
    const { source, address } = pending;
    const stored: StoredPlugin = { id, manifest, bundle, catalogues, source, address, accepted, enabled };
    await store.put(stored);
    if (before) this.#remove(id, 'update');
    this.#stored.set(id, stored);
    const { plugin } = this.#start(stored, enabled);
    if (source === 'address' && address !== undefined) this.#follow(id, address);
    return plugin ?? host.plugin(id);
  }

  /** What a catalogue's plugin is beside what is installed. */
  standing({ id, version }: CatalogueEntry): 'new' | 'newer' | 'installed' {
    const stored = this.#stored.get(id);
    if (!stored) return 'new';
    return compareVersions(version, (stored.manifest as PluginManifest).version) > 0 ? 'newer' : 'installed';
  }

  /** Accepts all that a plugin asks for, and switches it on. */
  async acceptPermissions(id: string): Promise<void> {
    const stored = this.#stored.get(id);
    if (!stored) return;
    const accepted: PermissionKey[] = permissionsOf(stored.manifest as PluginManifest);
    await this.#replace({ ...stored, accepted, enabled: true });
  }

  /** Takes back what was accepted; the plugin is off until it is accepted again. */
  async revokePermissions(id: string): Promise<void> {
    const stored = this.#stored.get(id);
    if (stored) await this.#replace({ ...stored, accepted: [] });
  }

  async #replace(stored: StoredPlugin): Promise<void> {
    await this.#options.store.put(stored);
    this.#remove(stored.id, 'update');
    this.#stored.set(stored.id, stored);
    this.#start(stored, stored.enabled);
  }

  /** Switches a plugin, built in or not, on or off, and keeps that. @throws PlatformError where permissions are open. */
  async setEnabled(id: string, enabled: boolean): Promise<void> {
    const { host, store } = this.#options;
    const stored = this.#stored.get(id);
    if (enabled && this.openPermissions(id).length > 0)
      throw new PlatformError(platformText('platform.permissionsOpen', { id }));
    if (stored) {
      const changed = { ...stored, enabled };
      this.#stored.set(id, changed);
      await store.put(changed);
    } else await store.setBuiltInDisabled(id, !enabled);
    if (enabled) host.enable(id);
    else host.disable(id);
    this.#changed.fire(id);
  }

  /** Removes a stranger's plugin and all that is kept of it. */
  async uninstall(id: string): Promise<void> {
    await this.#options.store.delete(id);
    this.#remove(id, 'uninstall');
    this.#changed.fire(id);
  }

  #remove(id: string, reason: 'uninstall' | 'update'): void {
    if (reason === 'uninstall') {
      this.#following.get(id)?.close();
      this.#following.delete(id);
    }
    this.#stored.delete(id);
    this.#broken.delete(id);
    if (this.#options.host.has(id)) this.#options.host.uninstall(id, reason);
  }

  /** Takes a plugin that is being written over again whenever its author saves. */
  #follow(id: string, address: string): void {
    if (this.#following.has(id)) return;
    const events = new EventSource(new URL('events', address));
    events.addEventListener('change', () => {
      void this.openAddress(address).then(
        (pending) => this.install(pending, false),
        (error: unknown) => this.#failures.fire({ id, error }),
      );
    });
    this.#following.set(id, events);
  }

  dispose(): void {
    for (const events of this.#following.values()) events.close();
    this.#following.clear();
    this.#changed.dispose();
    this.#failures.dispose();
  }
}

/** The address of a plugin on this machine, with a slash at its end. @throws PlatformError for any other. */
function localAddress(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== 'http:' || !['localhost', '127.0.0.1', '[::1]'].includes(url.hostname))
    throw new PlatformError(platformText('platform.localOnly', { address: address.slice(0, 200) }));
  return new URL('./', url.href.endsWith('/') ? url.href : `${url.href}/`).href;
}

async function downloadFiles(base: string): Promise<PackageFiles> {
  const names = await downloadJson(new URL('files.json', base).href);
  const plain = Array.isArray(names)
    ? names.filter((name): name is string => typeof name === 'string' && isPlainName(name))
    : [];
  const files = plain.slice(0, packageLimits.files).map(async (name) => {
    return [name, await download(new URL(name, base).href)] as const;
  });
  return new Map(await Promise.all(files));
}

async function downloadJson(address: string): Promise<unknown> {
  const bytes = await download(address);
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    const problem = (cause as Error).message;
    throw new PlatformError(platformText('platform.downloadFailed', { address, problem }), { cause });
  }
}

async function download(address: string): Promise<Uint8Array<ArrayBuffer>> {
  let response: Response;
  try {
    response = await fetch(address, { cache: 'no-store' });
  } catch (cause) {
    throw new PlatformError(platformText('platform.downloadFailed', { address, problem: (cause as Error).message }), {
      cause,
    });
  }
  if (!response.ok)
    throw new PlatformError(platformText('platform.downloadFailed', { address, problem: String(response.status) }));
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (bytes.byteLength > packageLimits.unzipped)
    throw new PlatformError(platformText('platform.downloadFailed', { address, problem: `${bytes.byteLength} bytes` }));
  return bytes;
}
