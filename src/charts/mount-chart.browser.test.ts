import { type ChartSpec, renderText, type Text } from '@patron/sdk';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type MountedChart, mountChart, type ThemeName } from './index.ts';
import { sampleCharts } from './sample-charts.ts';

const render = (text: Text): string => renderText(text, {}, 'en-US');
const mounted: MountedChart[] = [];

async function drawn(spec: ChartSpec, theme: ThemeName, width = 720, height = 380) {
  const element = document.body.appendChild(document.createElement('div'));
  element.style.cssText = `width:${width}px;height:${height}px`;
  const chart = mountChart(element, spec, { theme, locale: 'en-US', render });
  mounted.push(chart);
  await chart.ready;
  return { element, chart };
}

/** How many colours a picture has, on a coarse grid of points. */
function colours(element: HTMLElement): number {
  const canvas = element.querySelector('canvas');
  const context = canvas?.getContext('2d');
  if (!canvas || !context) return 0;
  const seen = new Set<number>();
  const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
  for (let at = 0; at < data.length; at += 4 * 3) seen.add((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
  return seen.size;
}

afterEach(() => {
  for (const chart of mounted.splice(0)) chart.dispose();
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

describe('charts on screen', () => {
  for (const [name, spec] of Object.entries(sampleCharts)) {
    for (const theme of ['light', 'dark'] as const) {
      it(`draws the ${name} chart on a ${theme} ground without complaint`, async () => {
        const complaints = [vi.spyOn(console, 'error'), vi.spyOn(console, 'warn')];
        const { element } = await drawn(spec, theme);
        expect(colours(element)).toBeGreaterThan(12);
        expect(element.getAttribute('role')).toBe('img');
        expect(element.getAttribute('aria-label')).toContain(spec.title);
        for (const complaint of complaints) expect(complaint).not.toHaveBeenCalled();
      });
    }
  }

  it('draws empty data of every kind without an error', async () => {
    const errors = vi.spyOn(console, 'error');
    const empty: ChartSpec[] = [
      { ...sampleCharts.bar, categories: [], series: [] },
      { ...sampleCharts.line, xValues: [], series: [] },
      { ...sampleCharts.heatMap, columns: [], rows: [], cells: [] },
      { ...sampleCharts.funnel, steps: [], series: [] },
      { ...sampleCharts.sankey, nodes: [], links: [] },
      { ...sampleCharts.histogram, edges: [], counts: [] },
      { ...sampleCharts.box, categories: [], boxes: [] },
      { ...sampleCharts.scatter, points: [] },
      { ...sampleCharts.treeMap, items: [] },
    ];
    for (const spec of empty) await drawn(spec, 'light');
    expect(errors).not.toHaveBeenCalled();
  });

  it('draws missing points as gaps', async () => {
    const errors = vi.spyOn(console, 'error');
    await drawn({ ...sampleCharts.bar, series: [{ name: 'NPS', values: [null, 3, null, 4] }] }, 'light');
    await drawn({ ...sampleCharts.funnel, series: [{ name: 'n', values: [10, null, 4, null, 1] }] }, 'light');
    await drawn({ ...sampleCharts.line, series: [{ name: 'n', values: [null, 1, null, null] }] }, 'light');
    expect(errors).not.toHaveBeenCalled();
  });

  it('takes another theme and size, and gives its picture', async () => {
    const { element, chart } = await drawn(sampleCharts.bar, 'light');
    element.style.width = '400px';
    chart.resize();
    chart.update(sampleCharts.funnel, { theme: 'dark', locale: 'zh-CN', render });
    expect(element.querySelector('canvas')?.clientWidth).toBe(400);
    expect(element.getAttribute('aria-label')).toContain('From visit to purchase');
    expect(chart.toDataURL()).toMatch(/^data:image\/png/);
  });

  it('shows markup from the data as text, never as a page', async () => {
    const { element } = await drawn(
      { ...sampleCharts.bar, categories: ['<img src=x onerror=alert(1)>', 'b', 'c', 'd'] },
      'light',
    );
    element
      .querySelector('canvas')
      ?.dispatchEvent(new MouseEvent('mousemove', { clientX: 200, clientY: 200, bubbles: true }));
    expect(element.querySelector('img')).toBeNull();
  });
});
