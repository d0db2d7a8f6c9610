import Plus from 'lucide-solid/icons/plus';
import X from 'lucide-solid/icons/x';
import { For, Index, type JSX, Show } from 'solid-js';
import type { FilterOperator, RowFilter } from '../../analysis/index.ts';
import { Button, IconButton } from '../controls/button.tsx';
import { SelectField, TextField } from '../controls/field.tsx';
import { useWorkbench } from '../workbench.ts';
import styles from './editors.module.css';
import type { Problem } from './form-check.ts';

const filterOperators: readonly FilterOperator[] = ['=', '!=', '>', '>=', '<', '<=', '^=', '!^='];

/** The filters on the rows of a role: column, comparison, value. */
export function FiltersEditor(props: {
  filters: readonly RowFilter[];
  columns: readonly string[];
  problemAt(index: number): Problem | undefined;
  onChange(filters: readonly RowFilter[]): void;
}): JSX.Element {
  const { t } = useWorkbench().language;
  const change = (index: number, part: Partial<RowFilter>): void =>
    props.onChange(props.filters.map((filter, at) => (at === index ? { ...filter, ...part } : filter)));
  return (
    <fieldset class={styles.group}>
      <legend>{t('form.filters')}</legend>
      <Show when={props.filters.length === 0}>
        <span class={styles.quiet}>{t('form.filtersAll')}</span>
      </Show>
      <Index each={props.filters}>
        {(filter, index) => (
          <fieldset class={styles.filter}>
            <legend class="visually-hidden">{t('form.filter', index + 1)}</legend>
            <SelectField
              label={t('form.filterColumn')}
              hideLabel
              value={filter().column}
              placeholder={t('form.chooseColumn')}
              options={props.columns.map((name) => ({ value: name, label: name }))}
              onChange={(column) => change(index, { column })}
              error={props.problemAt(index)?.(t)}
            />
            <SelectField
              label={t('form.filterOperator')}
              hideLabel
              value={filter().operator}
              options={filterOperators.map((operator) => ({ value: operator, label: t(`form.operator.${operator}`) }))}
              onChange={(operator) => change(index, { operator: operator as FilterOperator })}
            />
            <TextField
              label={t('form.filterValue')}
              hideLabel
              placeholder={t('form.filterValue')}
              value={filter().value}
              onInput={(value) => change(index, { value })}
            />
            <IconButton
              label={t('form.removeFilter', index + 1)}
              onClick={() => props.onChange(props.filters.filter((_, at) => at !== index))}
            >
              <X size={15} aria-hidden="true" />
            </IconButton>
          </fieldset>
        )}
      </Index>
      <div>
        <Button
          variant="quiet"
          onClick={() => props.onChange([...props.filters, { column: '', operator: '=', value: '' }])}
        >
          <Plus size={14} aria-hidden="true" />
          {t('form.addFilter')}
        </Button>
      </div>
    </fieldset>
  );
}

/** Suggestions for a text field: `list` of an input names `id`. */
export function Suggestions(props: { id: string; values: readonly string[] }): JSX.Element {
  return (
    <datalist id={props.id}>
      <For each={props.values}>{(value) => <option value={value} />}</For>
    </datalist>
  );
}
