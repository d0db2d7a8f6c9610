export { catalogues } from './catalogues.ts';
export { closestLocale, type Locale, localeNames, locales } from './locale.ts';
export { bytesIn, countIn, figureIn } from './numbers.ts';
export { type PlainKey, type Translate, translatorFor } from './translate.ts';
