import { formatValue, type HistogramChart, renderText, type Text, type ValueFormat } from '@patron/sdk';
import { createEffect, For, type JSX, onCleanup, onMount } from 'solid-js';
import { type MountedChart, mountChart } from '../../charts/index.ts';
import { countIn } from '../../i18n/index.ts';
import type { ColumnStatistics } from '../../tables/index.ts';
import type { TableColumn } from '../../workbook/index.ts';
import { PanelHeading } from '../shell/panel.tsx';
import { useWorkbench } from '../workbench.ts';
import { figureFormat } from './statistics-lines.ts';
import styles from './statistics-panel.module.css';

const DAY = 86_400_000;

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
  /** Times that spread over weeks are told by their days. */
  const byDay = (): boolean => {
    const { edges } = props.histogram;
    return props.column.type === 'timestamp' && edges[edges.length - 1] - edges[0] > 2 * edges.length * DAY;
  };
  const format = (): ValueFormat => (byDay() ? 'date' : figureFormat(props.column));
  const edges = (): number[] => props.histogram.edges.map((edge) => (byDay() ? edge / DAY : edge));
  const spec = (): HistogramChart => ({
    kind: 'histogram',
    id: 'statistics',
    title: t('statistics.histogram', props.title),
    edges: edges(),
    counts: props.histogram.counts,
    x: { format: format() },
    y: { format: 'integer' },
  });
  const look = () => ({
    theme: theme.theme(),
    locale: locale(),
    render: (text: Text) => renderText(text, {}, locale()),
  });
  const edge = (value: number): string => formatValue(value, format(), locale());
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
                    <td>{`${edge(edges()[bar()])} – ${edge(edges()[bar() + 1])}`}</td>
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
