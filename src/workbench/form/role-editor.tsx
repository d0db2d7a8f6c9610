import type { RoleContribution } from '@patron/sdk';
import Plus from 'lucide-solid/icons/plus';
import X from 'lucide-solid/icons/x';
import { createMemo, For, type JSX, Show } from 'solid-js';
import type { FieldSource } from '../../analysis/index.ts';
import { IconButton } from '../controls/button.tsx';
import { SelectField } from '../controls/field.tsx';
import { useWorkbench } from '../workbench.ts';
import { FiltersEditor } from './filters-editor.tsx';
import type { Problem } from './form-check.ts';
import { draftFor, type FormTable, type RoleDraft } from './form-state.ts';
import styles from './role-editor.module.css';

/** One role: its table, the columns that fill its fields, and the filters on its rows. */
export function RoleEditor(props: {
  /** With all its texts in the reader's language. */
  role: RoleContribution;
  /** True where the analysis reads several tables, so that the table's label must say which. */
  several: boolean;
  draft: RoleDraft;
  tables: readonly FormTable[];
  problemAt(path: string): Problem | undefined;
  onChange(draft: RoleDraft): void;
}): JSX.Element {
  const { t } = useWorkbench().language;
  const path = (): string => `inputs.${props.role.role}`;
  const table = createMemo(() => props.tables.find(({ id }) => id === props.draft.table));
  const columns = createMemo(() => table()?.columns.map(({ name }) => name) ?? []);
  const setField = (name: string, source: FieldSource | null): void => {
    const fields: Record<string, FieldSource> = { ...props.draft.fields };
    if (source === null) delete fields[name];
    else fields[name] = source;
    props.onChange({ ...props.draft, fields });
  };
  return (
    <div class={styles.role}>
      <SelectField
        label={props.several ? t('form.tableOf', props.role.title) : t('form.table')}
        aside={props.role.optional ? t('form.optional') : undefined}
        hint={props.several ? props.role.description : undefined}
        value={props.draft.table ?? (props.role.optional ? '' : null)}
        placeholder={t('form.chooseTable')}
        options={[
          ...(props.role.optional ? [{ value: '', label: t('form.notMapped') }] : []),
          ...props.tables.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        error={props.problemAt(path())?.(t)}
        onChange={(id) =>
          props.onChange(
            draftFor(
              props.role,
              props.tables.find((each) => each.id === id),
            ),
          )
        }
      />
      <Show when={table()}>
        <For each={props.role.fields}>
          {(field) => (
            <FieldEditor
              title={field.title}
              hint={field.description}
              optional={field.optional === true}
              numeric={field.kind === 'number'}
              source={props.draft.fields[field.name]}
              columns={columns()}
              error={props.problemAt(`${path()}.${field.name}`)?.(t)}
              onChange={(source) => setField(field.name, source)}
            />
          )}
        </For>
        <FiltersEditor
          filters={props.draft.filters}
          columns={columns()}
          problemAt={(index) => props.problemAt(`${path()}.filters.${index}`)}
          onChange={(filters) => props.onChange({ ...props.draft, filters })}
        />
      </Show>
    </div>
  );
}

function FieldEditor(props: {
  title: string;
  hint?: string;
  optional: boolean;
  numeric: boolean;
  source: FieldSource | undefined;
  columns: readonly string[];
  error?: string;
  onChange(source: FieldSource | null): void;
}): JSX.Element {
  const { t } = useWorkbench().language;
  const product = (): readonly [string, string] | null =>
    typeof props.source === 'object' ? props.source.product : null;
  const first = (): string => product()?.[0] ?? (typeof props.source === 'string' ? props.source : '');
  const options = () => props.columns.map((name) => ({ value: name, label: name }));
  return (
    <div class={styles.field}>
      <SelectField
        label={props.title}
        aside={props.optional ? t('form.optional') : undefined}
        hint={props.hint}
        value={first() === '' && !props.optional ? null : first()}
        placeholder={t('form.chooseColumn')}
        options={[...(props.optional ? [{ value: '', label: t('form.notMapped') }] : []), ...options()]}
        error={props.error}
        onChange={(name) => {
          const pair = product();
          if (name === '') props.onChange(null);
          else props.onChange(pair ? { product: [name, pair[1]] } : name);
        }}
      />
      <Show when={product()}>
        {(pair) => (
          <div class={styles.product}>
            <span aria-hidden="true">×</span>
            <SelectField
              label={t('form.times', props.title)}
              hideLabel
              value={pair()[1]}
              placeholder={t('form.chooseColumn')}
              options={options()}
              onChange={(name) => props.onChange({ product: [pair()[0], name] })}
            />
            <IconButton label={t('form.removeProduct')} onClick={() => props.onChange(pair()[0])}>
              <X size={15} aria-hidden="true" />
            </IconButton>
          </div>
        )}
      </Show>
      <Show when={props.numeric && !product() && first() !== '' && props.columns.length > 1}>
        <button
          type="button"
          class={styles.multiply}
          aria-label={t('form.addProduct', props.title)}
          onClick={() =>
            props.onChange({ product: [first(), props.columns.find((name) => name !== first()) ?? first()] })
          }
        >
          <Plus size={12} aria-hidden="true" />
          {t('form.multiply')}
        </button>
      </Show>
    </div>
  );
}
