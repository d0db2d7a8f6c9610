import type { Json, JsonObject } from '@patron/sdk';
import Plus from 'lucide-solid/icons/plus';
import Trash from 'lucide-solid/icons/trash';
import { createUniqueId, Index, type JSX, Show } from 'solid-js';
import { Button, IconButton } from '../controls/button.tsx';
import { TextField } from '../controls/field.tsx';
import { useWorkbench } from '../workbench.ts';
import styles from './editors.module.css';
import { Suggestions } from './filters-editor.tsx';

/** Events that must not happen between two steps: `{ event, from, to }`, steps counted from 1. */
export function ExclusionsEditor(props: {
  title: string;
  hint?: string;
  error?: string;
  value: Json;
  events: readonly string[];
  onChange(value: Json): void;
}): JSX.Element {
  const { t } = useWorkbench().language;
  const list = createUniqueId();
  const entries = (): readonly JsonObject[] => (Array.isArray(props.value) ? (props.value as JsonObject[]) : []);
  const change = (index: number, part: JsonObject): void =>
    props.onChange(entries().map((entry, at) => (at === index ? { ...entry, ...part } : entry)));
  const step = (typed: string): number => Math.max(1, Math.round(Number(typed)) || 1);
  return (
    <fieldset class={styles.group}>
      <legend>{props.title}</legend>
      {props.hint && <span class={styles.quiet}>{props.hint}</span>}
      <Suggestions id={list} values={props.events} />
      <Show when={entries().length === 0}>
        <span class={styles.quiet}>{t('exclusions.none')}</span>
      </Show>
      <ul class={styles.list}>
        <Index each={entries()}>
          {(entry, index) => (
            <li class={styles.card}>
              <div class={styles.row}>
                <TextField
                  label={t('exclusions.event', index + 1)}
                  hideLabel
                  placeholder={t('steps.event')}
                  value={String(entry().event ?? '')}
                  list={list}
                  onInput={(event) => change(index, { event })}
                />
                <IconButton
                  label={t('exclusions.remove', index + 1)}
                  onClick={() => props.onChange(entries().filter((_, at) => at !== index))}
                >
                  <Trash size={14} aria-hidden="true" />
                </IconButton>
              </div>
              <div class={styles.row}>
                <TextField
                  label={t('exclusions.from')}
                  inputMode="numeric"
                  value={String(entry().from ?? 1)}
                  onCommit={(typed) => change(index, { from: step(typed) })}
                />
                <TextField
                  label={t('exclusions.to')}
                  inputMode="numeric"
                  value={String(entry().to ?? 2)}
                  onCommit={(typed) => change(index, { to: step(typed) })}
                />
              </div>
            </li>
          )}
        </Index>
      </ul>
      {props.error && <span class={styles.error}>{props.error}</span>}
      <div>
        <Button variant="quiet" onClick={() => props.onChange([...entries(), { event: '', from: 1, to: 2 }])}>
          <Plus size={14} aria-hidden="true" />
          {t('exclusions.add')}
        </Button>
      </div>
    </fieldset>
  );
}
