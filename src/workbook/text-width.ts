const family = '"Helvetica Neue", Arial, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';
let context: OffscreenCanvasRenderingContext2D | null = null;

/** Pixels that `text` takes in a cell, in a type of `points`. */
export function textWidth(text: string, points = 11, bold = false): number {
  context ??= new OffscreenCanvas(1, 1).getContext('2d');
  if (!context) return text.length * points;
  context.font = `${bold ? 'bold ' : ''}${points}pt ${family}`;
  return context.measureText(text).width;
}

/** How many lines `text` takes when it is broken at `width` pixels. */
export function wrappedLines(text: string, width: number, points: number): number {
  return text
    .split('\n')
    .reduce((lines, line) => lines + Math.max(1, Math.ceil((textWidth(line, points) * 1.04) / width)), 0);
}
