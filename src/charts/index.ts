export type { ChartOptions } from './chart-context.ts';
export { chartOption } from './chart-option.ts';
export { chartSummary } from './chart-summary.ts';
export { type ChartReader, type ChartTable, chartTable } from './chart-table.ts';
export type { ThemeName } from './chart-theme.ts';
export { type MountedChart, mountChart } from './mount-chart.ts';
