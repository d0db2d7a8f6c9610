import type { ChartSpec } from '@patron/sdk';
import type { EChartsType } from 'echarts/core';
import type { ChartOptions } from './chart-context.ts';
import { chartOption } from './chart-option.ts';
import { chartSummary } from './chart-summary.ts';

/** A chart in an element. */
export interface MountedChart {
  /** Resolves when the chart is drawn for the first time, rejects when it cannot be. */
  readonly ready: Promise<void>;
  /** Draws other data, another language or another theme. */
  update(spec: ChartSpec, options: ChartOptions): void;
  /** The element changed its size. */
  resize(): void;
  /** The picture as PNG (or SVG) in a data address; undefined while it is not drawn. */
  toDataURL(): string | undefined;
  dispose(): void;
}

/**
 * Draws `spec` in `element`. The drawing library is loaded at the first chart. The element becomes an image to assistive
 * technology, with the summary as its name.
 */
export function mountChart(element: HTMLElement, spec: ChartSpec, options: ChartOptions): MountedChart {
  let current = { spec, options };
  let drawn: EChartsType | undefined;
  let disposed = false;

  const draw = (): void => {
    element.setAttribute('role', 'img');
    element.setAttribute('aria-label', chartSummary(current.spec, current.options));
    const { clientWidth, clientHeight } = element;
    if (!drawn || clientWidth === 0 || clientHeight === 0) return;
    drawn.resize({ width: clientWidth, height: clientHeight, silent: true });
    drawn.setOption(chartOption(current.spec, current.options, clientWidth, clientHeight), { notMerge: true });
    // The library names the element from its own catalogue; the summary is the better name.
    element.setAttribute('aria-label', chartSummary(current.spec, current.options));
  };
  const ready = import('./echarts-runtime.ts').then(({ initialise }) => {
    if (disposed) return;
    const size = { width: element.clientWidth || 1, height: element.clientHeight || 1 };
    drawn = initialise(element, null, { renderer: current.options.renderer ?? 'canvas', ...size });
    draw();
  });
  draw();

  return {
    ready,
    update(nextSpec, nextOptions) {
      current = { spec: nextSpec, options: nextOptions };
      draw();
    },
    resize: draw,
    toDataURL: () => drawn?.getDataURL({ pixelRatio: 2, backgroundColor: 'transparent' }),
    dispose() {
      disposed = true;
      drawn?.dispose();
      drawn = undefined;
    },
  };
}
