import FileUp from 'lucide-solid/icons/file-up';
import { createSignal, type JSX, onCleanup, onMount, Show } from 'solid-js';
import { useWorkbench } from '../workbench.ts';
import styles from './files.module.css';
import { openFiles } from './open-files.ts';

type HandleItem = DataTransferItem & { getAsFileSystemHandle?(): Promise<FileSystemHandle | null> };

/** Files dropped anywhere in the window are opened. A `.patron` file that the browser can write to is remembered for Save. */
export function DropTarget(): JSX.Element {
  const workbench = useWorkbench();
  const { t } = workbench.language;
  const [over, setOver] = createSignal(false);
  const holdsFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
  const onDragOver = (event: DragEvent): void => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    event.stopPropagation();
    setOver(true);
  };
  const onDragLeave = (event: DragEvent): void => {
    if (event.relatedTarget === null) setOver(false);
  };
  const onDrop = (event: DragEvent): void => {
    setOver(false);
    if (!holdsFiles(event)) return;
    event.preventDefault();
    event.stopPropagation();
    const chosen = [...(event.dataTransfer?.files ?? [])];
    const item: HandleItem | undefined = [...(event.dataTransfer?.items ?? [])].find(({ kind }) => kind === 'file');
    const handle = chosen.length === 1 ? item?.getAsFileSystemHandle?.().catch(() => null) : undefined;
    void Promise.resolve(handle).then((known) =>
      openFiles(workbench, chosen, known?.kind === 'file' ? (known as FileSystemFileHandle) : undefined),
    );
  };
  onMount(() => {
    window.addEventListener('dragover', onDragOver, { capture: true });
    window.addEventListener('dragleave', onDragLeave, { capture: true });
    window.addEventListener('drop', onDrop, { capture: true });
    onCleanup(() => {
      window.removeEventListener('dragover', onDragOver, { capture: true });
      window.removeEventListener('dragleave', onDragLeave, { capture: true });
      window.removeEventListener('drop', onDrop, { capture: true });
    });
  });
  return (
    <Show when={over()}>
      <div class={styles.drop}>
        <FileUp size={32} stroke-width={1.5} aria-hidden="true" />
        {t('file.dropHere')}
        <span>{t('file.dropHint')}</span>
      </div>
    </Show>
  );
}
