import { type Translator, translator } from '@solid-primitives/i18n';
import { catalogues, type Messages } from './catalogues.ts';
import type { Locale } from './locale.ts';

/** Looks up a text by its key; a message with arguments is called with them. */
export type Translate = Translator<Messages>;

/** Keys whose message takes no arguments. */
export type PlainKey = { [Key in keyof Messages]: Messages[Key] extends string ? Key : never }[keyof Messages];

/** A translator that follows `locale`: read inside a reactive scope, its texts change with the language. */
export function translatorFor(locale: () => Locale): Translate {
  return translator(() => catalogues[locale()]);
}
