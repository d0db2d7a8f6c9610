import { renderText } from '@patron/sdk';
import { describe, expect, it } from 'vitest';
import { chartOption, chartSummary, chartTable } from './index.ts';
import { sampleCharts } from './sample-charts.ts';

const reader = { locale: 'en-US', render: (text: Parameters<typeof renderText>[0]) => renderText(text, {}, 'en-US') };
const options = { ...reader, theme: 'light' as const };

interface Shape {
  series: { type: string; data: unknown[]; [key: string]: unknown }[];
  [key: string]: unknown;
}
const option = (spec: Parameters<typeof chartOption>[0]): Shape =>
  chartOption(spec, options, 720, 360) as unknown as Shape;

describe('charts as ECharts options', () => {
  it('starts bars at zero and gives an interval a whisker with its two ends', () => {
    const { series, yAxis } = option(sampleCharts.bar);
    expect((yAxis as { min: number }).min).toBe(0);
    expect(series.map(({ type }) => type)).toEqual(['bar', 'custom']);
    expect(series[0].data).toEqual([42.1, 38.4, 22.9, 31.2]);
    expect(series[1].data[0]).toEqual([0, 36.2, 48, 42.1]);
  });

  it('lays horizontal bars from the top down, two series side by side with a legend', () => {
    const { series, yAxis, legend } = option(sampleCharts.bars);
    expect((yAxis as { inverse: boolean }).inverse).toBe(true);
    expect(series).toHaveLength(2);
    expect((legend as { data: string[] }).data).toEqual(['客户占比', '收入占比']);
  });

  it('marks estimates on a logarithmic axis with their intervals and the line of no effect', () => {
    const { series, xAxis, yAxis } = option(sampleCharts.forest);
    expect(xAxis).toMatchObject({ type: 'log', logBase: 2, min: 1 / 64, max: 4 });
    expect((yAxis as { inverse: boolean }).inverse).toBe(true);
    expect(series.map(({ type }) => type)).toEqual(['scatter', 'custom']);
    expect(series[0].data[3]).toEqual([1.9, 3]);
    expect(series[1].data[3]).toEqual([3, 1.6, 2.3, 1.9]);
    expect((series[0].markLine as { data: { xAxis: number }[] }).data[0].xAxis).toBe(1);
  });

  it('drops the missing end of a line, keeps a forecast dashed and draws its band under the lines', () => {
    const { series } = option(sampleCharts.line);
    const [band, observed, expected] = series;
    expect(band.type).toBe('custom');
    expect(band.data[39]).toEqual([39, 2000 * (1 - Math.exp(-39 / 30)), 2200 * (1 - Math.exp(-39 / 30)) + 390]);
    expect(observed.data).toHaveLength(31);
    expect(observed.data[1]).toEqual([1, 72]);
    expect((expected.lineStyle as { type: number[] }).type).toEqual([6, 5]);
    expect((observed.markLine as { data: { xAxis: number }[] }).data[0].xAxis).toBe(26);
  });

  it('reads x as milliseconds where it is days, also for the marks', () => {
    const days = {
      ...sampleCharts.line,
      x: { format: 'date' as const },
      xValues: [0, 1, 2],
      series: [{ name: 'n', values: [1, 2, 3] }],
    };
    const { series, xAxis } = option({ ...days, references: [{ at: 2, axis: 'x' }] });
    expect((xAxis as { type: string }).type).toBe('time');
    expect(series[0].data).toEqual([
      [0, 1],
      [86_400_000, 2],
      [172_800_000, 3],
    ]);
    expect((series[0].markLine as { data: { xAxis: number }[] }).data[0].xAxis).toBe(172_800_000);
  });

  it('holds a survival step until the next time', () => {
    const { series } = option(sampleCharts.survival);
    expect(series.find(({ type }) => type === 'line')?.step).toBe('end');
  });

  it('draws y = x from the least to the greatest of both axes for a calibration', () => {
    const { series } = option(sampleCharts.calibration);
    expect(series.at(-1)?.data).toEqual([
      [0.04, 0.04],
      [0.79, 0.79],
    ]);
  });

  it('places heat map cells row by row from the top, hatches what is not over and leaves out what is missing', () => {
    const { series, yAxis } = option(sampleCharts.heatMap);
    const data = series[0].data as { value: number[]; itemStyle: { decal?: unknown } }[];
    expect((yAxis as { inverse: boolean }).inverse).toBe(true);
    expect(data).toHaveLength(78);
    expect(data[12].value).toEqual([0, 1, 1]);
    expect(data.filter(({ itemStyle }) => itemStyle.decal)).toHaveLength(12);
  });

  it('draws a funnel as bars from zero with what is lost between two steps', () => {
    const { series, xAxis } = option(sampleCharts.funnel);
    expect((xAxis as { min: number }).min).toBe(0);
    expect(series[0].data).toEqual([48210, 31877, 12045, 8117, 6904]);
    const { label } = series[0] as unknown as { label: { formatter(item: object): string } };
    expect(label.formatter({ dataIndex: 2 })).toBe('12,045   25%');
    expect(series[1].data).toHaveLength(4);
  });

  it('draws a funnel’s intervals as whiskers, with the count at their ends', () => {
    const [series] = sampleCharts.funnel.series;
    const low = [null, 31_000, 11_800, 7900, 6700];
    const high = [null, 32_100, 12_300, 8300, 7100];
    const spec = { ...sampleCharts.funnel, series: [{ ...series, low, high }] };
    const drawn = option(spec).series as unknown as {
      data: unknown[];
      label: { formatter(item: object): string };
    }[];
    expect(drawn[1].data[0]).toEqual([0, '-', '-', 48_210]);
    expect(drawn[1].data[2]).toEqual([2, 11_800, 12_300, 12_045]);
    // Beside a whisker the bar itself says nothing.
    expect([0, 2].map((dataIndex) => drawn[0].label.formatter({ dataIndex }))).toEqual(['48,210   100%', '']);
    const { columns, rows } = chartTable(spec, reader);
    expect(columns).toHaveLength(5);
    expect(rows[2]).toEqual(['Add to cart', 12_045, 12_045 / 48_210, 11_800, 12_300]);
  });

  it('gives each node two sides where flows run in a circle, and one where they do not', () => {
    const circle = option(sampleCharts.sankey).series[0] as unknown as {
      data: { name: string }[];
      links: { source: string; target: string }[];
    };
    expect(circle.data.map(({ name }) => name)).toContain('from 1');
    expect(circle.links[2]).toEqual({ source: 'from 1', target: 'to 1', value: 1800 });
    const straight = option({ ...sampleCharts.sankey, links: [{ source: 0, target: 1, value: 5 }] }).series[0];
    expect((straight as unknown as { links: unknown[] }).links).toEqual([{ source: '0', target: '1', value: 5 }]);
  });

  it('draws classes on a true scale and closes an open one with the width of the class before', () => {
    const { series, xAxis } = option(sampleCharts.histogram);
    expect(series[0].data[8]).toEqual([112, 140, 133]);
    expect(xAxis).toMatchObject({ min: 0, max: 140 });
  });

  it('hands the five numbers of each box over', () => {
    expect(option(sampleCharts.box).series[0].data[1]).toEqual([8, 35, 61, 98, 210]);
  });

  it('sizes points by area', () => {
    const size = option(sampleCharts.scatter).series[0].symbolSize as (
      value: null,
      item: { dataIndex: number },
    ) => number;
    const [price, app] = [size(null, { dataIndex: 0 }), size(null, { dataIndex: 3 })];
    expect(price ** 2 / app ** 2).toBeCloseTo(820 / 900, 6);
  });

  it('gives each item of a tree map an area and an ink that reads on its colour', () => {
    const data = option(sampleCharts.treeMap).series[0].data as { value: number; label: { color: string } }[];
    expect(data[0].value).toBe(7285024);
    expect(new Set(data.map(({ label }) => label.color))).toEqual(new Set(['#16202c', '#ffffff']));
  });

  it('shows tooltips as text, and disarms the text renderer’s own markup in names from the data', () => {
    const { tooltip, xAxis } = option({ ...sampleCharts.bar, categories: ['{b|bold}', 'b', 'c', 'd'] });
    expect((tooltip as { renderMode: string }).renderMode).toBe('richText');
    expect((xAxis as { data: string[] }).data[0]).toBe('{\u200bb|bold}');
  });

  it('speaks dark where the theme is dark', () => {
    const dark = chartOption(sampleCharts.bar, { ...options, theme: 'dark' }, 720, 360);
    expect(dark.backgroundColor).toBe('#1b1e23');
  });
});

