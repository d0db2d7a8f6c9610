import { Checkbox } from '@ark-ui/solid/checkbox';
import { Field } from '@ark-ui/solid/field';
import Check from 'lucide-solid/icons/check';
import { For, type JSX, Show } from 'solid-js';
import styles from './field.module.css';

interface FieldProps {
  label: string;
  /** The label is spoken but not drawn, where the place already says it. */
  hideLabel?: boolean;
  /** A word after the label, such as "optional". */
  aside?: string;
  hint?: string;
  error?: string;
  disabled?: boolean;
}

function Frame(props: FieldProps & { children: JSX.Element }): JSX.Element {
  return (
    <Field.Root class={styles.field} invalid={props.error !== undefined} disabled={props.disabled}>
      <Field.Label class={props.hideLabel ? 'visually-hidden' : styles.label}>
        {props.label}
        <Show when={props.aside}>
          <span class={styles.optional}>{props.aside}</span>
        </Show>
      </Field.Label>
      {props.children}
      <Show when={props.hint}>
        <Field.HelperText class={styles.hint}>{props.hint}</Field.HelperText>
      </Show>
      <Show when={props.error}>
        <Field.ErrorText class={styles.error}>{props.error}</Field.ErrorText>
      </Show>
    </Field.Root>
  );
}

/** One line of text. `onInput` comes with every key, `onCommit` when the field is left or Enter is pressed. */
export function TextField(
  props: FieldProps & {
    value: string;
    onInput?: (value: string) => void;
    onCommit?: (value: string) => void;
    placeholder?: string;
    type?: 'text' | 'search' | 'date';
    inputMode?: 'text' | 'decimal' | 'numeric';
    list?: string;
    autofocus?: boolean;
  },
): JSX.Element {
  return (
    <Frame {...props}>
      <Field.Input
        class={styles.control}
        type={props.type ?? 'text'}
        inputmode={props.inputMode}
        value={props.value}
        placeholder={props.placeholder}
        list={props.list}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => props.onInput?.(event.currentTarget.value)}
        onChange={(event) => props.onCommit?.(event.currentTarget.value)}
        ref={(element: HTMLInputElement) => {
          if (props.autofocus) queueMicrotask(() => element.select());
        }}
      />
    </Frame>
  );
}

/** Several lines of text in a fixed-width face. */
export function TextArea(
  props: FieldProps & { value: string; onCommit(value: string): void; rows?: number },
): JSX.Element {
  return (
    <Frame {...props}>
      <Field.Textarea
        class={styles.control}
        rows={props.rows ?? 5}
        value={props.value}
        spellcheck={false}
        onChange={(event) => props.onCommit(event.currentTarget.value)}
      />
    </Frame>
  );
}

export interface Option {
  readonly value: string;
  readonly label: string;
}

/** A choice of one from a short list. A value that is not among the options shows as `placeholder`. */
export function SelectField(
  props: FieldProps & {
    value: string | null;
    options: readonly Option[];
    onChange(value: string): void;
    placeholder?: string;
  },
): JSX.Element {
  const known = (): boolean => props.options.some(({ value }) => value === props.value);
  return (
    <Frame {...props}>
      <Field.Select
        class={styles.control}
        onChange={(event) => props.onChange(event.currentTarget.value)}
        title={props.options.find(({ value }) => value === props.value)?.label}
      >
        <Show when={!known()}>
          <option value="" selected disabled>
            {props.placeholder ?? ''}
          </option>
        </Show>
        <For each={props.options}>
          {(option) => (
            <option value={option.value} selected={option.value === props.value}>
              {option.label}
            </option>
          )}
        </For>
      </Field.Select>
    </Frame>
  );
}

export function CheckboxField(props: {
  label: string;
  checked: boolean;
  onChange(checked: boolean): void;
  hint?: string;
  disabled?: boolean;
}): JSX.Element {
  return (
    <div class={styles.field}>
      <Checkbox.Root
        class={styles.checkbox}
        checked={props.checked}
        disabled={props.disabled}
        onCheckedChange={({ checked }) => props.onChange(checked === true)}
      >
        <Checkbox.Control class={styles.box}>
          <Checkbox.Indicator>
            <Check size={12} stroke-width={3} aria-hidden="true" />
          </Checkbox.Indicator>
        </Checkbox.Control>
        <Checkbox.Label>{props.label}</Checkbox.Label>
        <Checkbox.HiddenInput />
      </Checkbox.Root>
      <Show when={props.hint}>
        <span class={styles.hint}>{props.hint}</span>
      </Show>
    </div>
  );
}
