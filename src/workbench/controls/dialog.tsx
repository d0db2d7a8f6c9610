import { Dialog as ArkDialog } from '@ark-ui/solid/dialog';
import X from 'lucide-solid/icons/x';
import { type JSX, Show } from 'solid-js';
import { Portal } from 'solid-js/web';
import { IconButton } from './button.tsx';
import styles from './dialog.module.css';

/** A modal dialog: focus goes in and comes back, Escape closes it. */
export function Dialog(props: {
  open: boolean;
  title: string;
  closeLabel: string;
  onClose(): void;
  width?: number;
  /** False where a click beside the dialog must not lose what was entered. */
  closeOutside?: boolean;
  initialFocus?: () => HTMLElement | null;
  footer?: JSX.Element;
  children: JSX.Element;
}): JSX.Element {
  return (
    <ArkDialog.Root
      open={props.open}
      onOpenChange={({ open }) => {
        if (!open) props.onClose();
      }}
      closeOnInteractOutside={props.closeOutside ?? true}
      initialFocusEl={props.initialFocus}
      lazyMount
      unmountOnExit
    >
      <Portal>
        <div data-patron>
          <ArkDialog.Backdrop class={styles.backdrop} />
          <ArkDialog.Positioner class={styles.positioner}>
            <ArkDialog.Content class={styles.content} style={{ '--dialog-width': `${props.width ?? 440}px` }}>
              <div class={styles.header}>
                <ArkDialog.Title class={styles.title}>{props.title}</ArkDialog.Title>
                <IconButton label={props.closeLabel} onClick={() => props.onClose()}>
                  <X size={16} aria-hidden="true" />
                </IconButton>
              </div>
              <div class={styles.body}>{props.children}</div>
              <Show when={props.footer}>
                <div class={styles.footer}>{props.footer}</div>
              </Show>
            </ArkDialog.Content>
          </ArkDialog.Positioner>
        </div>
      </Portal>
    </ArkDialog.Root>
  );
}
