import { prelude } from 'virtual:patron-sandbox-prelude';
import { strToU8, zipSync } from 'fflate';
import { afterEach, describe, expect, it } from 'vitest';
import { catalogues, manifest } from '../fixtures/small-plugin.ts';
import { PluginHost } from '../plugin-host.ts';
import { sandboxTransport } from '../sandbox/sandbox-transport.ts';
import { Breadcrumb } from './breadcrumb.ts';
import type { CatalogueEntry } from './catalogue-file.ts';
import { PluginLibrary } from './plugin-library.ts';
import { PluginStore } from './plugin-store.ts';

const name = 'patron-plugins-test';
const open: { dispose(): void | Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.dispose();
  await new Promise((resolve) => {
    indexedDB.deleteDatabase(name).onsuccess = resolve;
  });
});

const makeGuard = (): Worker =>
  new Worker(new URL('../../../workers/sandbox-guard.ts', import.meta.url), { type: 'module' });

async function start(services = {}) {
  const breadcrumb = new Breadcrumb();
  const store = new PluginStore(name);
  const host = new PluginHost({ services, onStrangersCall: (id, call) => breadcrumb.begin(id, call) });
  const transport = (bundle: string) => sandboxTransport({ prelude, bundle, makeGuard });
  const library = new PluginLibrary({ host, store, breadcrumb, transport });
  const unfinished = await library.restore();
  open.push({
    async dispose() {
      library.dispose();
      host.dispose();
      await store.close();
    },
  });
  return { host, library, unfinished, breadcrumb, store };
}

const bundle = `var patronPlugin = { plugin: { commands: { 'small.greet': async (argument, context) => {
  await context.copyText('hello');
  return 'copied';
} } } };`;
const packageOf = (version: string, permissions: readonly object[] = []): Uint8Array => {
  const { commands, keybindings } = manifest.contributes;
  const changed = {
    ...manifest,
    version,
    main: 'main.js',
    permissions,
    contributes: { commands: [{ ...commands[0], enablement: undefined }], keybindings },
  };
  const files: Record<string, Uint8Array> = {
    'plugin.json': strToU8(JSON.stringify(changed)),
    'main.js': strToU8(bundle),
  };
  for (const [locale, texts] of Object.entries(catalogues))
    files[`locales/${locale}.json`] = strToU8(JSON.stringify(texts));
  return zipSync(files);
};
const clipboard = { name: 'clipboard.write', reason: 'To copy' };

describe('the library of plugins', () => {
  it('installs a package, keeps it, and removes it whole', async () => {
    const copied: string[] = [];
    const services = { copyText: async (text: string) => void copied.push(text) };
    const first = await start(services);
    const pending = first.library.openFile(packageOf('1.0.0', [clipboard]));
    expect(pending.newPermissions).toEqual([clipboard]);
    const plugin = await first.library.install(pending, true);
    expect(plugin.texts.manifestText(plugin.manifest.name, 'zh-CN')).toBe('小插件');
    expect(await first.host.commands.execute('small.greet')).toBe('copied');
    expect(copied).toEqual(['hello']);

    const second = await start(services);
    expect(second.unfinished).toEqual([]);
    expect(await second.host.commands.execute('small.greet')).toBe('copied');
    await second.library.uninstall('test.small');
    expect(second.host.commands.all()).toEqual([]);
    expect((await start()).host.plugins()).toEqual([]);
  });

  it('keeps an update off that asks for more, until that is accepted', async () => {
    const { host, library } = await start({ copyText: async () => {} });
    await library.install(library.openFile(packageOf('1.0.0')), true);
    await expect(host.commands.execute('small.greet')).rejects.toThrow("'clipboard.write' needs the permission");
    const update = library.openFile(packageOf('1.1.0', [clipboard]));
    expect(update).toMatchObject({ replaces: '1.0.0', newPermissions: [clipboard] });
    const listed = (version: string) => library.standing({ id: 'test.small', version } as CatalogueEntry);
    expect([listed('1.0.0'), listed('1.1.0')]).toEqual(['installed', 'newer']);
    await library.install(update, false);
    expect(host.plugin('test.small')).toMatchObject({ enabled: false, manifest: { version: '1.1.0' } });
    await expect(library.setEnabled('test.small', true)).rejects.toThrow('permissions that were not accepted');
    await library.acceptPermissions('test.small');
    expect(await host.commands.execute('small.greet')).toBe('copied');
    await library.revokePermissions('test.small');
    expect(host.plugin('test.small').enabled).toBe(false);
  });

  it('shows what it keeps and cannot load, until that is removed', async () => {
    const first = await start();
    await first.library.install(first.library.openFile(packageOf('1.0.0')), true);
    const [kept] = await first.store.all();
    await first.store.put({ ...kept, manifest: { ...(kept.manifest as object), engines: { patron: '^9.0.0' } } });
    const second = await start();
    expect(second.host.plugins()).toEqual([]);
    const [broken] = second.library.failed();
    expect(broken).toMatchObject({
      id: 'test.small',
      error: { message: expect.stringContaining('needs Patron ^9.0.0') },
    });
    await second.library.uninstall('test.small');
    expect(second.library.failed()).toEqual([]);
    expect((await start()).library.failed()).toEqual([]);
  });

  it('remembers what is switched off', async () => {
    const first = await start();
    await first.library.install(first.library.openFile(packageOf('1.0.0')), true);
    await first.library.setEnabled('test.small', false);
    const second = await start();
    expect(second.host.plugin('test.small').enabled).toBe(false);
    await second.library.setEnabled('test.small', true);
    expect((await start()).host.plugin('test.small').enabled).toBe(true);
  });

  it('starts without strangers after a tab died in one, and names it', async () => {
    const first = await start();
    await first.library.install(first.library.openFile(packageOf('1.0.0')), true);
    localStorage.setItem('patron.pluginCall.dead-tab', JSON.stringify({ pluginId: 'test.small', call: 'small.sum' }));
    first.breadcrumb.begin('test.small', 'of a living tab');
    const second = await start();
    expect(second.unfinished).toEqual([{ pluginId: 'test.small', call: 'small.sum' }]);
    expect(second.host.plugin('test.small').enabled).toBe(false);
    const third = await start();
    expect(third.unfinished).toEqual([]);
    expect(third.host.plugin('test.small').enabled).toBe(true);
  });

  it('installs a plugin of a catalogue, where the file is the one that the catalogue names', async () => {
    const { library } = await start();
    const zip = new Uint8Array(packageOf('1.0.0'));
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', zip));
    const sha256 = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    const address = URL.createObjectURL(new Blob([zip]));
    const index = (named: string): string => {
      const versions = [{ version: '1.0.0', engines: { patron: '^0.1.0' }, url: address, sha256: named }];
      return URL.createObjectURL(
        new Blob([JSON.stringify({ plugins: [{ id: 'test.small', name: 'Small', versions }] })]),
      );
    };
    const [forged] = await library.catalogue(index('0'.repeat(64)));
    await expect(library.openCatalogueEntry(forged)).rejects.toThrow('is not the one that the catalogue names');
    const [entry] = await library.catalogue(index(sha256));
    const plugin = await library.install(await library.openCatalogueEntry(entry), true);
    expect(plugin).toMatchObject({ source: 'catalogue', enabled: true });
  });

  it('loads plugins that are being written from this machine only', async () => {
    const { library } = await start();
    for (const address of [
      'https://example.org/',
      'http://example.org:5199',
      'http://localhost.evil.org',
      'file:///x',
      'x',
    ])
      await expect(library.openAddress(address), address).rejects.toThrow('is not an address of this machine');
  });
});
