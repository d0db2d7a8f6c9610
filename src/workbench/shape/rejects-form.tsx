import { type Column, numberAt, textAt } from '@patron/sdk';
import { createMemo, For, type JSX, Show } from 'solid-js';
import type { CellFix, RejectReason, Rejects } from '../../tables/index.ts';
import { TextField } from '../controls/field.tsx';
import { useWorkbench } from '../workbench.ts';
import styles from './shape.module.css';

const mostShown = 200;
const ofCells: readonly string[] = ['not-a-number', 'not-an-integer', 'not-a-date', 'not-a-boolean'];

/** The values that were set aside, each with a field for what it should have been. */
export function RejectsForm(props: {
  rejects: Rejects;
  fixes: readonly CellFix[];
  onChange(fixes: readonly CellFix[]): void;
}): JSX.Element {
  const { t } = useWorkbench().language;
  const column = (name: string): Column | undefined => props.rejects.columns.find((each) => each.name === name)?.column;
  const textOf = (name: string, row: number): string => {
    const found = column(name);
    return (found && textAt(found, row)) ?? '';
  };
  const fixable = createMemo(() =>
    Array.from({ length: props.rejects.rows }, (_, row) => row).filter(
      (row) => ofCells.includes(textOf('reason', row)) && textOf('column', row) !== '',
    ),
  );
  const lineOf = (row: number): number => {
    const lines = column('line');
    return lines ? numberAt(lines, row) : 0;
  };
  const enter = (row: number, text: string): void => {
    const others = props.fixes.filter(({ reject }) => reject !== row);
    props.onChange(text === textOf('raw', row) ? others : [...others, { reject: row, text }]);
  };
  return (
    <Show when={fixable().length > 0} fallback={<span class={styles.hint}>{t('shape.rejects.none')}</span>}>
      <span class={styles.hint}>{t('shape.rejects.hint')}</span>
      <section class={styles.grid} aria-label={t('shape.task.rejects')}>
        <table class={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t('rejects.line')}</th>
              <th scope="col">{t('rejects.column')}</th>
              <th scope="col">{t('rejects.reason')}</th>
              <th scope="col">{t('rejects.raw')}</th>
            </tr>
          </thead>
          <tbody>
            <For each={fixable().slice(0, mostShown)}>
              {(row) => (
                <tr>
                  <td>{lineOf(row)}</td>
                  <td>{textOf('column', row)}</td>
                  <td>{t(`rejects.${textOf('reason', row) as RejectReason}`)}</td>
                  <td>
                    <TextField
                      label={t('shape.rejects.correct', textOf('raw', row), lineOf(row))}
                      hideLabel
                      value={props.fixes.find(({ reject }) => reject === row)?.text ?? textOf('raw', row)}
                      onInput={(text) => enter(row, text)}
                    />
                  </td>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </section>
      <Show when={fixable().length > mostShown}>
        <span class={styles.hint}>{t('shape.rejects.shown', mostShown, fixable().length)}</span>
      </Show>
    </Show>
  );
}
