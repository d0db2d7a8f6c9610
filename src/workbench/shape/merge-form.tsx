import { For, type JSX, Show } from 'solid-js';
import type { MergePreview, MergeRule, TableMeta } from '../../tables/index.ts';
import { Button } from '../controls/button.tsx';
import { CheckboxField, SelectField } from '../controls/field.tsx';
import { chooseFiles } from '../files/open-files.ts';
import { ColumnsField } from '../form/columns-field.tsx';
import { useWorkbench } from '../workbench.ts';
import styles from './shape.module.css';

/** The value of the choice to leave a column out; no column can be called that, for names are trimmed. */
const leftOut = ' ';

/** A file, the key columns, what to bring in, and where each column of the file goes. */
export function MergeForm(props: {
  table: TableMeta;
  file: File | null;
  rule: MergeRule;
  isRemembered: boolean;
  fileColumns: MergePreview['fileColumns'];
  onFile(file: File): void;
  onChange(rule: MergeRule): void;
}): JSX.Element {
  const { t } = useWorkbench().language;
  const names = (): readonly string[] => props.table.columns.map(({ name }) => name);
  const change = (part: Partial<MergeRule>): void => props.onChange({ ...props.rule, ...part });
  return (
    <>
      <span class={styles.hint}>{t('shape.merge.hint')}</span>
      <div class={styles.buttons}>
        <Button
          onClick={async () => {
            const [file] = await chooseFiles();
            if (file) props.onFile(file);
          }}
        >
          {t('shape.merge.choose')}
        </Button>
        <span class={styles.spread}>{props.file?.name}</span>
      </div>
      <Show when={props.isRemembered}>
        <span class={styles.hint}>{t('shape.merge.remembered')}</span>
      </Show>
      <SelectField
        label={t('shape.merge.mode')}
        value={props.rule.mode}
        options={(['append', 'both', 'update', 'create'] as const).map((mode) => ({
          value: mode,
          label: t(`shape.merge.${mode}`),
        }))}
        onChange={(mode) => change({ mode: mode as MergeRule['mode'] })}
      />
      <Show when={props.rule.mode !== 'append'}>
        <ColumnsField
          title={t('shape.merge.keys')}
          hint={t('shape.merge.keysHint')}
          columns={names()}
          chosen={props.rule.keys}
          onChange={(keys) => change({ keys })}
        />
      </Show>
      <Show when={props.rule.mode === 'both' || props.rule.mode === 'update'}>
        <CheckboxField
          label={t('shape.merge.clear')}
          checked={props.rule.blanks === 'clear'}
          onChange={(clear) => change({ blanks: clear ? 'clear' : 'keep' })}
        />
      </Show>
      <Show when={props.fileColumns.length > 0}>
        <fieldset class={styles.list}>
          <legend>{t('shape.merge.mapping')}</legend>
          <For each={props.fileColumns}>
            {({ name }) => (
              <SelectField
                label={t('shape.merge.goesTo', name)}
                value={target(props.rule, name) ?? leftOut}
                options={[
                  { value: leftOut, label: t('shape.merge.leaveOut') },
                  ...(names().includes(name) ? [] : [{ value: name, label: t('shape.merge.newColumn', name) }]),
                  ...names().map((each) => ({ value: each, label: each })),
                ]}
                onChange={(to) => change({ mapping: { ...props.rule.mapping, [name]: to === leftOut ? null : to } })}
              />
            )}
          </For>
        </fieldset>
      </Show>
    </>
  );
}

function target({ mapping }: MergeRule, name: string): string | null {
  return Object.hasOwn(mapping, name) ? mapping[name] : name;
}
