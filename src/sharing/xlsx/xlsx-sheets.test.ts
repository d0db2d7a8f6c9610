import { describe, expect, it } from 'vitest';
import { fixtureRow, fixtureWorkbook } from '../../tables/formats/xlsx/fixture-workbook.ts';
import { bytesSource } from '../../tables/index.ts';
import { readSheets } from './read-sheets.ts';
import type { SheetCells, SheetsSetting } from './sheet-data.ts';
import { writeSheets } from './write-sheets.ts';

const functions = ['SUM', 'IF', 'XLOOKUP', 'FILTER', 'LET'];

async function read(bytes: Uint8Array<ArrayBuffer>, parts: readonly string[], setting: Partial<SheetsSetting> = {}) {
  const cells: SheetCells[] = [];
  const found = await readSheets(
    bytesSource('book.xlsx', bytes),
    { parts, taken: [], functions, names: [], stylePrefix: 'x-', ...setting },
    (sheet, rows) => {
      cells[sheet] = Object.assign(cells[sheet] ?? {}, rows);
    },
  );
  return { ...found, cells };
}

const sheetXml = `
  <sheetPr><tabColor rgb="FF00AA00"/></sheetPr>
  <dimension ref="A1:XFD1048576"/>
  <sheetViews><sheetView showGridLines="0" workbookViewId="0"><pane xSplit="1" ySplit="2" topLeftCell="B3" state="frozen"/></sheetView></sheetViews>
  <sheetFormatPr defaultRowHeight="15" defaultColWidth="10"/>
  <cols><col min="1" max="1" width="20" customWidth="1"/><col min="3" max="3" width="9" hidden="1"/><col min="4" max="16384" width="12"/></cols>
  <sheetData>
    <row r="1" ht="30" customHeight="1"><c r="A1" s="1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>
    <row r="2"><c r="A2" s="2"><v>45352</v></c><c r="B2" s="3"><v>-1234.5</v></c><c r="C2" t="b"><v>1</v></c><c r="D2" t="e"><v>#N/A</v></c></row>
    <row r="3" hidden="1"><c r="A3"><f t="shared" ref="A3:A5" si="0">SUM(B3:$B$3)+'Other one'!A1</f><v>7</v></c><c r="B3"><v>3</v></c></row>
    <row r="4"><c r="A4"><f t="shared" si="0"/><v>8</v></c><c r="B4" t="str"><f>_xlfn.XLOOKUP("B3",A:A,2:2)&amp;Total</f><v>x</v></c></row>
    <row r="5"><c r="A5"><f t="shared" si="0"/><v>9</v></c><c r="B5"><f>CUBEVALUE(A1)</f><v>11</v></c><c r="C5"><f>[1]Book!A1</f><v>12</v></c><c r="D5"><f>Missing!A1</f><v>13</v></c></row>
    <row r="6"><c r="A6"><f t="array" ref="A6:B6">_xlfn._xlws.FILTER(A1:B1,A1:B1&lt;&gt;"")</f><v>1</v></c><c r="B6"><v>2</v></c><c r="C6" t="inlineStr"><is><t>=1+1</t></is></c></row>
    <row r="7"><c r="A7" s="4"/><c r="B7" t="inlineStr"><is><t>site</t></is></c><c r="C7" t="inlineStr"><is><t>file</t></is></c></row>
  </sheetData>
  <autoFilter ref="A2:D5"/>
  <mergeCells><mergeCell ref="C1:D1"/><mergeCell ref="A8:A1048576"/></mergeCells>
  <conditionalFormatting sqref="A1"><cfRule type="expression" priority="1"><formula>A1</formula></cfRule></conditionalFormatting>
  <dataValidations><dataValidation type="list" sqref="A1"><formula1>"a,b"</formula1></dataValidation></dataValidations>
  <hyperlinks><hyperlink ref="B7" r:id="l1"/><hyperlink ref="C7" r:id="l2"/></hyperlinks>
  <extLst><ext><x14:sparklineGroups><x14:sparklineGroup/></x14:sparklineGroups></ext></extLst>`;

