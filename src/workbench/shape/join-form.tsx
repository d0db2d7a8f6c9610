import Plus from 'lucide-solid/icons/plus';
import X from 'lucide-solid/icons/x';
import { Index, type JSX, Show } from 'solid-js';
import type { Step, TableMeta } from '../../tables/index.ts';
import { Button, IconButton } from '../controls/button.tsx';
import { SelectField } from '../controls/field.tsx';
import { useWorkbench } from '../workbench.ts';
import styles from './shape.module.css';

type Join = Step & { kind: 'join' };

/** The other table, the keys that both share, and which rows to keep. */
export function JoinForm(props: {
  step: Join;
  table: TableMeta;
  others: readonly TableMeta[];
  onChange(step: Step): void;
}): JSX.Element {
  const { t } = useWorkbench().language;
  const other = (): TableMeta | undefined => props.others.find(({ id }) => id === props.step.table);
  const put = (keys: Join['keys']): void => props.onChange({ ...props.step, keys });
  const chooseTable = (table: string): void => {
    const names = new Set(props.others.find(({ id }) => id === table)?.columns.map(({ name }) => name));
    const shared = props.table.columns.find(({ name }) => names.has(name))?.name ?? '';
    props.onChange({ ...props.step, table, keys: [{ left: shared, right: shared }] });
  };
  const optionsOf = (table: TableMeta | undefined) =>
    (table?.columns ?? []).map(({ name }) => ({ value: name, label: name }));
  return (
    <Show when={props.others.length > 0} fallback={<span class={styles.hint}>{t('shape.noOtherTable')}</span>}>
      <SelectField
        label={t('shape.otherTable')}
        value={props.step.table}
        placeholder={t('shape.chooseTable')}
        options={props.others.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={chooseTable}
      />
      <SelectField
        label={t('shape.join.how')}
        value={props.step.how}
        options={(['left', 'inner', 'anti'] as const).map((how) => ({ value: how, label: t(`shape.join.${how}`) }))}
        onChange={(how) => props.onChange({ ...props.step, how: how as Join['how'] })}
      />
      <Index each={props.step.keys}>
        {(key, at) => (
          <fieldset class={styles.pair}>
            <SelectField
              label={t('shape.keyHere')}
              value={key().left}
              placeholder={t('shape.chooseColumn')}
              options={optionsOf(props.table)}
              onChange={(left) => put(props.step.keys.map((each, i) => (i === at ? { ...each, left } : each)))}
            />
            <SelectField
              label={t('shape.keyThere')}
              value={key().right}
              placeholder={t('shape.chooseColumn')}
              options={optionsOf(other())}
              onChange={(right) => put(props.step.keys.map((each, i) => (i === at ? { ...each, right } : each)))}
            />
            <IconButton
              label={t('shape.removeKey', at + 1)}
              disabled={props.step.keys.length === 1}
              onClick={() => put(props.step.keys.filter((_, i) => i !== at))}
            >
              <X size={15} aria-hidden="true" />
            </IconButton>
          </fieldset>
        )}
      </Index>
      <div>
        <Button variant="quiet" onClick={() => put([...props.step.keys, { left: '', right: '' }])}>
          <Plus size={14} aria-hidden="true" />
          {t('shape.addKey')}
        </Button>
      </div>
      <Show when={props.step.how !== 'anti'}>
        <SelectField
          label={t('shape.duplicates')}
          value={props.step.duplicates ?? 'refuse'}
          options={(['refuse', 'first'] as const).map((each) => ({
            value: each,
            label: t(`shape.duplicates.${each}`),
          }))}
          onChange={(duplicates) => props.onChange({ ...props.step, duplicates: duplicates as 'refuse' | 'first' })}
        />
      </Show>
    </Show>
  );
}
