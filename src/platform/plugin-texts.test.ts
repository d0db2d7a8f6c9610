import { describe, expect, it } from 'vitest';
import { PluginTexts, plainText } from './plugin-texts.ts';

describe('texts of a plugin', () => {
  it('cannot turn, hide or break what is read around them', () => {
    const texts = new PluginTexts({ 'en-US': { name: 'Pat\u202erno\u200b', said: 'a\u2066{b}\u0007' } });
    expect(texts.manifestText('%name%', 'en-US')).toBe('Patrno');
    expect(texts.manifestText('\ufeffA\u2028B', 'en-US')).toBe('AB');
    expect(texts.render({ key: 'said', args: { b: '\u202dx\n' } }, 'en-US')).toBe('ax\n');
    expect(plainText('\u{e0061}b')).toBe('b');
  });

  it('keep what joins letters and emoji', () => {
    expect(plainText('می\u200cخواهم 👩\u200d🔬 客户\t1')).toBe('می\u200cخواهم 👩\u200d🔬 客户\t1');
  });

  it('never read what every object inherits', () => {
    const texts = new PluginTexts({ 'en-US': {} });
    expect(texts.manifestText('%constructor%', 'en-US')).toBe('constructor');
    expect(texts.render({ key: '__proto__' }, 'zh-CN')).toBe('__proto__');
  });
});
