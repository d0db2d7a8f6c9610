import ChartSpline from 'lucide-solid/icons/chart-spline';
import House from 'lucide-solid/icons/house';
import Puzzle from 'lucide-solid/icons/puzzle';
import Search from 'lucide-solid/icons/search';
import Settings from 'lucide-solid/icons/settings';
import Table2 from 'lucide-solid/icons/table-2';
import { For, type JSX } from 'solid-js';
import { Dynamic } from 'solid-js/web';
import { type View, views } from '../layout.ts';
import { useWorkbench } from '../workbench.ts';
import styles from './activity-bar.module.css';

const icons = { tables: Table2, analyses: ChartSpline, plugins: Puzzle, settings: Settings };

/** The narrow bar at the left edge: one button a view. The button of the open view closes it. */
export function ActivityBar(): JSX.Element {
  const { commands, language, layout } = useWorkbench();
  const { t } = language;
  const shown = (view: View): boolean => layout.panelOpen() && layout.view() === view;
  return (
    <nav class={styles.bar} aria-label={t('activity.label')}>
      <For each={views}>
        {(view) => (
          <button
            type="button"
            class={styles.item}
            classList={{ [styles.last]: view === 'settings' }}
            aria-pressed={shown(view)}
            aria-label={t(`activity.${view}`)}
            title={t(`activity.${view}`)}
            onClick={() => (shown(view) ? layout.togglePanel() : layout.showView(view))}
          >
            <Dynamic component={icons[view]} size={21} stroke-width={1.7} aria-hidden="true" />
          </button>
        )}
      </For>
      <button
        type="button"
        class={styles.item}
        style={{ order: 1 }}
        aria-label={t('palette.title')}
        title={`${t('palette.title')} (${commands.keysOf('workbench.palette') ?? 'F1'})`}
        onClick={() => commands.run('workbench.palette')}
      >
        <Search size={20} stroke-width={1.7} aria-hidden="true" />
      </button>
      <button
        type="button"
        class={`${styles.item} ${styles.home}`}
        aria-label={t('command.home')}
        title={t('command.home')}
        onClick={() => commands.run('workbook.home')}
      >
        <House size={20} stroke-width={1.7} aria-hidden="true" />
      </button>
    </nav>
  );
}
