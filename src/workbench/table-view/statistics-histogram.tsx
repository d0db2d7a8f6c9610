import { formatValue, type HistogramChart, renderText, type Text } from '@patron/sdk';
import { createEffect, For, type JSX, onCleanup, onMount } from 'solid-js';
import { type MountedChart, mountChart } from '../../charts/index.ts';
import { countIn } from '../../i18n/index.ts';
import type { ColumnStatistics } from '../../tables/index.ts';
import type { TableColumn } from '../../workbook/index.ts';
import { PanelHeading } from '../shell/panel.tsx';
import { useWorkbench } from '../workbench.ts';
import { figureFormat } from './statistics-lines.ts';
import styles from './statistics-panel.module.css';

/** How the values of a column spread: the picture, and its table below. */
export function StatisticsHistogram(props: {
  title: string;
  column: TableColumn;
  histogram: NonNullable<ColumnStatistics['histogram']>;
}): JSX.Element {
  const { language, theme } = useWorkbench();
  const { t, locale } = language;
  let frame: HTMLDivElement | undefined;
  let chart: MountedChart | undefined;
  const spec = (): HistogramChart => ({
    kind: 'histogram',
    id: 'statistics',
    title: t('statistics.histogram', props.title),
    edges: props.histogram.edges,
    counts: props.histogram.counts,
    x: { format: figureFormat(props.column) },
    y: { format: 'integer' },
  });
  const look = () => ({
    theme: theme.theme(),
    locale: locale(),
    render: (text: Text) => renderText(text, {}, locale()),
  });
  const edge = (value: number): string => formatValue(value, figureFormat(props.column), locale());
  onMount(() => {
    if (!frame) return;
    chart = mountChart(frame, spec(), look());
    const sizes = new ResizeObserver(() => chart?.resize());
    sizes.observe(frame);
    onCleanup(() => {
      sizes.disconnect();
      chart?.dispose();
    });
  });
  createEffect(() => {
    const next = { spec: spec(), look: look() };
    chart?.update(next.spec, next.look);
  });
  return (
    <>
      <PanelHeading>{t('statistics.distribution')}</PanelHeading>
      <div class={styles.section}>
        <div
          class={styles.chart}
          ref={(element) => {
            frame = element;
          }}
        />
        <section class={styles.scroll} tabindex="0" aria-label={t('statistics.histogram', props.title)}>
          <table class={styles.top}>
            <thead>
              <tr>
                <th scope="col">{t('statistics.range')}</th>
                <th scope="col">{t('statistics.rows')}</th>
              </tr>
            </thead>
            <tbody>
              <For each={props.histogram.counts}>
                {(count, bar) => (
                  <tr>
                    <td>{`${edge(props.histogram.edges[bar()])} – ${edge(props.histogram.edges[bar() + 1])}`}</td>
                    <td>{countIn(locale(), count)}</td>
                  </tr>
                )}
              </For>
            </tbody>
          </table>
        </section>
      </div>
    </>
  );
}