describe('the table beside a chart', () => {
  it('holds every number of a bar chart, the interval’s ends beside the value', () => {
    const { columns, rows } = chartTable(sampleCharts.bar, reader);
    expect(columns.map(({ name }) => name)).toEqual(['Region', 'NPS', 'NPS, low', 'NPS, high']);
    expect(rows[2]).toEqual(['South', 22.9, 14.4, 31.4]);
  });

  it('tells a funnel’s share of the first step', () => {
    const { rows } = chartTable(sampleCharts.funnel, reader);
    expect(rows[1][2]).toBeCloseTo(31877 / 48210, 12);
  });

  it('has Chinese headings for a Chinese reader', () => {
    const { columns } = chartTable(sampleCharts.box, { ...reader, locale: 'zh-CN' });
    expect(columns.map(({ name }) => name)).toEqual([
      '类别',
      '最小值',
      '第一四分位数',
      '中位数',
      '第三四分位数',
      '最大值',
    ]);
  });

  it('has as many rows as each kind has things to show', () => {
    const counts = Object.values(sampleCharts).map((spec) => chartTable(spec, reader).rows.length);
    expect(counts).toEqual([4, 10, 4, 40, 13, 8, 12, 5, 4, 6, 9, 4, 5, 6]);
  });
});

describe('the text alternative of a chart', () => {
  it('is the chart’s own summary under its title', () => {
    expect(chartSummary({ ...sampleCharts.box, summary: 'Champions spend twice as much.' }, reader)).toBe(
      'Order value by segment: Champions spend twice as much.',
    );
  });

  it('reads the first figures out where there is none', () => {
    expect(chartSummary(sampleCharts.funnels, reader)).toContain('曝光 12,000 100% 20,100');
  });
});
