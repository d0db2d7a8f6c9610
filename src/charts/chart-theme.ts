/** Colours of a chart. Series follow Okabe and Ito's palette, which all common kinds of colour blindness can tell apart. */
export interface ChartTheme {
  readonly background: string;
  readonly text: string;
  readonly soft: string;
  readonly axis: string;
  readonly grid: string;
  readonly series: readonly string[];
  /** From nothing to most, one hue, even in lightness. */
  readonly ramp: readonly string[];
  readonly hatch: string;
}

export type ThemeName = 'light' | 'dark';

export const chartThemes: Readonly<Record<ThemeName, ChartTheme>> = {
  light: {
    background: '#ffffff',
    text: '#1f2937',
    soft: '#5b6472',
    axis: '#c4cad3',
    grid: '#eceef2',
    series: ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#d55e00', '#56b4e9', '#8a8f98', '#b8a800'],
    ramp: ['#eef5fb', '#c9e0f2', '#93c3e4', '#559fcf', '#2079b4', '#0b538c'],
    hatch: 'rgba(31,41,55,0.17)',
  },
  dark: {
    background: '#1b1e23',
    text: '#e6e8ec',
    soft: '#a3acb9',
    axis: '#4a515c',
    grid: '#2b3037',
    series: ['#4fa8e0', '#f0b429', '#33bf94', '#e29cc6', '#f0813f', '#86cdf5', '#a9afb9', '#e3d94a'],
    ramp: ['#1d2a36', '#1f4058', '#215b82', '#2c7bb0', '#4fa0d8', '#8cc8f2'],
    hatch: 'rgba(255,255,255,0.18)',
  },
};

export const fontFamily =
  '-apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';

/** The colour of a share 0 … 1 on the ramp. */
export function rampColour(theme: ChartTheme, share: number): string {
  const at = Math.min(Math.max(share, 0), 1) * (theme.ramp.length - 1);
  const low = Math.floor(at);
  const high = Math.min(low + 1, theme.ramp.length - 1);
  const [a, b] = [channels(theme.ramp[low]), channels(theme.ramp[high])];
  const mixed = a.map((channel, i) => Math.round(channel + (b[i] - channel) * (at - low)));
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

/** Dark or light ink, whichever reads better on `colour` (WCAG relative luminance). */
export function inkOn(colour: string): string {
  const [r, g, b] = channels(colour).map((channel) => {
    const share = channel / 255;
    return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.3 ? '#16202c' : '#ffffff';
}

function channels(colour: string): number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}
