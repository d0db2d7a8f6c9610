import { createSignal, type JSX, Show } from 'solid-js';
import type { TableColumn } from '../../workbook/index.ts';
import { Button } from '../controls/button.tsx';
import { SelectField, TextField } from '../controls/field.tsx';
import { useWorkbench } from '../workbench.ts';
import styles from './column-menu.module.css';
import { type ColumnFilter, type ConditionOperator, operatorsFor, valuesNeeded } from './view-state.ts';
import { operatorWords } from './view-words.ts';

/** One comparison that the rows must pass. */
export function ConditionForm(props: {
  column: TableColumn;
  filter: ColumnFilter | undefined;
  onChange(filter: ColumnFilter | null): void;
}): JSX.Element {
  const { t } = useWorkbench().language;
  const { type, name: column } = props.column;
  // Names of a closed set are stored as something else than they read: they are chosen by value.
  const operators = operatorsFor(props.column.labels ? 'boolean' : type);
  const known = props.filter?.kind === 'condition' ? props.filter : undefined;
  const [operator, setOperator] = createSignal<ConditionOperator>(known?.operator ?? operators[0]);
  const [value, setValue] = createSignal(String(known?.value ?? ''));
  const [to, setTo] = createSignal(String(known?.to ?? ''));
  const [tried, setTried] = createSignal(false);
  const isTime = type === 'date' || type === 'timestamp';
  const isNumber = type === 'number' || type === 'integer';
  const entered = (text: string): string | number | undefined => {
    if (isTime) return Number.isNaN(Date.parse(text)) ? undefined : text;
    if (!isNumber) return text === '' ? undefined : text;
    const plain = text.trim().replace(/[,，\s]/g, '');
    return plain === '' || Number.isNaN(Number(plain)) ? undefined : Number(plain);
  };
  const fault = (text: string): string | undefined =>
    tried() && entered(text) === undefined
      ? t(isTime ? 'view.enterDay' : isNumber ? 'view.enterNumber' : 'view.enterText')
      : undefined;
  const needed = (): number => valuesNeeded(operator());
  const apply = (event: Event): void => {
    event.preventDefault();
    setTried(true);
    const low = entered(value());
    const high = entered(to());
    if ((needed() > 0 && low === undefined) || (needed() > 1 && high === undefined)) return;
    props.onChange({
      kind: 'condition',
      column,
      operator: operator(),
      ...(needed() > 0 ? { value: low } : {}),
      ...(needed() > 1 ? { to: high } : {}),
    });
  };
  const Value = (field: { label: string; value: string; onInput(value: string): void; hide?: boolean }) => (
    <TextField
      label={field.label}
      hideLabel={field.hide}
      type={isTime ? 'date' : 'text'}
      inputMode={isNumber ? 'decimal' : 'text'}
      placeholder={field.hide ? field.label : undefined}
      value={field.value}
      error={fault(field.value)}
      onInput={field.onInput}
    />
  );
  return (
    <form class={styles.form} onSubmit={apply}>
      <SelectField
        label={t('view.comparison')}
        hideLabel
        value={operator()}
        options={operators.map((each) => ({ value: each, label: operatorWords(each, type, t) }))}
        onChange={(next) => setOperator(next as ConditionOperator)}
      />
      <Show when={needed() === 1}>
        <Value label={t('view.value')} hide value={value()} onInput={setValue} />
      </Show>
      <Show when={needed() === 2}>
        <div class={styles.pair}>
          <Value label={t('view.from')} value={value()} onInput={setValue} />
          <Value label={t('view.to')} value={to()} onInput={setTo} />
        </div>
      </Show>
      <div class={styles.footer}>
        <Show when={props.filter}>
          <Button onClick={() => props.onChange(null)}>{t('view.unfilter')}</Button>
        </Show>
        <Button type="submit" variant="primary">
          {t('view.apply')}
        </Button>
      </div>
    </form>
  );
}
