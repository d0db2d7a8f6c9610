import type { ColumnType } from '@patron/sdk';
import { For, type JSX, Match, Show, Switch } from 'solid-js';
import { formulaFunctions, type Step, type TableMeta } from '../../tables/index.ts';
import { CheckboxField, SelectField, TextField } from '../controls/field.tsx';
import { ColumnsField } from '../form/columns-field.tsx';
import { useWorkbench } from '../workbench.ts';
import { JoinForm } from './join-form.tsx';
import { FilterForm, SortForm } from './row-forms.tsx';
import styles from './shape.module.css';

const types: readonly ColumnType[] = ['string', 'number', 'integer', 'boolean', 'date', 'timestamp'];

/** The form of one step. Every change gives a whole new step. */
export function StepForm(props: { step: Step; table: TableMeta; onChange(step: Step): void }): JSX.Element {
  const { language, tables } = useWorkbench();
  const { t } = language;
  const columns = (): readonly string[] => props.table.columns.map(({ name }) => name);
  const options = () => columns().map((name) => ({ value: name, label: name }));
  const others = () => tables.list().filter(({ id }) => id !== props.table.id);
  const as = <Kind extends Step['kind']>(kind: Kind): (Step & { kind: Kind }) | undefined =>
    props.step.kind === kind ? (props.step as Step & { kind: Kind }) : undefined;
  return (
    <Switch>
      <Match when={as('filter')}>
        {(step) => <FilterForm step={step()} table={props.table} onChange={props.onChange} />}
      </Match>
      <Match when={as('sort')}>
        {(step) => <SortForm step={step()} table={props.table} onChange={props.onChange} />}
      </Match>
      <Match when={as('rename')}>
        {(step) => (
          <div class={styles.list}>
            <For each={columns()}>
              {(name) => (
                <TextField
                  label={t('shape.newName', name)}
                  value={step().names[name] ?? name}
                  onInput={(text) => props.onChange({ ...step(), names: { ...step().names, [name]: text } })}
                />
              )}
            </For>
          </div>
        )}
      </Match>
      <Match when={as('retype')}>
        {(step) => (
          <>
            <SelectField
              label={t('shape.column')}
              value={step().column}
              placeholder={t('shape.chooseColumn')}
              options={options()}
              onChange={(column) => props.onChange({ ...step(), column })}
            />
            <SelectField
              label={t('shape.newType')}
              value={step().type}
              options={types.map((type) => ({ value: type, label: t(`type.${type}`) }))}
              onChange={(type) => props.onChange({ ...step(), type: type as ColumnType })}
            />
            <Show when={step().type === 'date' || step().type === 'timestamp'}>
              <SelectField
                label={t('shape.dateOrder')}
                value={step().dateOrder ?? 'day-month'}
                options={(['day-month', 'month-day'] as const).map((order) => ({
                  value: order,
                  label: t(`shape.dateOrder.${order}`),
                }))}
                onChange={(order) => props.onChange({ ...step(), dateOrder: order as 'day-month' | 'month-day' })}
              />
            </Show>
          </>
        )}
      </Match>
      <Match when={as('formula')}>
        {(step) => (
          <>
            <TextField
              label={t('shape.formulaName')}
              value={step().column}
              onInput={(column) => props.onChange({ ...step(), column })}
            />
            <TextField
              label={t('shape.formula')}
              hint={t('shape.formulaHint', formulaFunctions.join(', '))}
              value={step().formula}
              onInput={(formula) => props.onChange({ ...step(), formula })}
            />
          </>
        )}
      </Match>
      <Match when={as('join')}>
        {(step) => <JoinForm step={step()} table={props.table} others={others()} onChange={props.onChange} />}
      </Match>
      <Match when={as('append')}>
        {(step) => (
          <Show when={others().length > 0} fallback={<span class={styles.hint}>{t('shape.noOtherTable')}</span>}>
            <fieldset class={styles.list} aria-label={t('shape.appendTables')}>
              <For each={others()}>
                {({ id, name }) => (
                  <CheckboxField
                    label={name}
                    checked={step().tables.includes(id)}
                    onChange={(checked) =>
                      props.onChange({
                        ...step(),
                        tables: checked ? [...step().tables, id] : step().tables.filter((each) => each !== id),
                      })
                    }
                  />
                )}
              </For>
            </fieldset>
            <span class={styles.hint}>{t('shape.appendHint')}</span>
          </Show>
        )}
      </Match>
      <Match when={as('distinct')}>
        {(step) => (
          <>
            <ColumnsField
              title={t('shape.distinctColumns')}
              hint={t('shape.distinctHint')}
              columns={columns()}
              chosen={step().columns ?? []}
              onChange={(chosen) => props.onChange({ ...step(), columns: chosen })}
            />
            <SelectField
              label={t('shape.keep')}
              value={step().keep ?? 'first'}
              options={(['first', 'last'] as const).map((keep) => ({ value: keep, label: t(`shape.keep.${keep}`) }))}
              onChange={(keep) => props.onChange({ ...step(), keep: keep as 'first' | 'last' })}
            />
          </>
        )}
      </Match>
    </Switch>
  );
}
