import type { JsonObject, MenuLocation } from '@patron/sdk';
import type { MenuEntry } from '../controls/menu.tsx';
import type { Workbench } from '../workbench.ts';

/** The entries that plugins put into a menu; their commands are given what the menu is about. */
export function pluginMenu({ commands, language }: Workbench, location: MenuLocation, about: JsonObject): MenuEntry[] {
  const { host } = commands;
  return host.menus.entries(location).map(({ command }) => ({
    id: command,
    label: host.commands.get(command)?.title(language.locale()) ?? command,
    disabled: !host.commands.isEnabled(command),
    run: () => commands.run(command, about),
  }));
}
