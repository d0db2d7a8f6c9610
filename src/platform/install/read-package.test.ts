import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { manifest } from '../fixtures/small-plugin.ts';
import { readCatalogue } from './catalogue-file.ts';
import { openPermissions, permissionsOf } from './permissions.ts';
import { readPackage } from './read-package.ts';

const files = {
  'plugin.json': strToU8(JSON.stringify({ ...manifest, main: 'main.js' })),
  'main.js': strToU8('var patronPlugin = { plugin: {} };'),
  'locales/en-US.json': strToU8('{"name":"Small"}'),
  'locales/zh-CN.json': strToU8('{"name":"小插件"}'),
  'README.md': strToU8('# Small'),
};
const refusal = (change: Record<string, Uint8Array>): string => {
  try {
    readPackage(zipSync({ ...files, ...change }));
    return 'accepted';
  } catch (error) {
    return (error as Error).message;
  }
};

describe('a plugin package', () => {
  it('gives manifest, script and texts', () => {
    const found = readPackage(zipSync(files));
    expect(found.manifest.id).toBe('test.small');
    expect(found.bundle).toBe('var patronPlugin = { plugin: {} };');
    expect(found.catalogues).toEqual({ 'en-US': { name: 'Small' }, 'zh-CN': { name: '小插件' } });
  });

  it('may not name files outside of itself', () => {
    for (const name of [
      '../evil.js',
      'a/../../evil.js',
      '/etc/passwd',
      'C:\\evil.js',
      '..\\evil.js',
      '.hidden',
      'a\u0000b',
    ])
      expect(refusal({ [name]: strToU8('x') }), name).toContain('holds a file named');
  });

  it('may not be a bomb, whether its sizes are honest or not', () => {
    const zeros = new Uint8Array(12 * 2 ** 20);
    expect(refusal({ 'zeros.bin': zeros })).toContain('too large');
    const many = Object.fromEntries(Array.from({ length: 250 }, (_, i) => [`f${i}`, new Uint8Array(1)]));
    expect(refusal(many)).toContain('too large');
    const lying = zipSync({ ...files, 'main.js': zeros });
    const view = new DataView(lying.buffer);
    for (let i = 0; i + 4 <= lying.length; i++) {
      const signature = view.getUint32(i, true);
      const at = signature === 0x02014b50 ? i + 24 : signature === 0x04034b50 ? i + 22 : 0;
      if (at > 0 && view.getUint32(at, true) === zeros.length) view.setUint32(at, 100, true);
    }
    expect(() => readPackage(lying)).toThrow();
  });

  it('is left as soon as it unpacks to too much, whatever it says', () => {
    const bomb = zipSync({ ...files, 'main.js': new Uint8Array(400 * 2 ** 20) }, { level: 9 });
    expect(bomb.length).toBeLessThan(2 ** 20);
    expect(() => readPackage(bomb)).toThrow('too large');
  });

  it('says what it lacks or cannot read', () => {
    expect(refusal({ 'plugin.json': strToU8('{') })).toContain("'plugin.json' of the package cannot be read");
    expect(refusal({ 'plugin.json': strToU8('{"id":"x"}') })).toContain('plugin.json: manifestVersion: is missing');
    expect(refusal({ 'main.js': Uint8Array.of(0xff, 0xfe) })).toContain("'main.js' of the package cannot be read");
    expect(refusal({ 'locales/en-US.json': strToU8('{"a":{"b":1}}') })).toContain('not a flat list of texts (a)');
    expect(refusal({ 'locales/en-US.json': strToU8('{"__proto__":"x"}') })).toContain('not a flat list of texts');
    expect(() => readPackage(zipSync({ 'readme.txt': strToU8('x') }))).toThrow("The package has no 'plugin.json'");
    expect(() => readPackage(strToU8('not a zip'))).toThrow('This is not a plugin package');
  });
});

describe('a package that asks for the network', () => {
  it('is refused in plain words, with the hosts that it asks for', () => {
    const permissions = [{ name: 'network', hosts: ['api.example.com'], reason: 'To ask' }];
    const asking = strToU8(JSON.stringify({ ...manifest, main: 'main.js', permissions }));
    expect(refusal({ 'plugin.json': asking })).toContain("'test.small' asks for the network (api.example.com)");
  });
});

describe('permissions', () => {
  it('are compared without their reasons, and mapping needs no question', () => {
    const reason = 'because';
    const asks = {
      ...manifest,
      permissions: [
        { name: 'table.read', scope: 'mapped', reason },
        { name: 'sheet.write', scope: 'new-sheet', reason },
        { name: 'network', hosts: ['b.org', 'a.org'], reason },
      ],
    } as const;
    expect(permissionsOf(asks)).toEqual(['table.read:mapped', 'sheet.write:new-sheet', 'network:a.org,b.org']);
    expect(openPermissions(asks, ['sheet.write:new-sheet']).map(({ name }) => name)).toEqual(['network']);
    expect(openPermissions(asks, ['network:a.org,b.org', 'sheet.write:new-sheet'])).toEqual([]);
  });
});

describe('a catalogue of plugins', () => {
  const sha256 = 'a'.repeat(64);
  const version = (version: string, patron: string) => ({
    version,
    engines: { patron },
    url: `x-${version}.zip`,
    sha256,
  });

  it('offers the newest version made for this Patron', () => {
    const plugins = [
      {
        id: 'test.a',
        name: 'A',
        versions: [version('3.0.0', '^1.0.0'), version('2.0.0', '^0.1.0'), version('1.0.0', '^0.1.0')],
      },
      { id: 'test.b', name: 'B', versions: [version('1.0.0', '^7.0.0')] },
    ];
    expect(readCatalogue({ plugins }, 'http://localhost/plugins/index.json')).toEqual([
      { id: 'test.a', name: 'A', version: '2.0.0', address: 'http://localhost/plugins/x-2.0.0.zip', sha256 },
    ]);
  });

  it('says where it does not read', () => {
    const bad = { plugins: [{ id: 'test.a', name: 'A', versions: [{ ...version('1.0.0', '*'), sha256: 'short' }] }] };
    expect(() => readCatalogue(bad, 'http://localhost/')).toThrow(
      'index.json: plugins[0].versions[0].sha256: expected',
    );
  });
});
