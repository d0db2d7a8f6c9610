import Plus from 'lucide-solid/icons/plus';
import X from 'lucide-solid/icons/x';
import { Index, type JSX, Show } from 'solid-js';
import { type FilterOperator, filterOperators, type RowFilter, type Step, type TableMeta } from '../../tables/index.ts';
import { Button, IconButton } from '../controls/button.tsx';
import { SelectField, TextField } from '../controls/field.tsx';
import { useWorkbench } from '../workbench.ts';
import styles from './shape.module.css';

const listed: readonly FilterOperator[] = ['one-of', 'none-of'];
const textOnly: readonly FilterOperator[] = ['contains', 'starts-with'];

/** The conditions that rows must fulfil. */
export function FilterForm(props: {
  step: Step & { kind: 'filter' };
  table: TableMeta;
  onChange(step: Step): void;
}): JSX.Element {
  const { t } = useWorkbench().language;
  const put = (filters: readonly RowFilter[]): void => props.onChange({ ...props.step, filters });
  const change = (at: number, part: Partial<RowFilter>): void =>
    put(props.step.filters.map((filter, i) => (i === at ? { ...filter, ...part } : filter)));
  const operatorsOf = (column: string): readonly FilterOperator[] => {
    const isText = props.table.columns.find(({ name }) => name === column)?.type === 'string';
    return isText ? filterOperators : filterOperators.filter((operator) => !textOnly.includes(operator));
  };
  const enter = (at: number, text: string): void => {
    if (!listed.includes(props.step.filters[at].operator)) change(at, { value: text, values: undefined });
    else {
      const values = text.split(/[,，]/).map((each) => each.trim());
      change(at, { value: text, values: values.filter((each) => each !== '') });
    }
  };
  return (
    <>
      <Index each={props.step.filters}>
        {(filter, at) => (
          <fieldset class={styles.condition}>
            <legend class="visually-hidden">{t('shape.condition', at + 1)}</legend>
            <SelectField
              label={t('shape.column')}
              hideLabel
              value={filter().column}
              placeholder={t('shape.chooseColumn')}
              options={props.table.columns.map(({ name }) => ({ value: name, label: name }))}
              onChange={(column) => {
                const fits = operatorsOf(column).includes(filter().operator);
                change(at, { column, ...(fits ? {} : { operator: 'equals' }) });
              }}
            />
            <SelectField
              label={t('shape.comparison')}
              hideLabel
              value={filter().operator}
              options={operatorsOf(filter().column).map((operator) => ({
                value: operator,
                label: t(`shape.operator.${operator}`),
              }))}
              onChange={(operator) => {
                change(at, { operator: operator as FilterOperator });
                enter(at, String(props.step.filters[at].value ?? ''));
              }}
            />
            <IconButton
              label={t('shape.removeCondition', at + 1)}
              disabled={props.step.filters.length === 1}
              onClick={() => put(props.step.filters.filter((_, i) => i !== at))}
            >
              <X size={15} aria-hidden="true" />
            </IconButton>
            <Show when={filter().operator !== 'missing' && filter().operator !== 'present'}>
              <TextField
                label={t('shape.value')}
                hideLabel
                placeholder={t('shape.value')}
                hint={listed.includes(filter().operator) ? t('shape.oneOfHint') : undefined}
                value={String(filter().value ?? '')}
                onInput={(text) => enter(at, text)}
              />
            </Show>
          </fieldset>
        )}
      </Index>
      <div>
        <Button
          variant="quiet"
          onClick={() => put([...props.step.filters, { column: '', operator: 'equals', value: '' }])}
        >
          <Plus size={14} aria-hidden="true" />
          {t('shape.addCondition')}
        </Button>
      </div>
      <span class={styles.hint}>{t('shape.conditionsHint')}</span>
    </>
  );
}

/** The keys that rows are put in order by. */
export function SortForm(props: {
  step: Step & { kind: 'sort' };
  table: TableMeta;
  onChange(step: Step): void;
}): JSX.Element {
  const { t } = useWorkbench().language;
  const put = (keys: (Step & { kind: 'sort' })['keys']): void => props.onChange({ ...props.step, keys });
  return (
    <>
      <Index each={props.step.keys}>
        {(key, at) => (
          <fieldset class={styles.pair}>
            <legend class="visually-hidden">{t('shape.sortKey', at + 1)}</legend>
            <SelectField
              label={t('shape.column')}
              hideLabel
              value={key().column}
              placeholder={t('shape.chooseColumn')}
              options={props.table.columns.map(({ name }) => ({ value: name, label: name }))}
              onChange={(column) => put(props.step.keys.map((each, i) => (i === at ? { ...each, column } : each)))}
            />
            <SelectField
              label={t('shape.order')}
              hideLabel
              value={key().descending ? 'descending' : 'ascending'}
              options={(['ascending', 'descending'] as const).map((order) => ({
                value: order,
                label: t(`shape.${order}`),
              }))}
              onChange={(order) =>
                put(
                  props.step.keys.map((each, i) => (i === at ? { ...each, descending: order === 'descending' } : each)),
                )
              }
            />
            <IconButton
              label={t('shape.removeSortKey', at + 1)}
              disabled={props.step.keys.length === 1}
              onClick={() => put(props.step.keys.filter((_, i) => i !== at))}
            >
              <X size={15} aria-hidden="true" />
            </IconButton>
          </fieldset>
        )}
      </Index>
      <div>
        <Button variant="quiet" onClick={() => put([...props.step.keys, { column: '' }])}>
          <Plus size={14} aria-hidden="true" />
          {t('shape.addSortKey')}
        </Button>
      </div>
    </>
  );
}
