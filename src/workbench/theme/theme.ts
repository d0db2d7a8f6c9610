import { type Accessor, createEffect, createMemo, createSignal, onCleanup } from 'solid-js';
import { readPreference, writePreference } from '../preferences.ts';

export type ThemeChoice = 'light' | 'dark' | 'system';
type Theme = 'light' | 'dark';

export const themeChoices: readonly ThemeChoice[] = ['light', 'dark', 'system'];

export interface ThemeState {
  readonly choice: Accessor<ThemeChoice>;
  readonly theme: Accessor<Theme>;
  choose(choice: ThemeChoice): void;
}

/** The theme chosen by the user, or the system's, put on `<html data-theme>` and kept for the next visit. */
export function createTheme(): ThemeState {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const [systemDark, setSystemDark] = createSignal(system.matches);
  const [choice, setChoice] = createSignal<ThemeChoice>(storedChoice());
  const follow = (event: MediaQueryListEvent): void => void setSystemDark(event.matches);
  system.addEventListener('change', follow);
  onCleanup(() => system.removeEventListener('change', follow));
  const theme = createMemo<Theme>(() => {
    const chosen = choice();
    if (chosen !== 'system') return chosen;
    return systemDark() ? 'dark' : 'light';
  });
  createEffect(() => {
    document.documentElement.dataset.theme = theme();
  });
  return {
    choice,
    theme,
    choose(chosen) {
      setChoice(chosen);
      writePreference('theme', chosen);
    },
  };
}

function storedChoice(): ThemeChoice {
  const stored = readPreference('theme');
  return themeChoices.find((choice) => choice === stored) ?? 'system';
}
