import type { ICellCustomRender, ICellRenderContext } from '@univerjs/core';
import type { HeaderMark } from './shown-rows.ts';

/** Pixels at the right of a header cell that open the menu of its column. */
export const BUTTON_WIDTH = 28;

const QUIET = '#5b6472';
/** Seen on the light header and on the dark one. */
const ACTIVE = '#2f74ea';

/** The mark in a header cell that opens the column's menu and says how the column filters and sorts the rows. */
export function headerButton(
  mark: () => HeaderMark | undefined,
  openMenu: (column: number) => void,
): ICellCustomRender {
  return {
    drawWith(context, { primaryWithCoord }) {
      const { endX, startY, endY } = primaryWithCoord;
      const { sorted, place, filtered } = mark() ?? {};
      const x = endX - BUTTON_WIDTH / 2 - 1;
      const y = (startY + endY) / 2;
      context.save();
      context.lineWidth = 1.5;
      context.lineCap = 'round';
      context.lineJoin = 'round';
      context.strokeStyle = sorted || filtered ? ACTIVE : QUIET;
      context.fillStyle = context.strokeStyle;
      if (sorted && filtered) {
        drawFunnel(context, x + 6, y);
        drawArrow(context, x - 5, y, sorted);
      } else if (filtered) drawFunnel(context, x, y);
      else if (sorted) {
        drawArrow(context, place ? x - 3 : x, y, sorted);
        if (place) drawPlace(context, x + 5, y, place);
      } else drawCaret(context, x, y);
      context.restore();
    },
    isHit: ({ x }, info) => x >= endOf(info) - BUTTON_WIDTH && x <= endOf(info),
    onPointerDown({ col }) {
      // The press goes on to select the cell; the menu comes when it is over, and keeps the focus.
      const open = (): void => void setTimeout(() => openMenu(col));
      window.addEventListener('pointerup', open, { once: true, capture: true });
    },
  };
}

const endOf = ({ primaryWithCoord }: ICellRenderContext): number => primaryWithCoord.endX;

type Drawing = CanvasRenderingContext2D;

function drawCaret(context: Drawing, x: number, y: number): void {
  context.beginPath();
  context.moveTo(x - 3.5, y - 1.5);
  context.lineTo(x, y + 2);
  context.lineTo(x + 3.5, y - 1.5);
  context.stroke();
}

function drawArrow(context: Drawing, x: number, y: number, sorted: 'ascending' | 'descending'): void {
  const head = sorted === 'ascending' ? -1 : 1;
  context.beginPath();
  context.moveTo(x, y - 4.5 * head);
  context.lineTo(x, y + 4.5 * head);
  context.moveTo(x - 3, y + 1.5 * head);
  context.lineTo(x, y + 4.5 * head);
  context.lineTo(x + 3, y + 1.5 * head);
  context.stroke();
}

function drawFunnel(context: Drawing, x: number, y: number): void {
  context.beginPath();
  context.moveTo(x - 4.5, y - 4);
  context.lineTo(x + 4.5, y - 4);
  context.lineTo(x + 1, y);
  context.lineTo(x + 1, y + 4);
  context.lineTo(x - 1, y + 2.5);
  context.lineTo(x - 1, y);
  context.closePath();
  context.fill();
}

function drawPlace(context: Drawing, x: number, y: number, place: number): void {
  context.font = '600 9px system-ui, sans-serif';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.fillText(String(place), x, y + 0.5);
}
