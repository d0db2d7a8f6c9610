import type { PointName } from './contribution-point.ts';
import type { ItemOf } from './contribution-points.ts';
import type { Contributed } from './contribution-registry.ts';
import { type Disposable, DisposableStore } from './disposable.ts';
import type { PluginHost } from './plugin-host.ts';

/** Brings what plugins contribute into the registries of commands, keys, menus and settings, and takes it out again. */
export function connectContributions(host: PluginHost): Disposable {
  const store = new DisposableStore();
  store.add(
    each(host, 'commands', ({ pluginId, item }) => {
      const { texts } = host.plugin(pluginId);
      const { category } = item;
      const metadata = {
        title: (locale: string) => texts.manifestText(item.title, locale),
        category: category === undefined ? undefined : (locale: string) => texts.manifestText(category, locale),
        icon: item.icon,
        enablement: item.enablement,
        pluginId,
      };
      return host.commands.register(item.id, metadata, (argument) => host.runCommand(pluginId, item.id, argument));
    }),
  );
  store.add(each(host, 'keybindings', ({ pluginId, item }) => host.keybindings.register(item, pluginId)));
  store.add(each(host, 'menus', ({ item }) => host.menus.register(item)));
  store.add(
    each(host, 'configuration', ({ pluginId, item }) => {
      const { texts } = host.plugin(pluginId);
      return host.settings.register({
        ...item,
        pluginId,
        localize: (text, locale) => texts.manifestText(text, locale),
      });
    }),
  );
  return store;
}

/** Registers each item of a point when it comes, and disposes that registration when it goes. */
function each<Name extends PointName>(
  host: PluginHost,
  name: Name,
  register: (contributed: Contributed<ItemOf<Name>>) => Disposable,
): Disposable {
  const registered = new Map<Contributed<ItemOf<Name>>, Disposable>();
  const store = new DisposableStore();
  store.add(
    host.contributions.handle(name, (_all, { added, removed }) => {
      for (const one of removed) {
        registered.get(one)?.dispose();
        registered.delete(one);
      }
      for (const one of added) registered.set(one, register(one));
    }),
  );
  store.defer(() => {
    for (const registration of registered.values()) registration.dispose();
  });
  return store;
}
