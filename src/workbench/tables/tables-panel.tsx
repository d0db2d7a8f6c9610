import ChartColumn from 'lucide-solid/icons/chart-column';
import Ellipsis from 'lucide-solid/icons/ellipsis';
import Plus from 'lucide-solid/icons/plus';
import Table2 from 'lucide-solid/icons/table-2';
import { For, type JSX, Show } from 'solid-js';
import type { RunRecord } from '../../analysis/index.ts';
import { bytesIn, countIn } from '../../i18n/index.ts';
import type { TableMeta } from '../../tables/index.ts';
import { deleteResult, openResult, rerunResult, resultName } from '../actions/result-actions.ts';
import { deleteTable, openTable, renameTable, showRejects } from '../actions/table-actions.ts';
import { Button, IconButton } from '../controls/button.tsx';
import { MenuButton } from '../controls/menu.tsx';
import { ProgressBar } from '../controls/progress.tsx';
import { exportTableAs, type TableFileFormat } from '../files/export-table.ts';
import { pluginMenu } from '../plugins/plugin-menu.ts';
import { Panel, PanelEmpty, PanelHeading } from '../shell/panel.tsx';
import { useWorkbench } from '../workbench.ts';
import styles from './tables-panel.module.css';

const exports = [
  ['csv', 'tables.export'],
  ['xlsx', 'tables.exportXlsx'],
  ['parquet', 'tables.exportParquet'],
  ['arrow', 'tables.exportArrow'],
  ['json-lines', 'tables.exportJson'],
] as const satisfies readonly (readonly [TableFileFormat, string])[];

/** The tables of the workbook and the results of its analyses. */
export function TablesPanel(): JSX.Element {
  const { importDialog, imports, language, runs, tables } = useWorkbench();
  const { t } = language;
  return (
    <Panel
      title={t('tables.title')}
      actions={
        <IconButton label={t('tables.import')} onClick={() => importDialog.show()}>
          <Plus size={17} aria-hidden="true" />
        </IconButton>
      }
    >
      <Show when={!importDialog.open() && imports.active()}>
        {(job) => (
          <div class={styles.progress}>
            <ProgressBar
              label={job().title()}
              text={job().title()}
              share={job().share()}
              cancelLabel={t('common.cancel')}
              onCancel={() => job().cancel()}
            />
          </div>
        )}
      </Show>
      <Show
        when={tables.list().length > 0}
        fallback={
          <Show when={!imports.active()}>
            <PanelEmpty title={t('tables.empty')}>
              <span>{t('tables.emptyText')}</span>
              <Button variant="primary" onClick={() => importDialog.show()}>
                {t('tables.import')}
              </Button>
            </PanelEmpty>
          </Show>
        }
      >
        <ul class={styles.list} aria-label={t('tables.list')}>
          <For each={tables.list()}>{(table) => <TableRow table={table} />}</For>
        </ul>
      </Show>
      <PanelHeading>{t('results.title')}</PanelHeading>
      <Show when={runs.list().length > 0} fallback={<p class={styles.quiet}>{t('results.empty')}</p>}>
        <ul class={styles.list} aria-label={t('results.list')}>
          <For each={runs.list()}>{({ record, stale }) => <ResultRow record={record} stale={stale} />}</For>
        </ul>
      </Show>
    </Panel>
  );
}

