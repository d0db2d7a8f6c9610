import { type CellValue, formatValue, type ValueFormat } from '@patron/sdk';
import {
  BooleanNumber,
  BorderStyleTypes,
  CellValueType,
  HorizontalAlign,
  type ICellData,
  type IStyleData,
  VerticalAlign,
  WrapStrategy,
} from '@univerjs/core';
import type { ReportBlock, ReportColumn } from './report-blocks.ts';
import { serialOfDay, serialOfText, serialOfTime } from './serial-date.ts';
import { textWidth, wrappedLines } from './text-width.ts';

/** Reports begin in the second column; the first is a margin. */
export const FIRST_COLUMN = 1;
export const MARGIN_WIDTH = 24;
export const ROW_HEIGHT = 24;
const LONGEST_COLUMN = 460;
/** A figure's name and detail break over lines here, so that they do not widen the tables below. */
const LONGEST_FIGURE = 168;
/** The head of a column of numbers breaks over lines here. */
const LONGEST_HEADER = 150;
const METRICS_A_ROW = 5;
/** Lines of text run no wider than this, so that they can be read beside an open form. */
export const TEXT_WIDTH = 700;

/** A cell of a block, by its place within the block. */
export interface LaidCell {
  readonly row: number;
  readonly column: number;
  readonly cell: ICellData;
  /** Pixels that its content takes, where the column has to fit it. */
  readonly width?: number;
}

/** A block as cells: how many rows, their heights where not the usual one, and which rows run across the report. */
export interface LaidBlock {
  readonly id: string;
  readonly rows: number;
  readonly cells: readonly LaidCell[];
  readonly heights: Readonly<Record<number, number>>;
  readonly across: readonly number[];
  readonly chart?: Extract<ReportBlock, { kind: 'chart' }> & { readonly pixels: { width: number; height: number } };
}

const ink = { rgb: '#1f2937' };
const soft = { rgb: '#5b6472' };
const line = { s: BorderStyleTypes.THIN, cl: { rgb: '#d5d9e0' } };
const hairline = { s: BorderStyleTypes.THIN, cl: { rgb: '#eceef2' } };

/** The blocks as cells, from the top down, each followed by an empty row (two rows of one thing stay together). */
export function layOutReport(blocks: readonly ReportBlock[], across: number = TEXT_WIDTH): LaidBlock[] {
  return blocks.map((block) => layOut(block, across));
}

function layOut(block: ReportBlock, across: number): LaidBlock {
  switch (block.kind) {
    case 'title':
      return texts(block.id, across, [
        { text: block.text, points: 20, style: { bl: BooleanNumber.TRUE, cl: ink } },
        ...(block.subtitle ? [{ text: block.subtitle, points: 12, style: { cl: ink } }] : []),
      ]);
    case 'heading':
      return texts(block.id, across, [{ text: block.text, points: 13, style: { bl: BooleanNumber.TRUE, cl: ink } }], 0);
    case 'text':
      return texts(block.id, across, [
        { text: block.text, points: block.small ? 9 : 11, style: { cl: block.small ? soft : ink } },
      ]);
    case 'notes':
      return texts(
        block.id,
        across,
        block.items.map(({ level, text }) => ({
          text: level === 'warning' ? `⚠ ${text}` : text,
          points: 9,
          style: { cl: level === 'warning' ? { rgb: '#9a5b00' } : soft },
        })),
      );
    case 'metrics':
      return metrics(block);
    case 'table':
      return table(block.id, block.columns);
    case 'chart':
      return chart(block);
  }
}

interface TextLine {
  readonly text: string;
  readonly points: number;
  readonly style: IStyleData;
}

function texts(id: string, across: number, lines: readonly TextLine[], after = 1): LaidBlock {
  const heights: Record<number, number> = {};
  const cells = lines.map(({ text, points, style }, row) => {
    heights[row] = Math.max(points > 9 ? ROW_HEIGHT : 19, wrappedLines(text, across - 12, points) * points * 1.75 + 4);
    return {
      row,
      column: 0,
      cell: {
        v: text,
        t: CellValueType.STRING,
        s: { ...style, fs: points, tb: WrapStrategy.WRAP, vt: VerticalAlign.MIDDLE },
      },
    };
  });
  return { id, rows: lines.length + after, cells, heights, across: lines.map((_, row) => row) };
}

