export { catalogues, type Messages } from './catalogues.ts';
export { closestLocale, type Locale, localeNames, locales } from './locale.ts';
export { bytesIn, countIn, figureIn, percentIn } from './numbers.ts';
export { inEveryLanguage, type PlainKey, type Translate, translatorFor } from './translate.ts';
