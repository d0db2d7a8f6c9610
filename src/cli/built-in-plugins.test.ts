import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { PluginHost, problemText, renderPlatformText } from '../platform/index.ts';
import { installBuiltInPlugins } from './built-in-plugins.ts';

const folder = fileURLToPath(new URL('../../plugins', import.meta.url));
const host = new PluginHost();
installBuiltInPlugins(host, folder);
afterAll(() => host.dispose());

describe.each(readdirSync(folder).map((name) => ({ name })))('the built-in plugin $name', ({ name }) => {
  const plugin = host.plugins().find(({ id }) => id === `patron.${name}`);

  it('has a manifest without a fault', () => {
    const lines = plugin?.problems.map((problem) => renderPlatformText(problemText(problem), 'en-US'));
    expect(lines).toEqual([]);
  });

  it('says every text of its manifest in both languages', () => {
    const keys = new Set([...JSON.stringify(plugin?.manifest).matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key));
    for (const locale of ['en-US', 'zh-CN'])
      for (const key of keys) expect(plugin?.texts.catalogue(locale)[key], `${locale} ${key}`).toBeTruthy();
  });
});
