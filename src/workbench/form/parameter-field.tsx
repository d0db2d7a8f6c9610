import type { Json, ParameterContribution } from '@patron/sdk';
import { createMemo, createUniqueId, type JSX, Match, Show, Switch } from 'solid-js';
import { CheckboxField, SelectField, TextArea, TextField } from '../controls/field.tsx';
import { useWorkbench } from '../workbench.ts';
import { ColumnsField } from './columns-field.tsx';
import styles from './editors.module.css';
import { ExclusionsEditor } from './exclusions-editor.tsx';
import { Suggestions } from './filters-editor.tsx';
import { ListEditor } from './list-editor.tsx';
import { readRules, writeRules } from './rules.ts';
import { RulesEditor } from './rules-editor.tsx';
import { readSteps, writeSteps } from './steps.ts';
import { StepsEditor } from './steps-editor.tsx';

export interface ParameterFieldProps {
  /** With all its texts in the reader's language. */
  parameter: ParameterContribution;
  value: Json;
  error?: string;
  /** Columns of the role that the parameter speaks of. */
  columns: readonly string[];
  /** Values of the field that the parameter speaks of, for suggestions. */
  values: readonly string[];
  /** How many scores there are, for a rule table. */
  levels: number;
  /** The rules that apply while the user has none of their own. */
  standardRules: Json;
  segmentName(segment: string): string;
  onChange(value: Json): void;
}

type ParameterOf<Type extends ParameterContribution['type']> = Extract<ParameterContribution, { type: Type }>;

/** The control that suits a parameter's type. */
export function ParameterField(props: ParameterFieldProps): JSX.Element {
  const { t } = useWorkbench().language;
  const list = createUniqueId();
  const text = createMemo(() => (props.value === null || props.value === undefined ? '' : String(props.value)));
  const as = <Type extends ParameterContribution['type']>(type: Type): ParameterOf<Type> | false =>
    props.parameter.type === type ? (props.parameter as ParameterOf<Type>) : false;
  const settled = (): boolean => props.parameter.default === null;
  const common = () => ({
    label: props.parameter.title,
    hint: props.parameter.description,
    error: props.error,
  });
  const placeholder = (): string | undefined => {
    const hints = [
      ...(props.parameter.type === 'date' ? ['YYYY-MM-DD'] : []),
      ...(settled() ? [t('form.fromData')] : []),
    ];
    return hints.length > 0 ? hints.join(' · ') : undefined;
  };
  const orNull = (typed: string): Json => (typed === '' && settled() ? null : typed);
  return (
    <Switch>
      <Match when={as('boolean')}>
        <CheckboxField
          label={props.parameter.title}
          hint={props.parameter.description}
          checked={props.value === true}
          onChange={props.onChange}
        />
      </Match>
      <Match when={as('choice')}>
        {(parameter) => (
          <>
            <SelectField
              {...common()}
              value={text()}
              placeholder={settled() ? t('form.fromData') : ''}
              options={[
                ...parameter().choices.map(({ value, title }) => ({ value, label: title })),
                ...(parameter().choices.some(({ value }) => value === text()) || text() === ''
                  ? []
                  : [{ value: text(), label: text() }]),
              ]}
              onChange={props.onChange}
            />
          </>
        )}
      </Match>
      <Match when={as('column')}>
        <SelectField
          {...common()}
          value={text()}
          placeholder={t('form.chooseColumn')}
          options={[
            ...(settled() ? [{ value: '', label: t('form.notMapped') }] : []),
            ...props.columns.map((name) => ({ value: name, label: name })),
          ]}
          onChange={(name) => props.onChange(orNull(name))}
        />
      </Match>
      <Match when={as('columns')}>
        <ColumnsField
          title={props.parameter.title}
          hint={props.parameter.description}
          columns={props.columns}
          chosen={Array.isArray(props.value) ? (props.value as string[]) : []}
          onChange={(chosen) => props.onChange([...chosen])}
        />
      </Match>
      <Match when={as('json')}>{(parameter) => <JsonField {...props} parameter={parameter()} />}</Match>
      <Match when={true}>
        <Suggestions id={list} values={props.parameter.type === 'value' ? props.values : []} />
        <TextField
          {...common()}
          value={text()}
          inputMode={props.parameter.type === 'number' || props.parameter.type === 'integer' ? 'decimal' : 'text'}
          placeholder={placeholder()}
          list={props.parameter.type === 'value' ? list : undefined}
          onInput={(typed) => props.onChange(orNull(typed))}
        />
      </Match>
    </Switch>
  );
}

