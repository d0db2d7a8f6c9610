/** The languages that Patron speaks, by BCP 47 name. */
export type Locale = 'en-US' | 'zh-CN';

export const locales: readonly Locale[] = ['en-US', 'zh-CN'];

/** What each language calls itself. */
export const localeNames: Readonly<Record<Locale, string>> = { 'en-US': 'English', 'zh-CN': '简体中文' };

/** The language of ours that suits a BCP 47 name best: any Chinese is zh-CN, everything else English. */
export function closestLocale(name: string): Locale {
  return name.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en-US';
}
