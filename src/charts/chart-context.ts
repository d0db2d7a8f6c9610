import { type Axis, type ChartSpec, formatValue, type Text, type ValueFormat } from '@patron/sdk';
import { type ChartTheme, chartThemes, fontFamily, type ThemeName } from './chart-theme.ts';

/** How a chart is to look and speak. */
export interface ChartOptions {
  readonly theme: ThemeName;
  readonly locale: string;
  /** A text as the reader's language has it. */
  render(text: Text): string;
  readonly renderer?: 'canvas' | 'svg';
}

/** What the builders of each kind share. */
export interface ChartContext {
  readonly theme: ChartTheme;
  readonly locale: string;
  readonly width: number;
  readonly height: number;
  text(text: Text | undefined): string;
  format(value: number | null | undefined, format?: ValueFormat): string;
}

export function chartContext(options: ChartOptions, width: number, height: number): ChartContext {
  return {
    theme: chartThemes[options.theme],
    locale: options.locale,
    width,
    height,
    text: (text) => (text === undefined ? '' : plain(options.render(text))),
    format: (value, format = 'decimal') => plain(formatValue(value ?? null, format, options.locale)),
  };
}

/** Keeps a text of the data from being read as the renderer's own markup, `{style|text}`. */
function plain(text: string): string {
  return text.replace(/\{(?=\w+\|)/g, '{\u200b');
}

/** Pixels that a text takes, near enough to leave room for it: a CJK character is as wide as it is high. */
export function roughWidth(text: string, size = 12): number {
  let width = 0;
  for (const character of text) width += (character.codePointAt(0) ?? 0) > 0x2e7f ? size : size * 0.56;
  return width;
}

/** `text` cut to `width` pixels with an ellipsis. */
export function fitted(text: string, width: number, size = 12): string {
  if (roughWidth(text, size) <= width) return text;
  let cut = '';
  for (const character of text) {
    if (roughWidth(`${cut}${character}…`, size) > width) break;
    cut += character;
  }
  return `${cut.trimEnd()}…`;
}

const TITLE_SIZE = 14;

/** Height that the title takes, broken over lines where it must. */
export function titleHeight(spec: ChartSpec, context: ChartContext): number {
  const lines = Math.ceil(roughWidth(context.text(spec.title), TITLE_SIZE) / Math.max(context.width - 32, 80));
  return 14 + Math.max(lines, 1) * 20;
}

/** Title, tooltip, text alternative and type: the same for every kind. */
export function baseOption(spec: ChartSpec, context: ChartContext, summary: string) {
  const { theme } = context;
  return {
    animation: false,
    useUTC: true,
    backgroundColor: theme.background,
    color: [...theme.series],
    textStyle: { fontFamily, color: theme.text, fontSize: 12 },
    title: {
      text: context.text(spec.title),
      left: 14,
      top: 12,
      padding: 0,
      textStyle: {
        fontFamily,
        fontSize: TITLE_SIZE,
        lineHeight: 20,
        fontWeight: 600,
        color: theme.text,
        width: Math.max(context.width - 32, 80),
        overflow: 'break',
      },
    },
    tooltip: {
      renderMode: 'richText',
      confine: true,
      backgroundColor: theme.background,
      borderColor: theme.axis,
      textStyle: { color: theme.text, fontSize: 12, fontFamily, lineHeight: 18 },
    },
    aria: { enabled: true, label: { enabled: true, description: summary } },
  };
}

/** The legend of a chart whose series cannot be labelled where they are; two or more series. */
export function legendOption(names: readonly string[], top: number, context: ChartContext) {
  return {
    data: [...names],
    top,
    left: 14,
    padding: 0,
    itemWidth: 12,
    itemHeight: 12,
    itemGap: 16,
    icon: 'roundRect',
    type: 'scroll',
    textStyle: { color: context.theme.soft, fontSize: 12 },
  };
}

/** An axis of values. */
export function valueAxis(axis: Axis | undefined, context: ChartContext, extremes: readonly number[]) {
  const { theme } = context;
  const labels = extremes
    .filter(Number.isFinite)
    .map((value) => roughWidth(context.format(value, axisFormat(axis)), 11));
  return {
    type: axis?.logarithmic ? 'log' : 'value',
    name: context.text(axis?.title),
    nameLocation: 'middle',
    nameGap: 16 + Math.max(24, ...labels),
    nameTextStyle: { color: theme.soft, fontSize: 12 },
    ...(axis?.minimum === undefined ? {} : { min: axis.minimum }),
    ...(axis?.maximum === undefined ? {} : { max: axis.maximum }),
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: theme.grid } },
    axisLabel: {
      color: theme.soft,
      fontSize: 11,
      hideOverlap: true,
      formatter: (value: number) => context.format(value, tickFormat(axis, value)),
    },
  };
}

/** Pixels that a word takes which cannot be broken; characters of Chinese can be broken anywhere. */
function wordWidth(word: string): number {
  return /[\u2e80-\uffff]/.test(word) ? 0 : roughWidth(word, 11);
}

/** An axis of names. */
export function categoryAxis(names: readonly string[], axis: Axis | undefined, context: ChartContext, room: number) {
  const { theme } = context;
  const each = room / Math.max(names.length, 1);
  const longest = Math.max(0, ...names.map((name) => roughWidth(name, 11)));
  // A name of one word is not to be broken: it turns, or some of them are left out.
  const word = Math.max(0, ...names.flatMap((name) => name.split(/[\s/]+/).map((part) => wordWidth(part))));
  const rotate = names.length > 3 && (longest > each * 1.9 || word > each - 4) ? 35 : 0;
  const width = rotate ? 130 : Math.max(each - 6, 40);
  return {
    type: 'category',
    data: [...names],
    name: context.text(axis?.title),
    nameLocation: 'middle',
    nameGap: rotate ? Math.min(70, 34 + longest * 0.55) : longest > each - 6 ? 44 : 30,
    nameTextStyle: { color: theme.soft, fontSize: 12 },
    axisLine: { lineStyle: { color: theme.axis } },
    axisTick: { show: false },
    axisLabel: {
      color: theme.text,
      fontSize: 11,
      rotate,
      hideOverlap: true,
      width,
      overflow: rotate ? 'truncate' : 'break',
      ...(names.length <= 24 ? { interval: 0 } : {}),
    },
  };
}

/** Whole amounts stand without their two decimals on an axis. */
function tickFormat(axis: Axis | undefined, value: number): ValueFormat {
  const format = axisFormat(axis);
  return format === 'money' && Number.isInteger(value) ? 'integer' : format;
}

function axisFormat(axis: Axis | undefined): ValueFormat {
  return axis?.format ?? 'decimal';
}

/** Room around the plot; axis labels and titles are kept inside by the renderer. */
export function plotGrid(top: number, right = 20, bottom = 14) {
  return { left: 14, right, top, bottom, outerBoundsMode: 'same', outerBoundsContain: 'all' };
}

/** The finite numbers among `values`. */
export function finite(values: readonly (number | null | undefined)[]): number[] {
  return values.filter((value): value is number => typeof value === 'number' && Number.isFinite(value));
}

/** A finite value as it is; anything else as the mark for a missing one. */
export function orGap(value: number | null | undefined): number | '-' {
  return typeof value === 'number' && Number.isFinite(value) ? value : '-';
}
