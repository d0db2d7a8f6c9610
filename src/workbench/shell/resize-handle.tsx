import { createSignal, type JSX } from 'solid-js';
import styles from './window.module.css';

const step = 16;

/**
 * The edge between a panel and the sheets, as the window splitter of the ARIA practices: it drags, the arrow keys move it,
 * Home and End go to the ends. Only the panel's width is set; the sheets take what is left.
 */
export function ResizeHandle(props: {
  label: string;
  width: number;
  minimum: number;
  maximum: number;
  /** On which side of the handle the panel is. */
  side: 'left' | 'right';
  onResize(width: number): void;
}): JSX.Element {
  const [dragging, setDragging] = createSignal(false);
  const sign = (): number => (props.side === 'left' ? 1 : -1);
  const resize = (width: number): void =>
    props.onResize(Math.min(props.maximum, Math.max(props.minimum, Math.round(width))));
  let start = { x: 0, width: 0 };
  const keys: Record<string, () => number> = {
    ArrowLeft: () => props.width - sign() * step,
    ArrowRight: () => props.width + sign() * step,
    Home: () => props.minimum,
    End: () => props.maximum,
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that can be focused and moved has no element of its own.
    <div
      role="separator"
      tabindex={0}
      aria-label={props.label}
      aria-orientation="vertical"
      aria-valuenow={props.width}
      aria-valuemin={props.minimum}
      aria-valuemax={props.maximum}
      class={`${styles.handle} ${props.side === 'left' ? styles.atLeft : styles.atRight}`}
      data-dragging={dragging() ? '' : undefined}
      onPointerDown={(event) => {
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        start = { x: event.clientX, width: props.width };
        setDragging(true);
      }}
      onPointerMove={(event) => {
        if (dragging()) resize(start.width + sign() * (event.clientX - start.x));
      }}
      onPointerUp={() => setDragging(false)}
      onPointerCancel={() => setDragging(false)}
      onKeyDown={(event) => {
        const next = keys[event.key];
        if (!next) return;
        event.preventDefault();
        resize(next());
      }}
    />
  );
}
