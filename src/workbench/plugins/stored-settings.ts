import type { Json, JsonObject } from '@patron/sdk';
import { createEffect, onCleanup } from 'solid-js';
import type { Workbench } from '../workbench.ts';
import { storedKeys } from './keybinding-editor.tsx';

const key = 'patron.pluginSettings';

/** Keeps the settings of plugins: the user's in this browser, a workbook's with the workbook. */
export function keepSettings({ commands, session }: Workbench): void {
  const { settings } = commands.host;
  settings.load('user', storedUserSettings());
  commands.host.keybindings.setUser(storedKeys());
  createEffect(() => {
    const open = session.current();
    settings.load('workbook', open ? ((session.host().details().settings as JsonObject | undefined) ?? {}) : {});
  });
  const listening = settings.onChange(({ scope }) => {
    if (scope === 'user') storeUserSettings(settings.values('user'));
    else if (session.current()) {
      const details = session.host().details();
      const values = settings.values('workbook');
      if (JSON.stringify(details.settings ?? {}) !== JSON.stringify(values))
        session.host().setDetails({ ...details, settings: values });
    }
  });
  onCleanup(() => listening.dispose());
}

function storedUserSettings(): JsonObject {
  try {
    return JSON.parse(localStorage.getItem(key) ?? '{}') as JsonObject;
  } catch {
    return {};
  }
}

function storeUserSettings(values: Json): void {
  try {
    localStorage.setItem(key, JSON.stringify(values));
  } catch {
    // Without storage the settings last for this visit.
  }
}