function JsonField(props: Omit<ParameterFieldProps, 'parameter'> & { parameter: ParameterOf<'json'> }): JSX.Element {
  const { t } = useWorkbench().language;
  const common = () => ({ title: props.parameter.title, hint: props.parameter.description, error: props.error });
  /** The user's rules, or those that stand while there are none. */
  const shownRules = createMemo(() =>
    readRules(Array.isArray(props.value) && props.value.length > 0 ? props.value : props.standardRules),
  );
  const numbers = (): boolean =>
    Array.isArray(props.value) && props.value.length > 0 && props.value.every((item) => typeof item === 'number');
  return (
    <Switch>
      <Match when={props.parameter.editor === 'rules'}>
        <Show
          when={shownRules().length > 0}
          fallback={
            <fieldset class={styles.group}>
              <legend>{props.parameter.title}</legend>
              <span class={styles.quiet}>{t('rules.asScheme')}</span>
              <span class={styles.quiet}>{t('rules.afterRun')}</span>
            </fieldset>
          }
        >
          <RulesEditor
            title={props.parameter.title}
            rules={shownRules()}
            levels={props.levels}
            nameOf={(rule) => rule.name ?? props.segmentName(rule.segment)}
            onChange={(rules) => props.onChange(writeRules(rules))}
            onReset={() => props.onChange(null)}
          />
        </Show>
      </Match>
      <Match when={props.parameter.editor === 'steps'}>
        <StepsEditor
          {...common()}
          steps={readSteps(props.value)}
          events={props.values}
          columns={props.columns}
          onChange={(steps) => props.onChange(writeSteps(steps))}
        />
      </Match>
      <Match when={props.parameter.editor === 'exclusions'}>
        <ExclusionsEditor {...common()} value={props.value} events={props.values} onChange={props.onChange} />
      </Match>
      <Match when={props.parameter.editor === 'list'}>
        <ListEditor
          {...common()}
          entries={Array.isArray(props.value) ? props.value.map(String) : []}
          suggestions={props.values}
          onChange={(entries) =>
            props.onChange(
              numbers()
                ? entries.map((entry) => (entry === '' || Number.isNaN(Number(entry)) ? entry : Number(entry)))
                : [...entries],
            )
          }
        />
      </Match>
      <Match when={true}>
        <RawJson {...props} />
      </Match>
    </Switch>
  );
}

/** JSON as text, for what has no editor of its own. Text that does not read stays in the field with the reason beside it. */
function RawJson(props: Omit<ParameterFieldProps, 'parameter'> & { parameter: ParameterOf<'json'> }): JSX.Element {
  const { t } = useWorkbench().language;
  const shown = (): string => {
    if (props.value === null) return '';
    return typeof props.value === 'string' ? props.value : JSON.stringify(props.value, null, 2);
  };
  const problem = (): string | undefined => {
    if (typeof props.value !== 'string' || /^[\w:-]*$/.test(props.value)) return props.error;
    try {
      JSON.parse(props.value);
      return props.error;
    } catch (error) {
      return t('form.error.json', (error as Error).message);
    }
  };
  return (
    <TextArea
      label={props.parameter.title}
      hint={props.parameter.description}
      error={problem()}
      value={shown()}
      rows={3}
      onCommit={(typed) => {
        if (typed.trim() === '') return props.onChange(props.parameter.default);
        try {
          props.onChange(JSON.parse(typed) as Json);
        } catch {
          props.onChange(typed);
        }
      }}
    />
  );
}
