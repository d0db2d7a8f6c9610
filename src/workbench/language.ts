import { type Accessor, createEffect, createSignal } from 'solid-js';
import { closestLocale, type Locale, type Translate, translatorFor } from '../i18n/index.ts';
import { readPreference, writePreference } from './preferences.ts';

export interface Language {
  readonly locale: Accessor<Locale>;
  readonly t: Translate;
  choose(locale: Locale): void;
}

/** The language in use: the one chosen before, or the one closest to the browser's; put on `<html lang>`. */
export function createLanguage(): Language {
  const [locale, setLocale] = createSignal<Locale>(closestLocale(readPreference('locale') ?? navigator.language));
  createEffect(() => {
    document.documentElement.lang = locale();
  });
  return {
    locale,
    t: translatorFor(locale),
    choose(chosen) {
      setLocale(chosen);
      writePreference('locale', chosen);
    },
  };
}
