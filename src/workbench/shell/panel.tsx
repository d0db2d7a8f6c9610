import type { JSX } from 'solid-js';
import styles from './panel.module.css';

/** A side panel: a heading, its actions, and a body that scrolls. */
export function Panel(props: { title: string; actions?: JSX.Element; children: JSX.Element }): JSX.Element {
  return (
    <section class={styles.panel} aria-label={props.title}>
      <header class={styles.header}>
        <h2 class={styles.title} title={props.title}>
          {props.title}
        </h2>
        {props.actions}
      </header>
      <div class={styles.body}>{props.children}</div>
    </section>
  );
}

/** A heading within a panel. */
export function PanelHeading(props: { children: JSX.Element }): JSX.Element {
  return <h3 class={styles.heading}>{props.children}</h3>;
}

/** What a panel says while it has nothing to list: the benefit, the step, one action. */
export function PanelEmpty(props: { title?: string; children: JSX.Element }): JSX.Element {
  return (
    <div class={styles.empty}>
      {props.title && <strong>{props.title}</strong>}
      {props.children}
    </div>
  );
}