const book = fixtureWorkbook({
  sheets: { Plan: sheetXml, 'Other one': `<sheetData>${fixtureRow(1, [4])}</sheetData>`, Missing: '<sheetData/>' },
  strings: [
    '<t>Head</t>',
    '<r><rPr><b/><color rgb="FFFF0000"/><sz val="11"/><rFont val="Calibri"/></rPr><t>red</t></r><r><t xml:space="preserve"> and\nplain</t></r>',
  ],
  styles: `<numFmts><numFmt numFmtId="170" formatCode="#,##0.00_);[Red]\\(#,##0.00\\)"/></numFmts>
    <fonts><font><sz val="11"/><name val="Calibri"/><color theme="1"/></font>
    <font><b/><i/><u val="double"/><strike/><sz val="14"/><name val="Georgia"/><color theme="4" tint="-0.25"/></font></fonts>
    <fills><fill><patternFill/></fill><fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor theme="0" tint="-0.15"/></patternFill></fill></fills>
    <borders><border/><border diagonalDown="1"><left style="thin"><color indexed="10"/></left><bottom style="double"/><diagonal style="hair"/></border></borders>
    <cellXfs><xf/><xf fontId="1" fillId="2" borderId="1"><alignment horizontal="center" vertical="top" wrapText="1" textRotation="45"/></xf>
    <xf numFmtId="14"/><xf numFmtId="170"/><xf fillId="2"><alignment indent="2" textRotation="255"/></xf></cellXfs>`,
  names:
    '<definedNames><definedName name="Total">Plan!$A$3</definedName><definedName name="Gone">#REF!</definedName><definedName name="_xlnm.Print_Area" localSheetId="0">Plan!$A$1</definedName></definedNames>',
  theme:
    '<a:dk1><a:sysClr val="windowText" lastClr="000000"/></a:dk1><a:lt1><a:sysClr val="window" lastClr="FFFFFF"/></a:lt1><a:accent1><a:srgbClr val="4472C4"/></a:accent1>',
  parts: {
    'xl/worksheets/_rels/sheet1.xml.rels':
      '<Relationships><Relationship Id="l1" Type="x/hyperlink" Target="https://example.org/?a=1&amp;b=2" TargetMode="External"/><Relationship Id="l2" Type="x/hyperlink" Target="file:///etc/passwd" TargetMode="External"/><Relationship Id="d" Type="x/drawing" Target="../drawings/drawing1.xml"/><Relationship Id="c" Type="x/comments" Target="../comments1.xml"/></Relationships>',
    'xl/drawings/drawing1.xml': '<d/>',
    'xl/drawings/_rels/drawing1.xml.rels':
      '<Relationships><Relationship Id="a" Type="x/chart" Target="../charts/chart1.xml"/><Relationship Id="b" Type="x/image" Target="../media/image1.png"/></Relationships>',
    'xl/vbaProject.bin': 'x',
  },
});

