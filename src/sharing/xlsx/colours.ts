import { type XlsxColour, type XlsxPackage, xmlAttribute } from '../../tables/index.ts';

/** The colours of a theme in the order in which styles number them: light and dark come before dark and light. */
const THEME = [
  'lt1',
  'dk1',
  'lt2',
  'dk2',
  'accent1',
  'accent2',
  'accent3',
  'accent4',
  'accent5',
  'accent6',
  'hlink',
  'folHlink',
];

/** Office's own theme, for files that name its colours but have none. */
const OFFICE = 'FFFFFF 000000 E7E6E6 44546A 4472C4 ED7D31 A5A5A5 FFC000 5B9BD5 70AD47 0563C1 954F72'.split(' ');

const FIRST_EIGHT = '000000 FFFFFF FF0000 00FF00 0000FF FFFF00 FF00FF 00FFFF';
/** The palette that old styles number. */
const PALETTE =
  `${FIRST_EIGHT} ${FIRST_EIGHT} 800000 008000 000080 808000 800080 008080 C0C0C0 808080 9999FF 993366 FFFFCC CCFFFF 660066 FF8080 0066CC CCCCFF 000080 FF00FF FFFF00 00FFFF 800080 800000 008080 0000FF 00CCFF CCFFFF CCFFCC FFFF99 99CCFF FF99CC CC99FF FFCC99 3366FF 33CCCC 99CC00 FFCC00 FF9900 FF6600 666699 969696 003366 339966 003300 333300 993300 993366 333399 333333`.split(
    ' ',
  );

/** Turns a workbook's colours into `#RRGGBB`; undefined for those that mean the usual ink or paper. */
export type ColourReader = (colour: XlsxColour | undefined) => string | undefined;

export async function readColours(workbook: XlsxPackage): Promise<ColourReader> {
  const theme = [...OFFICE];
  if (workbook.themePath !== undefined) {
    let slot = -1;
    await workbook.scan(workbook.themePath, {
      open(name, attributes) {
        const place = THEME.indexOf(name);
        if (place >= 0) slot = place;
        const value =
          name === 'srgbClr'
            ? xmlAttribute(attributes, 'val')
            : name === 'sysClr'
              ? xmlAttribute(attributes, 'lastClr')
              : undefined;
        if (slot >= 0 && value !== undefined && /^[0-9a-f]{6}$/i.test(value)) theme[slot] = value;
      },
      close(name) {
        if (THEME.includes(name)) slot = -1;
      },
    });
  }
  return (colour) => {
    if (!colour) return undefined;
    const { rgb, theme: place, indexed, tint = 0 } = colour;
    const base =
      rgb !== undefined
        ? /^(?:[0-9a-f]{2})?([0-9a-f]{6})$/i.exec(rgb)?.[1]
        : place !== undefined
          ? theme[place]
          : PALETTE[indexed ?? -1];
    return base === undefined ? undefined : `#${tint === 0 ? base.toUpperCase() : tinted(base, tint)}`;
  };
}

/** Lighter or darker in lightness, hue and saturation kept (ECMA-376 part 1, 18.8.19). */
function tinted(base: string, tint: number): string {
  const [red, green, blue] = [0, 2, 4].map((at) => Number.parseInt(base.slice(at, at + 2), 16) / 255);
  const most = Math.max(red, green, blue);
  const least = Math.min(red, green, blue);
  const lightness = (most + least) / 2;
  const spread = most - least;
  const saturation = spread === 0 ? 0 : spread / (1 - Math.abs(2 * lightness - 1));
  const shade = Math.min(1, Math.max(-1, tint));
  const next = shade < 0 ? lightness * (1 + shade) : lightness * (1 - shade) + shade;
  const chroma = (1 - Math.abs(2 * next - 1)) * saturation;
  const channel = (value: number): string => {
    const relative = spread === 0 ? 0.5 : (value - least) / spread;
    const made = spread === 0 ? next : next - chroma / 2 + chroma * relative;
    return Math.round(Math.min(1, Math.max(0, made)) * 255)
      .toString(16)
      .padStart(2, '0')
      .toUpperCase();
  };
  return channel(red) + channel(green) + channel(blue);
}
