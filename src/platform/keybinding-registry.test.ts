import { describe, expect, it } from 'vitest';
import { ContextKeys } from './context-keys.ts';
import { KeybindingRegistry } from './keybinding-registry.ts';
import { isForPlugins, keysLabel, parseKeys, pressOf } from './keys.ts';

const event = (
  key: string,
  held: Partial<Record<'ctrlKey' | 'shiftKey' | 'altKey' | 'metaKey', boolean>>,
  code = '',
) => ({
  key,
  code,
  ctrlKey: false,
  shiftKey: false,
  altKey: false,
  metaKey: false,
  ...held,
});

describe('keys', () => {
  it('have one form, however they are written', () => {
    expect(parseKeys('Shift+Mod+R')).toEqual(['ctrl+shift+r']);
    expect(parseKeys('Shift+Mod+R', true)).toEqual(['shift+meta+r']);
    expect(parseKeys('mod+k  mod+s')).toEqual(['ctrl+k', 'ctrl+s']);
    expect(parseKeys('f1')).toEqual(['f1']);
    expect(parseKeys('mod+banana')).toBeUndefined();
    expect(parseKeys('a b c')).toBeUndefined();
    expect(parseKeys('')).toBeUndefined();
  });

  it('are read from an event by what is printed on the key where Shift or Alt change what it types', () => {
    expect(pressOf(event('R', { ctrlKey: true, shiftKey: true }, 'KeyR'))).toBe('ctrl+shift+r');
    expect(pressOf(event('®', { altKey: true }, 'KeyR'))).toBe('alt+r');
    expect(pressOf(event('q', { ctrlKey: true }, 'KeyA'))).toBe('ctrl+q');
    expect(pressOf(event('Shift', { shiftKey: true }, 'ShiftLeft'))).toBeUndefined();
    expect(pressOf(event(' ', {}, 'Space'))).toBe('space');
  });

  it('read as a person expects', () => {
    expect(keysLabel(['ctrl+shift+r'])).toBe('Ctrl+Shift+R');
    expect(keysLabel(['shift+meta+r'], true)).toBe('⇧⌘R');
    expect(keysLabel(['ctrl+k', 'ctrl+arrowup'])).toBe('Ctrl+K Ctrl+Up');
  });
});

describe('keys that plugins may take', () => {
  const may = (keys: string, mac = false): boolean => isForPlugins(parseKeys(keys, mac) ?? []);

  it('have a modifier, and do not mean the same in every program', () => {
    for (const keys of ['mod+alt+r', 'mod+shift+9', 'alt+x', 'f7', 'mod+k mod+s']) expect(may(keys), keys).toBe(true);
    const taken = [
      'a',
      'shift+a',
      'enter',
      'escape',
      'arrowdown',
      'f1',
      'f2',
      'mod+s',
      'mod+c',
      'mod+shift+p',
      'mod+z',
    ];
    for (const keys of taken) expect([may(keys), may(keys, true)], keys).toEqual([false, false]);
  });
});

describe('keybindings', () => {
  it('let the user win over the app, and the app over a plugin', () => {
    const registry = new KeybindingRegistry(new ContextKeys(), false);
    registry.register({ command: 'app.run', key: 'mod+r' });
    registry.register({ command: 'rfm.run', key: 'mod+r' }, 'patron.rfm');
    expect(registry.resolve(['ctrl+r'])).toEqual({ kind: 'command', command: 'app.run', argument: null });
    expect(
      registry.conflicts().map(({ winner, others }) => [winner.command, others.map((one) => one.command)]),
    ).toEqual([['app.run', ['rfm.run']]]);
    registry.setUser([{ command: 'rfm.run', key: 'mod+r' }]);
    expect(registry.resolve(['ctrl+r'])).toMatchObject({ command: 'rfm.run' });
    registry.setUser([{ command: 'rfm.run', key: 'mod+alt+r' }]);
    expect(registry.resolve(['ctrl+r'])).toMatchObject({ command: 'app.run' });
    expect(registry.resolve(['ctrl+alt+r'])).toMatchObject({ command: 'rfm.run' });
    expect(registry.conflicts()).toEqual([]);
    registry.setUser([{ command: 'app.run', key: '' }]);
    expect(registry.bindingOf('app.run')).toBeUndefined();
  });

  it('wait for the second press, and heed when-clauses', () => {
    const context = new ContextKeys();
    const registry = new KeybindingRegistry(context, false);
    const registration = registry.register({ command: 'a.save', key: 'mod+k mod+s', when: 'open', argument: 1 });
    expect(registry.resolve(['ctrl+k'])).toEqual({ kind: 'none' });
    context.set('open', true);
    expect(registry.resolve(['ctrl+k'])).toEqual({ kind: 'pending' });
    expect(registry.resolve(['ctrl+k', 'ctrl+s'])).toEqual({ kind: 'command', command: 'a.save', argument: 1 });
    registration.dispose();
    expect(registry.resolve(['ctrl+k'])).toEqual({ kind: 'none' });
  });
});
