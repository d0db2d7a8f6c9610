import { type Catalogue, renderText, type Text } from '@patron/sdk';
import { platformCatalogues } from './texts.ts';

/** A plugin's catalogues by language (`en-US`, `zh-CN`). */
export type Catalogues = Readonly<Record<string, Catalogue>>;

const fallback = 'en-US';
/**
 * Characters that no one sees and that change what one reads: control characters but the line break and the tab, marks that turn
 * the direction of what follows, blanks without width, letters of the tag alphabet. What joins letters of a script or parts of
 * an emoji stays.
 */
const unseen = /[\p{Cc}\u200b\u2028\u2029\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u{e0000}-\u{e007f}]/gu;

/** A stranger's text without what could make it read as something else. */
export function plainText(text: string): string {
  return text.replace(unseen, (character) => (character === '\n' || character === '\t' ? character : ''));
}

const reference = /^%([^%]+)%$/;

/**
 * What a plugin says, in every language. Manifest texts keep their `%key%` and are resolved when they are read, so a switch
 * of language needs nothing but a new read. A key that a language lacks reads in English, then as the key itself.
 */
export class PluginTexts {
  readonly #merged = new Map<string, Catalogue>();
  readonly #catalogues: Catalogues;

  constructor(catalogues: Catalogues) {
    this.#catalogues = catalogues;
  }

  /** The plugin's catalogue in `locale`, over English, over the platform's own texts: what `renderText` takes. */
  catalogue(locale: string): Catalogue {
    let merged = this.#merged.get(locale);
    if (!merged) {
      // Without a prototype, so that a key such as `constructor` is only what a catalogue says.
      merged = Object.assign(
        Object.create(null) as Record<string, string>,
        this.#catalogues[fallback],
        this.#catalogues[locale],
        platformCatalogues[fallback],
        platformCatalogues[locale],
      ) as Catalogue;
      this.#merged.set(locale, merged);
    }
    return merged;
  }

  /** A text of the manifest: `%key%` looked up, anything else as it is. */
  manifestText(text: string, locale: string): string {
    const key = reference.exec(text)?.[1];
    return plainText(key === undefined ? text : (this.catalogue(locale)[key] ?? key));
  }

  /** A copy of a part of the manifest with every `%key%` in it looked up. */
  localized<T>(part: T, locale: string): T {
    if (typeof part === 'string') return this.manifestText(part, locale) as T;
    if (Array.isArray(part)) return part.map((item) => this.localized(item, locale)) as T;
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, this.localized(item, locale)])) as T;
  }

  /** A text of a result or an error. */
  render(text: Text, locale: string): string {
    return plainText(renderText(text, this.catalogue(locale), locale));
  }
}
