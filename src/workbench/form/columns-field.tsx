import { createMemo, createSignal, For, type JSX, Show } from 'solid-js';
import { CheckboxField, TextField } from '../controls/field.tsx';
import { useWorkbench } from '../workbench.ts';
import styles from './editors.module.css';

/** A choice of several columns. With many columns a field narrows the list. */
export function ColumnsField(props: {
  title: string;
  hint?: string;
  columns: readonly string[];
  chosen: readonly string[];
  onChange(chosen: readonly string[]): void;
}): JSX.Element {
  const { t } = useWorkbench().language;
  const [query, setQuery] = createSignal('');
  const shown = createMemo(() =>
    props.columns.filter((name) => name.toLowerCase().includes(query().toLowerCase())).slice(0, 200),
  );
  return (
    <fieldset class={styles.group}>
      <legend>
        {props.title} <span class={styles.quiet}>{t('form.chosen', props.chosen.length)}</span>
      </legend>
      {props.hint && <span class={styles.quiet}>{props.hint}</span>}
      <Show when={props.columns.length > 12}>
        <TextField
          label={t('form.search')}
          hideLabel
          placeholder={t('form.search')}
          value={query()}
          onInput={setQuery}
        />
      </Show>
      <div class={styles.choices}>
        <For each={shown()}>
          {(name) => (
            <CheckboxField
              label={name}
              checked={props.chosen.includes(name)}
              onChange={(checked) =>
                props.onChange(
                  checked
                    ? props.columns.filter((each) => each === name || props.chosen.includes(each))
                    : props.chosen.filter((each) => each !== name),
                )
              }
            />
          )}
        </For>
      </div>
    </fieldset>
  );
}
