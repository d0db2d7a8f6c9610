import { zipSync } from 'fflate';

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** A workbook for tests, written by hand: sheets by name as the XML within `worksheet`, and what else is wanted. */
export interface FixtureWorkbook {
  readonly sheets: Readonly<Record<string, string>>;
  readonly strings?: readonly string[];
  /** The XML within `styleSheet`, `workbook` and the theme's colours. */
  readonly styles?: string;
  readonly workbook?: string;
  readonly names?: string;
  readonly theme?: string;
  /** More parts by path. */
  readonly parts?: Readonly<Record<string, string>>;
}

/** The bytes of a workbook for tests. */
export function fixtureWorkbook({ sheets, strings, styles, workbook = '', names = '', theme, parts }: FixtureWorkbook) {
  const listed = Object.entries(sheets);
  const relation = (id: string, kind: string, target: string): string =>
    `<Relationship Id="${id}" Type="${RELATIONS}/${kind}" Target="${target}"/>`;
  const files: Record<string, string> = {
    '[Content_Types].xml': `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
    '_rels/.rels': `<Relationships>${relation('r1', 'officeDocument', 'xl/workbook.xml')}</Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}">${workbook}<sheets>${listed
      .map(([name], index) => `<sheet name="${name}" sheetId="${index + 1}" r:id="s${index + 1}"/>`)
      .join('')}</sheets>${names}</workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${listed
      .map((_, index) => relation(`s${index + 1}`, 'worksheet', `worksheets/sheet${index + 1}.xml`))
      .join('')}${strings ? relation('t', 'sharedStrings', 'sharedStrings.xml') : ''}${
      styles ? relation('y', 'styles', 'styles.xml') : ''
    }${theme ? relation('h', 'theme', 'theme/theme1.xml') : ''}</Relationships>`,
  };
  for (const [index, [, xml]] of listed.entries())
    files[`xl/worksheets/sheet${index + 1}.xml`] =
      `<worksheet xmlns="${MAIN}" xmlns:r="${RELATIONS}">${xml}</worksheet>`;
  if (strings)
    files['xl/sharedStrings.xml'] = `<sst xmlns="${MAIN}">${strings.map((text) => `<si>${text}</si>`).join('')}</sst>`;
  if (styles) files['xl/styles.xml'] = `<styleSheet xmlns="${MAIN}">${styles}</styleSheet>`;
  if (theme)
    files['xl/theme/theme1.xml'] =
      `<a:theme><a:themeElements><a:clrScheme>${theme}</a:clrScheme></a:themeElements></a:theme>`;
  const encoder = new TextEncoder();
  const encoded = Object.entries({ ...files, ...parts }).map(([path, text]) => [path, encoder.encode(text)] as const);
  return Uint8Array.from(zipSync(Object.fromEntries(encoded)));
}

/** A row of cells: texts inline, numbers, truth values; null leaves a cell out.. */
export function fixtureRow(
  row: number,
  cells: readonly (string | number | boolean | null)[],
  styles: readonly number[] = [],
): string {
  const xml = cells.map((cell, column) => {
    if (cell === null) return '';
    const at = `r="${String.fromCharCode(65 + column)}${row}"${styles[column] ? ` s="${styles[column]}"` : ''}`;
    if (typeof cell === 'number') return `<c ${at}><v>${cell}</v></c>`;
    if (typeof cell === 'boolean') return `<c ${at} t="b"><v>${cell ? 1 : 0}</v></c>`;
    return cell.startsWith('#')
      ? `<c ${at} t="e"><v>${cell}</v></c>`
      : `<c ${at} t="inlineStr"><is><t>${cell}</t></is></c>`;
  });
  return `<row r="${row}">${xml.join('')}</row>`;
}

/** Styles whose number formats are the given codes, the first of them number 1. */
export function fixtureFormats(...codes: readonly string[]): string {
  const numbered = codes.map(
    (code, index) => `<numFmt numFmtId="${170 + index}" formatCode="${code.replaceAll('"', '&quot;')}"/>`,
  );
  return `<numFmts>${numbered.join('')}</numFmts><cellXfs><xf numFmtId="0"/>${codes
    .map((_, index) => `<xf numFmtId="${170 + index}"/>`)
    .join('')}</cellXfs>`;
}
