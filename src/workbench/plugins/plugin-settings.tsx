import type { Json, SettingContribution } from '@patron/sdk';
import { createMemo, createSignal, For, type JSX, onCleanup, Show } from 'solid-js';
import { PlatformError, renderPlatformText, type SettingScope, type SettingsSection } from '../../platform/index.ts';
import { CheckboxField, SelectField, TextArea, TextField } from '../controls/field.tsx';
import { PanelHeading } from '../shell/panel.tsx';
import { useWorkbench } from '../workbench.ts';
import styles from './plugins-panel.module.css';

/** The settings that plugins contribute, made from their manifests. */
export function PluginSettings(): JSX.Element {
  const { commands, language } = useWorkbench();
  const { settings } = commands.host;
  const { t, locale } = language;
  const [turn, setTurn] = createSignal(0);
  const listening = [settings.onChange, settings.onSectionsChange].map((listen) =>
    listen(() => setTurn((before) => before + 1)),
  );
  onCleanup(() => {
    for (const one of listening) one.dispose();
  });
  const sections = createMemo(() => {
    turn();
    return settings.sections();
  });
  return (
    <Show when={sections().length > 0}>
      <PanelHeading>{t('plugins.settings')}</PanelHeading>
      <For each={sections()}>
        {(section) => (
          <div class={styles.item}>
            <span class={styles.name}>{section.localize(section.title, locale())}</span>
            <For each={section.properties}>
              {(setting) => <SettingField section={section} setting={setting} turn={turn()} />}
            </For>
          </div>
        )}
      </For>
    </Show>
  );
}

function SettingField(props: { section: SettingsSection; setting: SettingContribution; turn: number }): JSX.Element {
  const { commands, language, session } = useWorkbench();
  const { settings } = commands.host;
  const { t, locale } = language;
  const [error, setError] = createSignal<string>();
  const say = (text: string | undefined): string | undefined =>
    text === undefined ? undefined : props.section.localize(text, locale());
  const scope = (): SettingScope => (props.setting.scope === 'workbook' && session.current() ? 'workbook' : 'user');
  const value = createMemo((): Json => {
    // Read for the change it tells of.
    void props.turn;
    return settings.get(props.setting.id) ?? props.setting.default;
  });
  const set = (next: Json): void => {
    try {
      settings.set(props.setting.id, next, scope());
      setError(undefined);
    } catch (thrown) {
      setError(thrown instanceof PlatformError ? renderPlatformText(thrown.text, locale()) : String(thrown));
    }
  };
  const shared = () => ({
    label: say(props.setting.title) ?? props.setting.id,
    aside: scope() === 'workbook' ? t('plugins.settings.forWorkbook') : undefined,
    hint: say(props.setting.description),
    error: error(),
  });
  const { setting } = props;
  switch (setting.type) {
    case 'boolean':
      return <CheckboxField {...shared()} checked={value() === true} onChange={set} />;
    case 'choice':
      return (
        <SelectField
          {...shared()}
          value={String(value())}
          options={setting.choices.map((choice) => ({ value: choice.value, label: say(choice.title) ?? choice.value }))}
          onChange={set}
        />
      );
    case 'list':
      return (
        <TextArea
          {...shared()}
          value={(value() as readonly string[]).join('\n')}
          onCommit={(text) => set(text.split('\n').filter(Boolean))}
        />
      );
    case 'text':
      return <TextField {...shared()} value={String(value())} onCommit={set} />;
    default:
      return (
        <TextField
          {...shared()}
          inputMode="decimal"
          value={String(value())}
          onCommit={(text) => set(text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text))}
        />
      );
  }
}
