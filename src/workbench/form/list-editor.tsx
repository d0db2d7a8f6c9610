import Plus from 'lucide-solid/icons/plus';
import X from 'lucide-solid/icons/x';
import { createUniqueId, Index, type JSX } from 'solid-js';
import { Button, IconButton } from '../controls/button.tsx';
import { TextField } from '../controls/field.tsx';
import { useWorkbench } from '../workbench.ts';
import styles from './editors.module.css';
import { Suggestions } from './filters-editor.tsx';

/** A list of texts or numbers, one field an entry. */
export function ListEditor(props: {
  title: string;
  hint?: string;
  error?: string;
  entries: readonly string[];
  suggestions: readonly string[];
  onChange(entries: readonly string[]): void;
}): JSX.Element {
  const { t } = useWorkbench().language;
  const list = createUniqueId();
  return (
    <fieldset class={styles.group}>
      <legend>{props.title}</legend>
      {props.hint && <span class={styles.quiet}>{props.hint}</span>}
      <Suggestions id={list} values={props.suggestions} />
      <Index each={props.entries}>
        {(entry, index) => (
          <div class={styles.row}>
            <TextField
              label={t('list.item', index + 1)}
              hideLabel
              value={entry()}
              list={list}
              onInput={(text) => props.onChange(props.entries.map((each, at) => (at === index ? text : each)))}
            />
            <IconButton
              label={t('list.remove', index + 1)}
              onClick={() => props.onChange(props.entries.filter((_, at) => at !== index))}
            >
              <X size={15} aria-hidden="true" />
            </IconButton>
          </div>
        )}
      </Index>
      {props.error && <span class={styles.error}>{props.error}</span>}
      <div>
        <Button variant="quiet" onClick={() => props.onChange([...props.entries, ''])}>
          <Plus size={14} aria-hidden="true" />
          {t('list.add')}
        </Button>
      </div>
    </fieldset>
  );
}
