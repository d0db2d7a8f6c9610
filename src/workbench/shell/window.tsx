import { type JSX, Match, Show, Switch } from 'solid-js';
import { AnalysesPanel } from '../analyses/analyses-panel.tsx';
import { NameDialog } from '../controls/name-dialog.tsx';
import { DropTarget } from '../files/drop-target.tsx';
import { FileProgress } from '../files/file-status.tsx';
import { ReadOnlyBanner } from '../files/read-only-banner.tsx';
import { AnalysisForm } from '../form/analysis-form.tsx';
import { ImportDialog } from '../import/import-dialog.tsx';
import { NotificationCenter } from '../notifications/notification-center.tsx';
import { type ToastQueue, Toasts } from '../notifications/toasts.tsx';
import { Palette } from '../palette/palette.tsx';
import { PluginsPanel } from '../plugins/plugins-panel.tsx';
import { SettingsPanel } from '../settings/settings-panel.tsx';
import { ShapeDialog } from '../shape/shape-dialog.tsx';
import { ColumnMenu } from '../table-view/column-menu.tsx';
import { StatisticsPanel } from '../table-view/statistics-panel.tsx';
import { TableViewBar } from '../table-view/table-view-bar.tsx';
import { TablesPanel } from '../tables/tables-panel.tsx';
import { Welcome } from '../welcome/welcome.tsx';
import { useWorkbench } from '../workbench.ts';
import { ActivityBar } from './activity-bar.tsx';
import { ResizeHandle } from './resize-handle.tsx';
import { StatusBar } from './status-bar.tsx';
import styles from './window.module.css';

/** The whole window: activity bar, panel, sheets, form, status bar; over them the dialogs, the palette and the notices. */
export function WorkbenchWindow(props: { toasts: ToastQueue }): JSX.Element {
  const { analyses, layout, session, language, notifications } = useWorkbench();
  const { t } = language;
  const form = () => {
    const target = layout.form();
    const analysis = target && session.current() ? analyses.find(target.analysis) : undefined;
    return analysis && { analysis, result: target?.result, parameters: target?.parameters };
  };
  const panelOpen = (): boolean => layout.panelOpen() && session.current() !== null;
  return (
    <div class={styles.window}>
      <Show when={session.current()}>
        <button type="button" class={styles.skip} onClick={() => session.host().focus()}>
          {t('app.skip')}
        </button>
      </Show>
      <ReadOnlyBanner />
      <div class={styles.main}>
        <Show when={session.current()}>
          <ActivityBar />
        </Show>
        <div class={styles.splitter}>
          <Show when={panelOpen()}>
            <div class={styles.side} data-takes-paste style={{ width: `${layout.panelWidth()}px`, flex: 'none' }}>
              <Switch>
                <Match when={layout.view() === 'tables'}>
                  <TablesPanel />
                </Match>
                <Match when={layout.view() === 'analyses'}>
                  <AnalysesPanel />
                </Match>
                <Match when={layout.view() === 'plugins'}>
                  <PluginsPanel />
                </Match>
                <Match when={layout.view() === 'settings'}>
                  <SettingsPanel />
                </Match>
              </Switch>
            </div>
          </Show>
          <main id="sheets" class={styles.sheets} aria-label={t('workbook.area')}>
            <Show when={session.current()}>
              <h1 class="visually-hidden">{session.current()?.name}</h1>
            </Show>
            <Show when={panelOpen()}>
              <ResizeHandle
                label={t('panel.resize')}
                side="left"
                width={layout.panelWidth()}
                minimum={200}
                maximum={480}
                onResize={(width) => layout.resize(width, null)}
              />
            </Show>
            <Show when={form()}>
              <ResizeHandle
                label={t('panel.resizeForm')}
                side="right"
                width={layout.formWidth()}
                minimum={280}
                maximum={560}
                onResize={(width) => layout.resize(null, width)}
              />
            </Show>
            <TableViewBar />
            <div class={styles.univer} data-sheets ref={(element) => session.attach(element)} />
            <Show when={session.opening()}>
              <div class={styles.opening} role="status">
                {t('boot.loading')}
              </div>
            </Show>
            <Show when={!session.current() && !session.opening()}>
              <Welcome />
            </Show>
          </main>
          <Show when={!form()}>
            <StatisticsPanel />
          </Show>
          <Show when={form()}>
            {(target) => (
              <aside
                class={styles.side}
                style={{ width: `${layout.formWidth()}px`, flex: 'none' }}
                aria-label={target().analysis.title}
              >
                <AnalysisForm analysis={target().analysis} result={target().result} parameters={target().parameters} />
              </aside>
            )}
          </Show>
        </div>
      </div>
      <StatusBar />
      <ImportDialog />
      <FileProgress />
      <DropTarget />
      <ShapeDialog />
      <ColumnMenu />
      <NameDialog />
      <Palette />
      <NotificationCenter />
      <Toasts
        queue={props.toasts}
        notifications={notifications}
        clear={form() ? layout.formWidth() : 0}
        hidden={layout.notificationsOpen()}
      />
    </div>
  );
}
