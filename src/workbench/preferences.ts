/** Small choices of the user in this browser, such as the theme. What belongs to a workbook is kept with the workbook. */
export type Preference = 'theme' | 'locale' | 'layout' | 'recentCommands' | 'lastWorkbook' | 'engine';

export function readPreference(name: Preference): string | null {
  try {
    return localStorage.getItem(`patron.${name}`);
  } catch {
    return null;
  }
}

export function writePreference(name: Preference, value: string | null): void {
  try {
    if (value === null) localStorage.removeItem(`patron.${name}`);
    else localStorage.setItem(`patron.${name}`, value);
  } catch {
    // A browser that refuses storage still works; the choice then lasts for this visit.
  }
}
