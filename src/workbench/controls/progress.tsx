import { Progress } from '@ark-ui/solid/progress';
import { type JSX, Show } from 'solid-js';
import { Button } from './button.tsx';
import styles from './progress.module.css';

/** How far a piece of work is: what it does, the percentage where it is known, and Cancel. */
export function ProgressBar(props: {
  label: string;
  text: string;
  /** 0 … 1, or null while it is not known. */
  share: number | null;
  cancelLabel?: string;
  onCancel?: () => void;
}): JSX.Element {
  const percent = (): number | null => (props.share === null ? null : Math.min(100, Math.floor(props.share * 100)));
  return (
    <Progress.Root class={styles.progress} value={percent()} min={0} max={100}>
      <div class={styles.line}>
        <Progress.Label class="visually-hidden">{props.label}</Progress.Label>
        <span class={styles.text} role="status">
          {props.text}
        </span>
        <Show when={percent() !== null}>
          <span class={styles.percent}>{percent()}%</span>
        </Show>
        <Show when={props.onCancel}>
          <Button variant="quiet" onClick={() => props.onCancel?.()}>
            {props.cancelLabel}
          </Button>
        </Show>
      </div>
      <Progress.Track class={styles.track} aria-label={props.label}>
        <Progress.Range class={styles.range} />
      </Progress.Track>
    </Progress.Root>
  );
}
