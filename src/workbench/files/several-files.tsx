import { createEffect, createSignal, type JSX, on, onCleanup, Show } from 'solid-js';
import type { TablePreview } from '../../tables/index.ts';
import { SelectField } from '../controls/field.tsx';
import styles from '../import/import-dialog.module.css';
import { useWorkbench } from '../workbench.ts';

/** Whether files chosen together form one table, with what speaks against it. */
export function SeveralFilesField(props: {
  first: string;
  preview: TablePreview | null;
  together: boolean;
  onChange(together: boolean): void;
}): JSX.Element {
  const { importDialog, language, tables } = useWorkbench();
  const { t } = language;
  const [different, setDifferent] = createSignal<readonly string[]>([]);
  const namesOf = ({ detection }: TablePreview): string =>
    detection.columns
      .map(({ name }) => name)
      .sort()
      .join('\n');
  createEffect(
    on([importDialog.more, () => props.preview !== null], async ([more, ready]) => {
      let current = true;
      onCleanup(() => {
        current = false;
      });
      const first = props.preview;
      if (!ready || !first) return;
      const others: string[] = [];
      for (const file of more) {
        // A file that cannot be read says so when its turn comes.
        const preview = await tables.client.preview(file).catch(() => null);
        if (!current) return;
        if (preview && namesOf(preview) !== namesOf(first)) others.push(file.name);
      }
      setDifferent(others);
      if (others.length > 0) props.onChange(false);
    }),
  );
  return (
    <>
      <SelectField
        label={t('import.several')}
        value={props.together ? 'together' : 'separate'}
        options={[
          { value: 'together', label: t('import.together') },
          { value: 'separate', label: t('import.separate') },
        ]}
        onChange={(value) => props.onChange(value === 'together')}
      />
      <span class={styles.hint}>{t('import.severalHint', props.first)}</span>
      <Show when={props.together && different().length > 0}>
        <span class={styles.hint}>{t('import.columnsDiffer', different().join(', '))}</span>
      </Show>
    </>
  );
}
