import { For, type JSX, Show } from 'solid-js';
import { CheckboxField, SelectField } from '../controls/field.tsx';
import { useWorkbench } from '../workbench.ts';
import styles from './import-dialog.module.css';

/** As what the sheets of a workbook are brought in: as typed tables, or as sheets to edit. */
export type SheetMode = 'table' | 'sheet';

/** Which parts of a file are imported, and as what; `shown` is the one whose first rows are looked at. */
export function SheetOptions(props: {
  isWorkbook: boolean;
  parts: readonly string[];
  shown: string;
  chosen: readonly string[];
  mode: SheetMode;
  onMode(mode: SheetMode): void;
  onShow(part: string): void;
  onChoose(parts: readonly string[]): void;
}): JSX.Element {
  const { t } = useWorkbench().language;
  const toggle = (part: string, on: boolean): void =>
    props.onChoose(props.parts.filter((each) => (each === part ? on : props.chosen.includes(each))));
  return (
    <>
      <Show when={props.isWorkbook}>
        <SelectField
          label={t('import.as')}
          value={props.mode}
          options={[
            { value: 'table', label: t('import.as.table') },
            { value: 'sheet', label: t('import.as.sheet') },
          ]}
          onChange={(mode) => props.onMode(mode as SheetMode)}
        />
      </Show>
      <Show when={props.parts.length > 1 && props.mode === 'table'}>
        <SelectField
          label={props.isWorkbook ? t('import.sheet') : t('import.list')}
          value={props.shown}
          options={props.parts.map((part) => ({ value: part, label: part }))}
          onChange={props.onShow}
        />
      </Show>
      <Show when={props.parts.length > 1}>
        <fieldset class={styles.parts}>
          <legend>{props.isWorkbook ? t('import.sheets') : t('import.lists')}</legend>
          <For each={props.parts}>
            {(part) => (
              <CheckboxField
                label={part}
                checked={props.chosen.includes(part)}
                disabled={props.chosen.length === 1 && props.chosen.includes(part)}
                onChange={(on) => toggle(part, on)}
              />
            )}
          </For>
        </fieldset>
      </Show>
    </>
  );
}
