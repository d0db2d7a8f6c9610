import { Progress } from '@ark-ui/solid/progress';
import { type JSX, onMount, Show } from 'solid-js';
import { bytesIn, type Locale, localeNames, locales } from '../../i18n/index.ts';
import { Button } from '../controls/button.tsx';
import { SelectField } from '../controls/field.tsx';
import { EngineField } from '../plugins/engine-field.tsx';
import { KeybindingEditor } from '../plugins/keybinding-editor.tsx';
import { PluginSettings } from '../plugins/plugin-settings.tsx';
import { Panel, PanelHeading } from '../shell/panel.tsx';
import { type ThemeChoice, themeChoices } from '../theme/theme.ts';
import { useWorkbench } from '../workbench.ts';
import styles from './settings-panel.module.css';
import { TimeZoneField } from './time-zone-field.tsx';

/** Language, theme, the workbook's time zone, storage, and the keys. */
export function SettingsPanel(): JSX.Element {
  const { commands, language, theme, session, storage } = useWorkbench();
  const { t, locale } = language;
  onMount(() => void storage.refresh());
  return (
    <Panel title={t('settings.title')}>
      <PanelHeading>{t('settings.appearance')}</PanelHeading>
      <div class={styles.section}>
        <SelectField
          label={t('settings.language')}
          value={locale()}
          options={locales.map((each) => ({ value: each, label: localeNames[each] }))}
          onChange={(chosen) => language.choose(chosen as Locale)}
        />
        <SelectField
          label={t('settings.theme')}
          value={theme.choice()}
          options={themeChoices.map((each) => ({ value: each, label: t(`theme.${each}`) }))}
          onChange={(chosen) => theme.choose(chosen as ThemeChoice)}
        />
      </div>
      <PanelHeading>{t('settings.workbook')}</PanelHeading>
      <div class={styles.section}>
        <Show when={session.current()} fallback={<span class={styles.quiet}>{t('settings.workbookNone')}</span>}>
          <TimeZoneField />
        </Show>
      </div>
      <PanelHeading>{t('settings.storage')}</PanelHeading>
      <div class={styles.section}>
        <Show when={storage.usage()} fallback={<span class={styles.quiet}>{t('settings.storageWorking')}</span>}>
          {(usage) => (
            <>
              <Progress.Root value={usage().used} max={Math.max(1, usage().quota)}>
                <Progress.Track class={styles.meter} aria-label={t('settings.storageLabel')}>
                  <Progress.Range />
                </Progress.Track>
              </Progress.Root>
              <span>
                {t('settings.storageUsed', bytesIn(locale(), usage().used), bytesIn(locale(), usage().quota))}
              </span>
              <Show
                when={usage().persisted}
                fallback={
                  <>
                    <span class={styles.warning}>{t('settings.notPersistent')}</span>
                    <div>
                      <Button onClick={() => commands.run('settings.persist')}>{t('settings.persist')}</Button>
                    </div>
                    <Show when={storage.refused()}>
                      <span class={styles.quiet} role="status">
                        {t('settings.persistRefused')}
                      </span>
                    </Show>
                  </>
                }
              >
                <span class={styles.quiet}>{t('settings.persistent')}</span>
              </Show>
            </>
          )}
        </Show>
      </div>
      <EngineField />
      <PluginSettings />
      <PanelHeading>{t('settings.keys')}</PanelHeading>
      <div class={styles.section}>
        <KeybindingEditor />
      </div>
    </Panel>
  );
}
