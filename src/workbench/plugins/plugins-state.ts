import { prelude } from 'virtual:patron-sandbox-prelude';
import { type Accessor, createSignal, onCleanup } from 'solid-js';
import {
  type Breadcrumb,
  type CatalogueEntry,
  type PendingInstallation,
  PlatformError,
  type PluginHost,
  PluginLibrary,
  PluginStore,
  renderPlatformText,
  sandboxTransport,
} from '../../platform/index.ts';
import type { Language } from '../language.ts';
import type { Notifications } from '../notifications/notifications.ts';
import { readPreference } from '../preferences.ts';
import { errorDetails } from '../state/explain-error.ts';

/** The plugins that a user installs. */
export interface Plugins {
  readonly library: PluginLibrary;
  /** What was opened and waits for the user to agree. */
  readonly pending: Accessor<PendingInstallation | null>;
  /** Counts changes of the library, for what is shown of it. */
  readonly changes: Accessor<number>;
  openFile(file: File): Promise<void>;
  openAddress(address: string): Promise<void>;
  openEntry(entry: CatalogueEntry): Promise<void>;
  /** Installs what is pending. With `accept` all that it asks for is accepted; without, it stays off until that is. */
  agree(accept: boolean): Promise<void>;
  dismiss(): void;
  /** Does something with the library; a failure is reported. */
  attempt(work: () => Promise<unknown>): Promise<void>;
}

export interface PluginsOptions {
  readonly host: PluginHost;
  readonly breadcrumb: Breadcrumb;
  readonly language: Language;
  readonly notifications: Notifications;
}

const makeGuard = (): Worker =>
  new Worker(new URL('../../../workers/sandbox-guard.ts', import.meta.url), { type: 'module' });

/** Brings back the installed plugins, and lets the user install more. */
export function createPlugins({ host, breadcrumb, language, notifications }: PluginsOptions): Plugins {
  const { t, locale } = language;
  const [pending, setPending] = createSignal<PendingInstallation | null>(null);
  const [changes, setChanges] = createSignal(0);
  host.engine.choose(readPreference('engine') ?? undefined);
  const library = new PluginLibrary({
    host,
    store: new PluginStore(),
    breadcrumb,
    transport: (bundle) => sandboxTransport({ prelude, bundle, makeGuard }),
  });
  const report = (text: () => string, error: unknown): void => {
    notifications.add({
      kind: 'error',
      text,
      remedy: () => (error instanceof PlatformError ? renderPlatformText(error.text, locale()) : String(error)),
      details: errorDetails(error),
    });
  };
  const attempt = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      report(() => t('plugins.failed'), error);
    }
  };
  const open = (work: () => PendingInstallation | Promise<PendingInstallation>): Promise<void> =>
    attempt(async () => setPending(await work()));
  const listening = [
    library.onChange(() => setChanges((before) => before + 1)),
    library.onReloadFailure(({ id, error }) => report(() => t('plugins.reloadFailed', id), error)),
  ];
  onCleanup(() => {
    for (const one of listening) one.dispose();
    library.dispose();
  });

  void attempt(async () => {
    const [unfinished] = await library.restore();
    if (!unfinished) return;
    notifications.add({
      kind: 'warning',
      text: () => t('plugins.safeMode', unfinished.pluginId),
      actions: [{ label: () => t('plugins.safeModeOn'), run: () => attempt(() => library.leaveSafeMode()) }],
    });
  });

  return {
    library,
    pending,
    changes,
    attempt,
    openFile: (file) => open(async () => library.openFile(new Uint8Array(await file.arrayBuffer()))),
    openAddress: (address) => open(() => library.openAddress(address)),
    openEntry: (entry) => open(() => library.openCatalogueEntry(entry)),
    dismiss: () => void setPending(null),
    async agree(accept) {
      const agreed = pending();
      setPending(null);
      if (!agreed) return;
      await attempt(async () => {
        const plugin = await library.install(agreed, accept);
        notifications.add({ kind: 'success', text: () => t('plugins.ready', plugin.name(locale())) });
      });
    },
  };
}
