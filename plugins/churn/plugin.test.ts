import { describe, expect, it } from 'vitest';
import { plugin as code } from './index.ts';
import english from './locales/en-US.json';
import chinese from './locales/zh-CN.json';
import manifest from './plugin.json';

describe('the churn plugin', () => {
  it('speaks both languages with the same arguments', () => {
    const named = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
    expect(Object.keys(chinese)).toEqual(Object.keys(english));
    for (const [key, text] of Object.entries(english))
      expect(named((chinese as Record<string, string>)[key]), key).toEqual(named(text));
  });

  it('has a text for every title of its manifest', () => {
    const keys = [...JSON.stringify(manifest).matchAll(/%([^%"]+)%/g)].map(([, key]) => key);
    expect(keys.length).toBeGreaterThan(80);
    for (const key of keys) expect(english).toHaveProperty([key]);
  });

  it('declares exactly what its code has', () => {
    expect(Object.keys(code.analyses ?? {})).toEqual(manifest.contributes.analyses.map(({ id }) => id));
  });
});