function metrics(block: Extract<ReportBlock, { kind: 'metrics' }>): LaidBlock {
  const cells: LaidCell[] = [];
  const heights: Record<number, number> = {};
  const rowsEach = block.items.some(({ detail }) => detail) ? 4 : 3;
  const small = { fs: 9, cl: soft, ht: HorizontalAlign.LEFT, tb: WrapStrategy.WRAP };
  const put = (row: number, column: number, text: string, style: IStyleData): void => {
    const lines = wrappedLines(text, LONGEST_FIGURE, 9);
    heights[row] = Math.max(heights[row] ?? 0, lines > 1 ? lines * 16 + 8 : ROW_HEIGHT);
    cells.push({ row, column, cell: textCell(text, style), width: Math.min(textWidth(text, 9), LONGEST_FIGURE) });
  };
  block.items.forEach((item, index) => {
    const row = Math.floor(index / METRICS_A_ROW) * rowsEach;
    const column = index % METRICS_A_ROW;
    heights[row + 1] = 34;
    const format = fittingFormat(item.format ?? (typeof item.value === 'number' ? 'decimal' : 'text'), [item.value]);
    put(row, column, item.label, { ...small, vt: VerticalAlign.BOTTOM, pd: { t: 0, r: 6, b: 4, l: 4 } });
    const style = { fs: 17, bl: BooleanNumber.TRUE, cl: ink, vt: VerticalAlign.MIDDLE, ht: HorizontalAlign.LEFT };
    cells.push({
      row: row + 1,
      column,
      cell: withUnit(valueCell(item.value, format, style), item.unit),
      width: textWidth(`${shownText(item.value, format)}${item.unit === undefined ? '' : ` ${item.unit}`}`, 17, true),
    });
    if (item.detail) put(row + 2, column, item.detail, { ...small, vt: VerticalAlign.TOP });
  });
  return { id: block.id, rows: Math.ceil(block.items.length / METRICS_A_ROW) * rowsEach, cells, heights, across: [] };
}

/** The number with its unit behind it; the cell's value stays the number. */
function withUnit(cell: ICellData, unit: string | undefined): ICellData {
  const style = cell.s as IStyleData;
  if (unit === undefined || !style.n) return cell;
  return { ...cell, s: { ...style, n: { pattern: `${style.n.pattern}" ${unit}"` } } };
}

function textCell(text: string, style: IStyleData): ICellData {
  return { v: text, t: CellValueType.STRING, s: style };
}

function table(id: string, columns: readonly ReportColumn[]): LaidBlock {
  const cells: LaidCell[] = [];
  const heights: Record<number, number> = {};
  const rows = Math.max(0, ...columns.map(({ values }) => values.length));
  columns.forEach(({ header, format, values }, column) => {
    const shown = format ? fittingFormat(format, values) : guessFormat(values);
    const align = alignment(shown, values, column);
    const lines = wrappedLines(header, LONGEST_HEADER, 11);
    if (lines > 1) heights[0] = Math.max(heights[0] ?? 0, lines * 19 + 6);
    cells.push({
      row: 0,
      column,
      cell: textCell(header, {
        bl: BooleanNumber.TRUE,
        cl: ink,
        bg: { rgb: '#f1f3f6' },
        bd: { b: line },
        tb: WrapStrategy.WRAP,
        ...align,
      }),
      width: Math.min(textWidth(header, 11, true) + (align.pd ? 8 : 0), LONGEST_HEADER),
    });
    values.forEach((value, index) => {
      const text = shownText(value, shown);
      const width = textWidth(text);
      if (width > LONGEST_COLUMN - 12)
        heights[index + 1] = Math.max(heights[index + 1] ?? 0, wrappedLines(text, LONGEST_COLUMN - 16, 11) * 19 + 5);
      cells.push({
        row: index + 1,
        column,
        cell: valueCell(value, shown, {
          bd: { b: hairline },
          ...align,
          ...(width > LONGEST_COLUMN - 12 ? { tb: WrapStrategy.WRAP } : {}),
        }),
        width: Math.min(width + (align.pd ? 8 : 0), LONGEST_COLUMN - 12),
      });
    });
  });
  return { id, rows: rows + 2, cells, heights, across: [] };
}

