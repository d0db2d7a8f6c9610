import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { PluginSource } from '../installed-plugin.ts';
import type { Catalogues } from '../plugin-texts.ts';
import type { PermissionKey } from './permissions.ts';

/** A plugin as it is kept in this browser. */
export interface StoredPlugin {
  readonly id: string;
  readonly manifest: unknown;
  readonly bundle?: string;
  readonly catalogues: Catalogues;
  readonly source: Exclude<PluginSource, 'built-in'>;
  /** Where it came from, for a plugin from an address or a catalogue. */
  readonly address?: string;
  readonly accepted: readonly PermissionKey[];
  readonly enabled: boolean;
}

interface PluginSchema extends DBSchema {
  plugins: { key: string; value: StoredPlugin };
  /** Built-in plugins that are switched off. */
  disabled: { key: string; value: true };
}

/** Keeps installed plugins in IndexedDB, apart from the user's data. */
export class PluginStore {
  readonly #database: Promise<IDBPDatabase<PluginSchema>>;

  constructor(name = 'patron-plugins') {
    this.#database = openDB<PluginSchema>(name, 1, {
      upgrade(database) {
        database.createObjectStore('plugins', { keyPath: 'id' });
        database.createObjectStore('disabled');
      },
    });
  }

  async all(): Promise<StoredPlugin[]> {
    return (await this.#database).getAll('plugins');
  }

  async put(plugin: StoredPlugin): Promise<void> {
    await (await this.#database).put('plugins', plugin);
  }

  async delete(id: string): Promise<void> {
    await (await this.#database).delete('plugins', id);
  }

  async disabledBuiltIns(): Promise<string[]> {
    return (await this.#database).getAllKeys('disabled');
  }

  async setBuiltInDisabled(id: string, disabled: boolean): Promise<void> {
    const database = await this.#database;
    if (disabled) await database.put('disabled', true, id);
    else await database.delete('disabled', id);
  }

  async close(): Promise<void> {
    (await this.#database).close();
  }
}
