import Ellipsis from 'lucide-solid/icons/ellipsis';
import { createMemo, createSignal, For, type JSX, Show } from 'solid-js';
import { TextField } from '../controls/field.tsx';
import { MenuButton, type MenuEntry } from '../controls/menu.tsx';
import { pluginMenu } from '../plugins/plugin-menu.ts';
import { Panel, PanelEmpty, PanelHeading } from '../shell/panel.tsx';
import type { ListedAnalysis } from '../state/analyses.ts';
import { useWorkbench } from '../workbench.ts';
import styles from './analyses-panel.module.css';
import { AnalysisIcon } from './analysis-icon.tsx';

const categories = ['segments', 'process', 'value', 'churn', 'satisfaction', 'other'] as const;

/** All analyses that plugins contribute, by category. One opens its form. */
export function AnalysesPanel(): JSX.Element {
  const workbench = useWorkbench();
  const { analyses, language, layout } = workbench;
  const { t } = language;
  const [query, setQuery] = createSignal('');
  const found = createMemo(() => {
    const wanted = query().trim().toLowerCase();
    return analyses
      .list()
      .filter(
        ({ id, title, description }) =>
          wanted === '' ||
          [title, description ?? '', ...Object.values(analyses.titles(id))].some((text) =>
            text.toLowerCase().includes(wanted),
          ),
      );
  });
  const of = (category: ListedAnalysis['category']): readonly ListedAnalysis[] =>
    found().filter((analysis) => analysis.category === category);
  const menuOf = (analysis: string): MenuEntry[] => {
    analyses.plugins();
    return pluginMenu(workbench, 'analysis', { analysis });
  };
  return (
    <Panel title={t('analyses.title')}>
      <div class={styles.search}>
        <TextField
          type="search"
          label={t('analyses.find')}
          hideLabel
          placeholder={t('analyses.find')}
          value={query()}
          onInput={setQuery}
        />
      </div>
      <Show when={found().length === 0}>
        <PanelEmpty>{t('analyses.empty')}</PanelEmpty>
      </Show>
      <For each={categories}>
        {(category) => (
          <Show when={of(category).length > 0}>
            <PanelHeading>{t(`analyses.category.${category}`)}</PanelHeading>
            <ul class={styles.list} aria-label={t(`analyses.category.${category}`)}>
              <For each={of(category)}>
                {(analysis) => (
                  <li>
                    <button
                      type="button"
                      class={styles.item}
                      aria-current={layout.form()?.analysis === analysis.id ? 'true' : undefined}
                      onClick={() => layout.showForm({ analysis: analysis.id })}
                    >
                      <span class={styles.icon}>
                        <AnalysisIcon name={analysis.icon} size={16} />
                      </span>
                      <span class={styles.title}>{analysis.title}</span>
                      <Show when={analysis.description}>
                        <span class={styles.description}>{analysis.description}</span>
                      </Show>
                    </button>
                    <AnalysisMenu entries={menuOf(analysis.id)} title={analysis.title} />
                  </li>
                )}
              </For>
            </ul>
          </Show>
        )}
      </For>
    </Panel>
  );
}

/** What plugins offer to do with an analysis, where one does. */
function AnalysisMenu(props: { entries: readonly MenuEntry[]; title: string }): JSX.Element {
  const { language } = useWorkbench();
  return (
    <Show when={props.entries.length > 0}>
      <MenuButton class={styles.more} label={language.t('plugins.analysisMenu', props.title)} entries={props.entries}>
        <Ellipsis size={16} aria-hidden="true" />
      </MenuButton>
    </Show>
  );
}