/** Numbers to the right, truth values in the middle, text to the left and clear of the number before it. */
function alignment(format: ValueFormat, values: readonly CellValue[], column: number): IStyleData {
  if (values.some((value) => typeof value === 'boolean')) return { ht: HorizontalAlign.CENTER };
  if (format !== 'text' && format !== 'date' && format !== 'timestamp') return { ht: HorizontalAlign.RIGHT };
  return { ht: HorizontalAlign.LEFT, ...(column > 0 ? { pd: { t: 0, r: 6, b: 0, l: 14 } } : {}) };
}

function chart(block: Extract<ReportBlock, { kind: 'chart' }>): LaidBlock {
  const pixels = { width: block.width ?? 720, height: block.height ?? 360 };
  return {
    id: block.id,
    rows: Math.ceil(pixels.height / ROW_HEIGHT) + 1,
    cells: [{ row: 0, column: 0, cell: { v: '', t: CellValueType.STRING } }],
    heights: {},
    across: [],
    chart: { ...block, pixels },
  };
}

/** Decimals only where one of the values has any. */
function fittingFormat(format: ValueFormat, values: readonly CellValue[]): ValueFormat {
  if (format !== 'decimal' && format !== 'days') return format;
  return values.every((value) => typeof value !== 'number' || Number.isInteger(value)) ? 'integer' : format;
}

function guessFormat(values: readonly CellValue[]): ValueFormat {
  const numbers = values.filter((value) => typeof value === 'number');
  if (numbers.length === 0) return 'text';
  return numbers.every(Number.isInteger) ? 'integer' : 'decimal';
}

const patterns: Readonly<Partial<Record<ValueFormat, string>>> = {
  integer: '#,##0',
  decimal: '#,##0.00',
  decimal4: '#,##0.0000',
  percent: '0.0%',
  money: '#,##0.00',
  days: '#,##0.0',
  date: 'yyyy-mm-dd',
  timestamp: 'yyyy-mm-dd hh:mm:ss',
  duration: '[h]:mm:ss',
  pValue: '[<0.0001]"< 0.0001";0.0000',
};

function valueCell(value: CellValue, format: ValueFormat, style: IStyleData): ICellData {
  if (value === null) return textCell('–', { ...style, cl: soft });
  if (typeof value === 'boolean') return { v: value ? 1 : 0, t: CellValueType.BOOLEAN, s: style };
  const number = asNumber(value, format);
  if (number === null) return textCell(String(value), style);
  if (!Number.isFinite(number)) return textCell(Number.isNaN(number) ? '–' : number < 0 ? '−∞' : '∞', style);
  const pattern = patterns[format];
  return { v: number, t: CellValueType.NUMBER, s: pattern ? { ...style, n: { pattern } } : style };
}

function asNumber(value: string | number, format: ValueFormat): number | null {
  if (typeof value === 'string') return format === 'date' || format === 'timestamp' ? serialOfText(value) : null;
  if (format === 'date') return serialOfDay(value);
  if (format === 'duration') return value / 86_400;
  return format === 'timestamp' ? serialOfTime(value) : value;
}

/** Close to what the cell shows, for measuring. */
function shownText(value: CellValue, format: ValueFormat): string {
  if (typeof value === 'number' && (format === 'decimal' || format === 'days'))
    return formatValue(value, 'money', 'en-US');
  if (typeof value === 'number' && format === 'duration') return `${Math.floor(value / 3600)}:00:00`;
  return formatValue(value, format, 'en-US');
}