describe('sheets of a workbook to be edited', () => {
  it('keep type, fills, borders, alignment and number formats, theme colours with their tint', async () => {
    const { sheets, styles, cells } = await read(book, ['Plan']);
    expect(sheets[0].defaultStyle).toEqual({ ff: 'Calibri, sans-serif', fs: 11 });
    expect(styles[cells[0][0][0].s as string]).toEqual({
      ff: 'Georgia',
      fs: 14,
      bl: 1,
      it: 1,
      ul: { s: 1, t: 10 },
      st: { s: 1 },
      // Office shows accent 1, darker by a quarter, as 2F5496 or 2F5597.
      cl: { rgb: '#2F5597' },
      bg: { rgb: '#D9D9D9' },
      bd: {
        l: { s: 1, cl: { rgb: '#FF0000' } },
        b: { s: 7, cl: { rgb: '#000000' } },
        tl_br: { s: 2, cl: { rgb: '#000000' } },
      },
      ht: 2,
      vt: 1,
      tb: 3,
      tr: { a: -45 },
    });
    expect(cells[0][1][0]).toEqual({ v: 45352, t: 2, s: 'x-2' });
    expect(styles['x-2']).toEqual({ n: { pattern: 'yyyy-mm-dd' } });
    expect(styles['x-3'].n?.pattern).toBe('#,##0.00_);[Red]\\(#,##0.00\\)');
    expect(styles['x-4']).toEqual({ bg: { rgb: '#D9D9D9' }, tr: { a: 0, v: 1 }, pd: { l: 20 } });
    expect(cells[0][6][0]).toEqual({ s: 'x-4' });
  });

  it('keep sizes, hidden rows and columns, merged cells within the sheet, and frozen panes', async () => {
    const { sheets } = await read(book, ['Plan']);
    expect(sheets[0]).toMatchObject({
      name: 'Plan',
      rowCount: 200,
      columnCount: 26,
      defaultColumnWidth: 70,
      defaultRowHeight: 20,
      rowData: { 0: { h: 40 }, 2: { hd: 1 } },
      mergeData: [
        { startRow: 0, endRow: 0, startColumn: 2, endColumn: 3 },
        { startRow: 7, endRow: 199, startColumn: 0, endColumn: 0 },
      ],
      freeze: { xSplit: 1, ySplit: 2, startRow: 2, startColumn: 1 },
      showGridlines: 0,
      tabColor: '#00AA00',
    });
    expect(sheets[0].columnData).toMatchObject({ 0: { w: 140 }, 2: { w: 63, hd: 1 }, 3: { w: 84 } });
  });

  it('keep formulas with their values, shared ones written out, and texts as texts', async () => {
    const { cells, names, frozen } = await read(book, ['Plan', 'Other one'], { taken: ['other ONE'] });
    const plan = cells[0];
    expect([plan[2][0], plan[3][0], plan[4][0]]).toEqual([
      { v: 7, t: 2, f: "=SUM(B3:$B$3)+'Other one (2)'!A1" },
      { v: 8, t: 2, f: "=SUM(B4:$B$3)+'Other one (2)'!A2" },
      { v: 9, t: 2, f: "=SUM(B5:$B$3)+'Other one (2)'!A3" },
    ]);
    expect(plan[3][1]).toEqual({ v: 'x', t: 1, f: '=XLOOKUP("B3",A:A,2:2)&Total' });
    expect(plan[5]).toEqual({ 0: { v: 1, t: 2, f: '=FILTER(A1:B1,A1:B1<>"")' }, 2: { v: '=1+1', t: 1 } });
    expect(plan[1][2]).toEqual({ v: 1, t: 3 });
    expect(plan[1][3]).toEqual({ v: '#N/A', t: 1 });
    // What is unknown here, or in a workbook that is elsewhere, keeps its value.
    expect([plan[4][1], plan[4][2], plan[4][3]]).toEqual([
      { v: 11, t: 2 },
      { v: 12, t: 2 },
      { v: 13, t: 2 },
    ]);
    expect(frozen).toEqual({ count: 3, functions: ['CUBEVALUE'] });
    expect(names).toEqual([{ name: 'Total', formula: 'Plan!$A$3' }]);
  });

  it('keep texts in several fonts and links of the web, and say what they leave out', async () => {
    const { cells, leftOut } = await read(book, ['Plan', 'Other one']);
    expect(cells[0][0][1].p?.body).toEqual({
      dataStream: 'red and\rplain\r\n',
      textRuns: [{ st: 0, ed: 3, ts: { bl: 1, cl: { rgb: '#FF0000' } } }],
      paragraphs: [{ startIndex: 7 }, { startIndex: 13 }],
      sectionBreaks: [{ startIndex: 14 }],
    });
    expect(cells[0][6][1].custom).toEqual({ link: 'https://example.org/?a=1&b=2' });
    expect(cells[0][6][2].custom).toBeUndefined();
    expect([...leftOut].sort()).toEqual([
      'charts',
      'comments',
      'conditionalFormats',
      'filters',
      'images',
      'links',
      'macros',
      'names',
      'sparklines',
      'validation',
    ]);
  });

  it('count days from 1904 as here they count from 1900', async () => {
    const bytes = fixtureWorkbook({
      sheets: { S: '<sheetData><row r="1"><c r="A1" s="1"><v>0</v></c><c r="B1"><v>0</v></c></row></sheetData>' },
      styles: '<cellXfs><xf/><xf numFmtId="14"/></cellXfs>',
      workbook: '<workbookPr date1904="1"/>',
    });
    const { cells } = await read(bytes, ['S']);
    // 1904-01-01 is number 1462 where 1900-01-01 is number 1.
    expect(cells[0][0]).toMatchObject({ 0: { v: 1462 }, 1: { v: 0 } });
  });

  it('go out again as they came in', async () => {
    const first = await read(book, ['Plan']);
    const stored = { ...first.sheets[0], cellData: first.cells[0] };
    const bytes = await writeSheets({
      sheets: [{ name: 'Plan', stored }],
      styles: first.styles,
      functions: [...functions, 'CUBEVALUE'],
      names: [],
    });
    const second = await read(bytes, ['Plan']);
    const { styles } = second;
    const seen = (from: typeof first): unknown =>
      Object.entries(from.cells[0]).map(([row, cells]) => [
        row,
        Object.entries(cells).map(([column, { s, ...cell }]) => [
          column,
          cell,
          s === undefined ? null : from.styles[s],
        ]),
      ]);
    expect(Object.keys(styles)).toHaveLength(Object.keys(first.styles).length);
    // A cell with a formula that names another sheet, or a name of the workbook, goes out as its value.
    const asWritten = structuredClone(first);
    for (const row of [2, 3, 4]) delete asWritten.cells[0][row][0].f;
    delete asWritten.cells[0][3][1].f;
    expect(seen(second)).toEqual(seen(asWritten));
    const { columnData, rowCount, columnCount, defaultColumnWidth, ...frame } = second.sheets[0];
    expect(frame).toEqual({
      ...first.sheets[0],
      columnData: undefined,
      rowCount: undefined,
      columnCount: undefined,
      defaultColumnWidth: undefined,
      mergeData: first.sheets[0].mergeData,
    });
    expect(columnData).toMatchObject({ 0: { w: 140 }, 2: { w: 63, hd: 1 }, 3: { w: 84 } });
  });

  it('go out together with the formulas between them and the names that they use', async () => {
    const first = await read(book, ['Plan', 'Other one']);
    const bytes = await writeSheets({
      sheets: first.sheets.map((sheet, index) => ({
        name: sheet.name,
        stored: { ...sheet, cellData: first.cells[index] },
      })),
      styles: first.styles,
      functions,
      names: first.names,
    });
    const second = await read(bytes, ['Plan', 'Other one']);
    expect(second.names).toEqual(first.names);
    const formulas = ({ cells }: typeof first): unknown =>
      cells.map((rows) => Object.values(rows).map((row) => Object.values(row).map(({ f }) => f)));
    expect(formulas(second)).toEqual(formulas(first));
    expect(second.cells[0][2][0].f).toBe("=SUM(B3:$B$3)+'Other one'!A1");
  });
});
