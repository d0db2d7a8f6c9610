import ArrowDown from 'lucide-solid/icons/arrow-down';
import ArrowUp from 'lucide-solid/icons/arrow-up';
import Plus from 'lucide-solid/icons/plus';
import Trash from 'lucide-solid/icons/trash';
import { createMemo, For, Index, type JSX, Show } from 'solid-js';
import { Button, IconButton } from '../controls/button.tsx';
import { TextField } from '../controls/field.tsx';
import { useWorkbench } from '../workbench.ts';
import styles from './editors.module.css';
import { checkRules, type Rule, type RuleFault, type Score, scores } from './rules.ts';

/** A rule table: the scores that make a segment. Rules move by buttons, so that no drag is needed. */
export function RulesEditor(props: {
  title: string;
  rules: readonly Rule[];
  levels: number;
  /** A segment's name in the reader's language. */
  nameOf(rule: Rule): string;
  onChange(rules: readonly Rule[]): void;
  onReset(): void;
}): JSX.Element {
  const { t } = useWorkbench().language;
  const faults = createMemo(() => checkRules(props.rules, props.levels));
  const change = (index: number, part: Partial<Rule>): void =>
    props.onChange(props.rules.map((rule, at) => (at === index ? { ...rule, ...part } : rule)));
  const move = (index: number, by: number): void => {
    const moved = [...props.rules];
    const [rule] = moved.splice(index, 1);
    moved.splice(index + by, 0, rule);
    props.onChange(moved);
  };
  const setEnd = (index: number, score: Score, end: 0 | 1, typed: string): void => {
    const range: [number, number] = [...(props.rules[index][score] ?? ([1, props.levels] as const))];
    range[end] = Math.min(props.levels, Math.max(1, Math.round(Number(typed)) || 1));
    change(index, { [score]: range });
  };
  const say = (fault: RuleFault): string => {
    switch (fault.kind) {
      case 'unnamed':
        return t('rules.unnamed', fault.rule);
      case 'backwards':
        return t('rules.bad', fault.rule);
      case 'overlap':
        return t('rules.overlap', fault.rule, fault.other);
      default:
        return t('rules.gaps', fault.cells);
    }
  };
  return (
    <fieldset class={styles.group}>
      <legend>{props.title}</legend>
      <span class={styles.quiet}>{t('rules.hint')}</span>
      <ol class={styles.list}>
        <Index each={props.rules}>
          {(rule, index) => (
            <li class={`${styles.card} ${styles.rule}`}>
              <TextField
                label={t('rules.nameOf', index + 1)}
                hideLabel
                value={props.nameOf(rule())}
                onCommit={(name) =>
                  change(index, { name, segment: rule().segment === '' ? name.trim() : rule().segment })
                }
              />
              <div class={styles.head}>
                <IconButton
                  small
                  label={t('rules.up', index + 1)}
                  disabled={index === 0}
                  onClick={() => move(index, -1)}
                >
                  <ArrowUp size={14} aria-hidden="true" />
                </IconButton>
                <IconButton
                  small
                  label={t('rules.down', index + 1)}
                  disabled={index === props.rules.length - 1}
                  onClick={() => move(index, 1)}
                >
                  <ArrowDown size={14} aria-hidden="true" />
                </IconButton>
                <IconButton
                  small
                  label={t('rules.remove', index + 1)}
                  onClick={() => props.onChange(props.rules.filter((_, at) => at !== index))}
                >
                  <Trash size={14} aria-hidden="true" />
                </IconButton>
              </div>
              <div class={styles.ranges}>
                <For each={scores}>
                  {(score) => (
                    <fieldset class={styles.range}>
                      <legend class="visually-hidden">{t('rules.range', score.toUpperCase())}</legend>
                      <span aria-hidden="true">{score.toUpperCase()}</span>
                      <input
                        inputmode="numeric"
                        aria-label={t('rules.from', score.toUpperCase(), index + 1)}
                        value={rule()[score]?.[0] ?? 1}
                        onChange={(event) => setEnd(index, score, 0, event.currentTarget.value)}
                      />
                      <span aria-hidden="true">–</span>
                      <input
                        inputmode="numeric"
                        aria-label={t('rules.to', score.toUpperCase(), index + 1)}
                        value={rule()[score]?.[1] ?? props.levels}
                        onChange={(event) => setEnd(index, score, 1, event.currentTarget.value)}
                      />
                    </fieldset>
                  )}
                </For>
              </div>
            </li>
          )}
        </Index>
      </ol>
      <div role="status">
        <Show when={faults().length > 0} fallback={<span class={styles.good}>{t('rules.whole')}</span>}>
          <For each={faults()}>{(fault) => <div class={styles.error}>{say(fault)}</div>}</For>
        </Show>
      </div>
      <div>
        <Button
          variant="quiet"
          onClick={() => props.onChange([...props.rules, { segment: '', r: [1, 1], f: [1, 1], rest: {} }])}
        >
          <Plus size={14} aria-hidden="true" />
          {t('rules.add')}
        </Button>
        <Button variant="quiet" onClick={() => props.onReset()}>
          {t('rules.backToScheme')}
        </Button>
      </div>
    </fieldset>
  );
}
