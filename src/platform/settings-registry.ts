import type { ConfigurationContribution, Json, JsonObject, SettingContribution } from '@patron/sdk';
import { checkSetting } from './check-setting.ts';
import { type Disposable, toDisposable } from './disposable.ts';
import { Emitter } from './emitter.ts';
import { PlatformError } from './errors.ts';
import { platformText } from './texts.ts';

/** `user`: for all workbooks; `workbook`: for the one that is open, over the user's. */
export type SettingScope = 'user' | 'workbook';

/** A section of the settings page: of a plugin, or of the app where it has no `pluginId`. */
export interface SettingsSection extends ConfigurationContribution {
  readonly pluginId?: string;
  /** Looks up the `%key%` texts of the section. */
  readonly localize: (text: string, locale: string) => string;
}

export interface SettingChange {
  readonly id: string;
  readonly scope: SettingScope;
}

/**
 * Every setting: what it is, and its value. Values of settings that no plugin declares now are kept, so that they are there
 * again when the plugin is. Whoever owns the storage gives the values with `load` and keeps them on `onChange`.
 */
export class SettingsRegistry {
  readonly #sections: SettingsSection[] = [];
  readonly #byId = new Map<string, SettingContribution>();
  readonly #values: Record<SettingScope, Record<string, Json>> = { user: {}, workbook: {} };
  readonly #changed = new Emitter<SettingChange>();
  readonly #sectionsChanged = new Emitter<void>();
  readonly onChange = this.#changed.event;
  readonly onSectionsChange = this.#sectionsChanged.event;

  register(section: SettingsSection): Disposable {
    this.#sections.push(section);
    for (const setting of section.properties) this.#byId.set(setting.id, setting);
    this.#sectionsChanged.fire();
    return toDisposable(() => {
      this.#sections.splice(this.#sections.indexOf(section), 1);
      for (const { id } of section.properties) this.#byId.delete(id);
      this.#sectionsChanged.fire();
    });
  }

  sections(): readonly SettingsSection[] {
    return [...this.#sections];
  }

  /** The values set in a scope, defaults left out: what storage keeps. */
  values(scope: SettingScope): JsonObject {
    return { ...this.#values[scope] };
  }

  /** Puts stored values in place, e.g. when a workbook opens. */
  load(scope: SettingScope, values: JsonObject): void {
    const changed = new Set([...Object.keys(this.#values[scope]), ...Object.keys(values)]);
    this.#values[scope] = { ...values };
    for (const id of changed) this.#changed.fire({ id, scope });
  }

  /** The value in force: the workbook's, else the user's, else the default. A stored value that does not fit is passed over. */
  get(id: string): Json | undefined {
    const setting = this.#byId.get(id);
    if (!setting) return undefined;
    const scopes: SettingScope[] = setting.scope === 'workbook' ? ['workbook', 'user'] : ['user'];
    for (const scope of scopes) {
      const value = Object.hasOwn(this.#values[scope], id) ? this.#values[scope][id] : undefined;
      if (value !== undefined && checkSetting(setting, value) === undefined) return value;
    }
    return setting.default;
  }

  /** Sets a value, or with `undefined` goes back to what is beneath. @throws PlatformError where the value does not fit. */
  set(id: string, value: Json | undefined, scope: SettingScope = 'user'): void {
    const setting = this.#byId.get(id);
    const problem = setting && value !== undefined ? checkSetting(setting, value) : undefined;
    if (problem) throw new PlatformError(platformText('platform.atPath', { path: id, problem }));
    if (value === undefined) delete this.#values[scope][id];
    else this.#values[scope][id] = value;
    this.#changed.fire({ id, scope });
  }

  /** All settings of one plugin with their values in force. */
  ofPlugin(pluginId: string): JsonObject {
    const own = this.#sections.filter((section) => section.pluginId === pluginId);
    const entries = own.flatMap(({ properties }) => properties.map(({ id }) => [id, this.get(id) ?? null] as const));
    return Object.fromEntries(entries);
  }
}
