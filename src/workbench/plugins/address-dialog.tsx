import { createSignal, type JSX } from 'solid-js';
import { Button } from '../controls/button.tsx';
import { Dialog } from '../controls/dialog.tsx';
import { TextField } from '../controls/field.tsx';
import { useWorkbench } from '../workbench.ts';

/** Asks where a plugin that is being written is served. */
export function AddressDialog(props: { open: boolean; onClose(): void }): JSX.Element {
  const { language, plugins } = useWorkbench();
  const { t } = language;
  const [address, setAddress] = createSignal('http://localhost:5199');
  const load = (event: Event): void => {
    event.preventDefault();
    props.onClose();
    void plugins.openAddress(address().trim());
  };
  return (
    <Dialog
      open={props.open}
      title={t('plugins.address.title')}
      closeLabel={t('common.close')}
      onClose={() => props.onClose()}
      footer={
        <>
          <Button onClick={() => props.onClose()}>{t('common.cancel')}</Button>
          <Button variant="primary" onClick={load}>
            {t('plugins.address.go')}
          </Button>
        </>
      }
    >
      <form onSubmit={load}>
        <TextField
          label={t('plugins.address.label')}
          hint={t('plugins.address.hint')}
          value={address()}
          autofocus
          onInput={setAddress}
        />
      </form>
    </Dialog>
  );
}