function TableRow(props: { table: TableMeta }): JSX.Element {
  const workbench = useWorkbench();
  const { t, locale } = workbench.language;
  const active = (): boolean =>
    (workbench.session.activeSheet()?.source as { table?: string } | undefined)?.table === props.table.id;
  return (
    <li>
      <div class={styles.row} data-active={active() ? '' : undefined}>
        <button
          type="button"
          class={styles.open}
          title={props.table.name}
          onClick={() => void openTable(workbench, props.table.id)}
        >
          <span class={styles.icon}>
            <Table2 size={15} aria-hidden="true" />
          </span>
          <span class={styles.name}>{props.table.name}</span>
          <span class={styles.count}>{countIn(locale(), props.table.rows)}</span>
          <span class={styles.detail}>
            {t('tables.size', props.table.columns.length, bytesIn(locale(), props.table.bytes))}
          </span>
        </button>
        <MenuButton
          class={styles.more}
          label={t('tables.actions', props.table.name)}
          title={t('common.more')}
          entries={[
            { id: 'open', label: t('tables.open'), run: () => void openTable(workbench, props.table.id) },
            { id: 'shape', label: t('shape.open'), run: () => workbench.shape.show(props.table.id) },
            { id: 'update', label: t('shape.task.merge'), run: () => workbench.shape.show(props.table.id, 'merge') },
            ...(props.table.rejects > 0
              ? [
                  {
                    id: 'rejects',
                    label: t('tables.showRejects'),
                    run: () => void showRejects(workbench, props.table.id),
                  },
                  {
                    id: 'fix',
                    label: t('shape.task.rejects'),
                    run: () => workbench.shape.show(props.table.id, 'rejects'),
                  },
                ]
              : []),
            ...exports.map(([format, key]) => ({
              id: `export-${format}`,
              label: t(key),
              run: () => void exportTableAs(workbench, props.table.id, props.table.name, format),
            })),
            ...pluginMenu(workbench, 'table', { table: props.table.name }),
            { id: 'rename', label: t('common.rename'), run: () => renameTable(workbench, props.table.id) },
            {
              id: 'delete',
              label: t('common.delete'),
              danger: true,
              run: () => deleteTable(workbench, props.table.id),
            },
          ]}
        >
          <Ellipsis size={16} aria-hidden="true" />
        </MenuButton>
      </div>
      <Show when={props.table.rejects > 0}>
        <button type="button" class={styles.rejects} onClick={() => void showRejects(workbench, props.table.id)}>
          {t('tables.rejects', props.table.rejects)}
        </button>
      </Show>
    </li>
  );
}

function ResultRow(props: { record: RunRecord; stale: boolean }): JSX.Element {
  const workbench = useWorkbench();
  const { t, locale } = workbench.language;
  const name = (): string => resultName(workbench, props.record);
  const when = (): string =>
    new Intl.DateTimeFormat(locale(), { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' }).format(
      props.record.startedAt,
    );
  return (
    <li>
      <div
        class={styles.row}
        data-active={workbench.session.activeSheet()?.reportId === props.record.id ? '' : undefined}
      >
        <button
          type="button"
          class={styles.open}
          title={name()}
          onClick={() => void openResult(workbench, props.record.id)}
        >
          <span class={styles.icon}>
            <ChartColumn size={15} aria-hidden="true" />
          </span>
          <span class={styles.name}>{name()}</span>
          <Show when={props.stale} fallback={<span />}>
            <span class={styles.stale} title={t('results.staleTip')}>
              {t('results.stale')}
            </span>
          </Show>
          <span
            class={styles.detail}
          >{`${props.record.tables.map((table) => table.name).join(', ')} · ${when()}`}</span>
        </button>
        <MenuButton
          class={styles.more}
          label={t('results.actions', name())}
          title={t('common.more')}
          entries={[
            { id: 'open', label: t('results.open'), run: () => void openResult(workbench, props.record.id) },
            { id: 'rerun', label: t('results.rerun'), run: () => rerunResult(workbench, props.record.id) },
            {
              id: 'edit',
              label: t('results.edit'),
              run: () =>
                workbench.layout.showForm({ analysis: props.record.request.analysis, result: props.record.id }),
            },
            ...pluginMenu(workbench, 'result', { result: props.record.id, analysis: props.record.request.analysis }),
            {
              id: 'delete',
              label: t('common.delete'),
              danger: true,
              run: () => deleteResult(workbench, props.record.id),
            },
          ]}
        >
          <Ellipsis size={16} aria-hidden="true" />
        </MenuButton>
      </div>
    </li>
  );
}
