import { describe, expect, it } from 'vitest';
import { SettingsRegistry } from './settings-registry.ts';

const section = {
  title: 'Analyses',
  localize: (text: string) => text,
  pluginId: 'patron.rfm',
  properties: [
    { id: 'rfm.bins', title: 'Bins', type: 'integer', default: 5, minimum: 2, maximum: 10, scope: 'workbook' },
    { id: 'rfm.scheme', title: 'Scheme', type: 'text', default: 'a', pattern: '[a-z]+' },
  ],
} as const;

describe('settings', () => {
  it('take the value of the workbook, then of the user, then the default', () => {
    const settings = new SettingsRegistry();
    settings.register(section);
    expect(settings.get('rfm.bins')).toBe(5);
    settings.set('rfm.bins', 7);
    settings.load('workbook', { 'rfm.bins': 4, 'rfm.scheme': 'b' });
    expect(settings.get('rfm.bins')).toBe(4);
    expect(settings.get('rfm.scheme')).toBe('a');
    settings.load('workbook', {});
    expect(settings.ofPlugin('patron.rfm')).toEqual({ 'rfm.bins': 7, 'rfm.scheme': 'a' });
    settings.set('rfm.bins', undefined);
    expect(settings.get('rfm.bins')).toBe(5);
  });

  it('refuse what does not fit, and pass over what was stored and no longer fits', () => {
    const settings = new SettingsRegistry();
    settings.register(section);
    expect(() => settings.set('rfm.bins', 11)).toThrow('rfm.bins: expected a number of at most 10, got 11');
    expect(() => settings.set('rfm.scheme', 'A1')).toThrow('rfm.scheme: expected text of the form [a-z]+');
    settings.load('user', { 'rfm.bins': 'many' });
    expect(settings.get('rfm.bins')).toBe(5);
  });

  it('keep the values of a plugin that is away', () => {
    const settings = new SettingsRegistry();
    const changes: string[] = [];
    settings.onChange(({ id, scope }) => changes.push(`${scope} ${id}`));
    const registration = settings.register(section);
    settings.set('rfm.bins', 9);
    registration.dispose();
    expect(settings.get('rfm.bins')).toBeUndefined();
    expect(settings.values('user')).toEqual({ 'rfm.bins': 9 });
    settings.register(section);
    expect(settings.get('rfm.bins')).toBe(9);
    expect(changes).toEqual(['user rfm.bins']);
  });
});
