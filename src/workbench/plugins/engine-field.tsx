import { createMemo, createSignal, type JSX, onCleanup, Show } from 'solid-js';
import { SelectField } from '../controls/field.tsx';
import { readPreference, writePreference } from '../preferences.ts';
import { PanelHeading } from '../shell/panel.tsx';
import { useWorkbench } from '../workbench.ts';
import styles from './plugins-panel.module.css';

/** Which engine works reductions out: this machine's own kernels, or one that a plugin brings. Absent where none does. */
export function EngineField(): JSX.Element {
  const { commands, language } = useWorkbench();
  const { host } = commands;
  const { t, locale } = language;
  const [chosen, setChosen] = createSignal(readPreference('engine') ?? '');
  const [turn, setTurn] = createSignal(0);
  const listening = host.contributions.handle('engines', () => setTurn((before) => before + 1));
  onCleanup(() => listening.dispose());
  const engines = createMemo(() => {
    turn();
    return host.contributions.all('engines').map(({ pluginId, item }) => ({
      value: item.id,
      label: host.plugin(pluginId).texts.manifestText(item.title, locale()),
    }));
  });
  const choose = (id: string): void => {
    setChosen(id);
    host.engine.choose(id === '' ? undefined : id);
    writePreference('engine', id === '' ? null : id);
  };
  return (
    <Show when={engines().length > 0}>
      <PanelHeading>{t('plugins.engine.heading')}</PanelHeading>
      <div class={styles.engine}>
        <SelectField
          label={t('plugins.engine.label')}
          hint={t('plugins.engine.hint')}
          value={engines().some(({ value }) => value === chosen()) ? chosen() : ''}
          options={[{ value: '', label: t('plugins.engine.own') }, ...engines()]}
          onChange={choose}
        />
      </div>
    </Show>
  );
}
