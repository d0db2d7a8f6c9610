import { ROW_OPERATORS } from '@patron/sdk';
import ArrowDown from 'lucide-solid/icons/arrow-down';
import ArrowUp from 'lucide-solid/icons/arrow-up';
import Plus from 'lucide-solid/icons/plus';
import Trash from 'lucide-solid/icons/trash';
import X from 'lucide-solid/icons/x';
import { createSignal, createUniqueId, Index, type JSX, Show } from 'solid-js';
import { Button, IconButton } from '../controls/button.tsx';
import { CheckboxField, SelectField, TextField } from '../controls/field.tsx';
import { useWorkbench } from '../workbench.ts';
import styles from './editors.module.css';
import { Suggestions } from './filters-editor.tsx';
import { isWithoutValue, type Step, type StepFilter } from './steps.ts';

/** The steps of a funnel: an event each, with conditions; reordered by buttons. */
export function StepsEditor(props: {
  title: string;
  hint?: string;
  error?: string;
  steps: readonly Step[];
  /** Event names of the chosen column. */
  events: readonly string[];
  columns: readonly string[];
  onChange(steps: readonly Step[]): void;
}): JSX.Element {
  const { t } = useWorkbench().language;
  const list = createUniqueId();
  const [said, setSaid] = createSignal('');
  const change = (index: number, part: Partial<Step>): void =>
    props.onChange(props.steps.map((step, at) => (at === index ? { ...step, ...part } : step)));
  const changeFilter = (index: number, filter: number, part: Partial<StepFilter>): void =>
    change(index, {
      filters: props.steps[index].filters.map((each, at) => (at === filter ? { ...each, ...part } : each)),
    });
  const move = (index: number, by: number): void => {
    const moved = [...props.steps];
    const [step] = moved.splice(index, 1);
    moved.splice(index + by, 0, step);
    props.onChange(moved);
    setSaid(t('steps.moved', index + by + 1, moved.length));
  };
  return (
    <fieldset class={styles.group}>
      <legend>{props.title}</legend>
      {props.hint && <span class={styles.quiet}>{props.hint}</span>}
      <Suggestions id={list} values={props.events} />
      <ol class={styles.list}>
        <Index each={props.steps}>
          {(step, index) => (
            <li class={styles.card}>
              <div class={styles.head}>
                <strong>{t('steps.step', index + 1)}</strong>
                <IconButton
                  small
                  label={t('steps.up', index + 1)}
                  disabled={index === 0}
                  onClick={() => move(index, -1)}
                >
                  <ArrowUp size={14} aria-hidden="true" />
                </IconButton>
                <IconButton
                  small
                  label={t('steps.down', index + 1)}
                  disabled={index === props.steps.length - 1}
                  onClick={() => move(index, 1)}
                >
                  <ArrowDown size={14} aria-hidden="true" />
                </IconButton>
                <IconButton
                  small
                  label={t('steps.remove', index + 1)}
                  onClick={() => props.onChange(props.steps.filter((_, at) => at !== index))}
                >
                  <Trash size={14} aria-hidden="true" />
                </IconButton>
              </div>
              <TextField
                label={t('steps.event')}
                hideLabel
                placeholder={t('steps.event')}
                value={step().event}
                list={list}
                onInput={(event) => change(index, { event })}
              />
              <Index each={step().filters}>
                {(filter, at) => (
                  <fieldset class={styles.filter}>
                    <legend class="visually-hidden">{t('form.filter', at + 1)}</legend>
                    <SelectField
                      label={t('form.filterColumn')}
                      hideLabel
                      value={filter().property}
                      placeholder={t('form.chooseColumn')}
                      options={props.columns.map((name) => ({ value: name, label: name }))}
                      onChange={(property) => changeFilter(index, at, { property })}
                    />
                    <SelectField
                      label={t('form.filterOperator')}
                      hideLabel
                      value={filter().operator}
                      options={ROW_OPERATORS.map((operator) => ({
                        value: operator,
                        label: t(`form.operator.${operator}`),
                      }))}
                      onChange={(operator) => changeFilter(index, at, { operator })}
                    />
                    <TextField
                      label={t('form.filterValue')}
                      hideLabel
                      placeholder={t('form.filterValue')}
                      value={filter().value}
                      disabled={isWithoutValue(filter().operator)}
                      onInput={(value) => changeFilter(index, at, { value })}
                    />
                    <IconButton
                      label={t('form.removeFilter', at + 1)}
                      onClick={() => change(index, { filters: step().filters.filter((_, other) => other !== at) })}
                    >
                      <X size={15} aria-hidden="true" />
                    </IconButton>
                  </fieldset>
                )}
              </Index>
              <Show when={index > 0 || step().optional}>
                <CheckboxField
                  label={t('steps.optional')}
                  checked={step().optional}
                  onChange={(optional) => change(index, { optional })}
                />
              </Show>
              <div>
                <Button
                  variant="quiet"
                  onClick={() =>
                    change(index, { filters: [...step().filters, { property: '', operator: '=', value: '' }] })
                  }
                >
                  <Plus size={14} aria-hidden="true" />
                  {t('steps.addFilter')}
                </Button>
              </div>
            </li>
          )}
        </Index>
      </ol>
      <span class="visually-hidden" role="status">
        {said()}
      </span>
      {props.error && <span class={styles.error}>{props.error}</span>}
      <div>
        <Button
          variant="plain"
          onClick={() => props.onChange([...props.steps, { event: '', filters: [], optional: false, rest: {} }])}
        >
          <Plus size={14} aria-hidden="true" />
          {t('steps.add')}
        </Button>
      </div>
    </fieldset>
  );
}
