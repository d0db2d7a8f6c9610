import { createEffect, createSignal, type JSX, on, Show } from 'solid-js';
import { useWorkbench } from '../workbench.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { TextField } from './field.tsx';

/** A name to ask for: of a workbook or a table. */
export interface AskedName {
  readonly title: string;
  readonly label: string;
  readonly value: string;
  readonly emptyError: string;
  /** What the button says. Default: rename. */
  readonly action?: string;
  give(name: string): void;
}

/** Asks for one name. Enter gives it, Escape leaves everything as it was. */
export function NameDialog(): JSX.Element {
  const { language, nameDialog } = useWorkbench();
  const { t } = language;
  const [name, setName] = createSignal('');
  const [tried, setTried] = createSignal(false);
  createEffect(
    on(nameDialog.asked, (asked) => {
      setName(asked?.value ?? '');
      setTried(false);
    }),
  );
  const give = (event: Event): void => {
    event.preventDefault();
    setTried(true);
    if (name().trim() === '') return;
    nameDialog.asked()?.give(name().trim());
    nameDialog.close();
  };
  return (
    <Show when={nameDialog.asked()}>
      {(asked) => (
        <Dialog
          open
          title={asked().title}
          closeLabel={t('common.close')}
          onClose={() => nameDialog.close()}
          footer={
            <>
              <Button onClick={() => nameDialog.close()}>{t('common.cancel')}</Button>
              <Button variant="primary" onClick={give}>
                {asked().action ?? t('common.rename')}
              </Button>
            </>
          }
        >
          <form onSubmit={give}>
            <TextField
              label={asked().label}
              value={name()}
              autofocus
              onInput={setName}
              error={tried() && name().trim() === '' ? asked().emptyError : undefined}
            />
          </form>
        </Dialog>
      )}
    </Show>
  );
}
