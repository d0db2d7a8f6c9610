import { type JSX, splitProps } from 'solid-js';
import styles from './button.module.css';

type NativeButton = Omit<JSX.ButtonHTMLAttributes<HTMLButtonElement>, 'class' | 'classList'>;

/** `primary` is the one thing to do next; `plain` any other action; `quiet` an action inside running text or a list. */
export function Button(props: NativeButton & { variant?: 'primary' | 'plain' | 'quiet' }): JSX.Element {
  const [own, native] = splitProps(props, ['variant']);
  return <button type="button" {...native} class={`${styles.button} ${styles[own.variant ?? 'plain']}`} />;
}

/** A button that shows only an icon; `label` is its name and its tooltip. */
export function IconButton(
  props: NativeButton & { label: string; shortcut?: string; small?: boolean; children: JSX.Element },
): JSX.Element {
  const [own, native] = splitProps(props, ['label', 'shortcut', 'small']);
  return (
    <button
      type="button"
      {...native}
      aria-label={own.label}
      title={own.shortcut ? `${own.label} (${own.shortcut})` : own.label}
      class={`${styles.button} ${styles.icon} ${own.small ? styles.small : ''}`}
    />
  );
}
