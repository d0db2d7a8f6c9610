import type { Locale } from '../../i18n/index.ts';

/** Something the palette can find. Its title is known in every language, whatever the one in use. */
export interface Findable {
  readonly id: string;
  readonly titles: Readonly<Partial<Record<Locale, string>>>;
  /** What it does, in every language: found where no title is. */
  readonly about?: Readonly<Partial<Record<Locale, string>>>;
}

/** What a text is found by: as it is written, and for Chinese its pinyin in full and by initials. */
export interface SearchKey {
  readonly text: string;
  /** Where words start in `text`. */
  readonly starts: readonly number[];
  /** Set where the text is a description: it is found as it is written only, and behind every title. */
  readonly about?: true;
}

/** Pinyin of a Chinese text, syllable by syllable, without tones. Non-Chinese characters stand for themselves. */
export type Syllables = (text: string) => readonly string[];

/** All keys of one item. Computed once for each item, as pinyin costs more than the comparison. */
export function searchKeys(item: Findable, syllables: Syllables): SearchKey[] {
  const keys: SearchKey[] = [];
  for (const title of new Set(Object.values(item.titles))) {
    keys.push(plainKey(title));
    if (!/\p{Script=Han}/u.test(title)) continue;
    const spoken = syllables(title).map((syllable) => syllable.toLowerCase());
    const starts: number[] = [];
    let full = '';
    for (const syllable of spoken) {
      starts.push(full.length);
      full += syllable;
    }
    keys.push({ text: full, starts });
    const initials = spoken.map((syllable) => syllable[0] ?? '').join('');
    keys.push({ text: initials, starts: [...initials].map((_, index) => index) });
  }
  for (const text of new Set(Object.values(item.about ?? {}))) {
    keys.push({ text: text.toLowerCase(), starts: [], about: true });
  }
  return keys;
}

function plainKey(title: string): SearchKey {
  const text = title.toLowerCase();
  const starts = [...text.matchAll(/[\p{L}\p{N}]+/gu)].map(({ index }) => index);
  return { text, starts };
}

/**
 * How well the query fits, 0 for not at all. Every word of the query must be found in one of the keys: at the start of a
 * title it counts most, then at the start of a word, then inside, then as letters in order.
 */
export function scoreOf(query: string, keys: readonly SearchKey[]): number {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  let total = 0;
  for (const word of words) {
    let best = 0;
    for (const key of keys) best = Math.max(best, scoreWord(word, key));
    if (best === 0) return 0;
    total += best;
  }
  return words.length === 0 ? 0 : total / words.length;
}

function scoreWord(word: string, key: SearchKey): number {
  const at = key.text.indexOf(word);
  if (key.about) return at >= 0 && word.length > 1 ? 10 : 0;
  const coverage = word.length / Math.max(1, key.text.length);
  if (at === 0) return 100 + 20 * coverage;
  if (at > 0) {
    for (let index = at; index >= 0; index = key.text.indexOf(word, index + 1)) {
      if (key.starts.includes(index)) return 70 + 20 * coverage;
    }
    return 40 + 20 * coverage;
  }
  return word.length < 2 ? 0 : scoreLetters(word, key);
}

/** Letters in order, each at the start of a word or right after the one before: "expcsv" finds "Export as CSV". */
function scoreLetters(word: string, key: SearchKey): number {
  const starts = new Set(key.starts);
  const from = (letter: number, after: number): boolean => {
    if (letter === word.length) return true;
    for (let index = after; index < key.text.length; index += 1) {
      if (key.text[index] !== word[letter]) continue;
      if ((starts.has(index) || (letter > 0 && index === after)) && from(letter + 1, index + 1)) return true;
    }
    return false;
  };
  return from(0, 0) ? 20 : 0;
}
