import type { CellValue, ColumnType } from '@patron/sdk';
import { createMemo, For, type JSX, Show } from 'solid-js';
import type { Translate } from '../../i18n/index.ts';
import type { DateOrder, DetectedColumn, TablePreview } from '../../tables/index.ts';
import { SelectField, TextField } from '../controls/field.tsx';
import { useWorkbench } from '../workbench.ts';
import styles from './import-dialog.module.css';

const types: readonly ColumnType[] = ['string', 'number', 'integer', 'boolean', 'date', 'timestamp'];
const orders: readonly DateOrder[] = ['day-month', 'month-day'];
const columnsShown = 60;
const rowsShown = 30;

/** The first rows as they would be imported, each column's name and type open to change. */
export function PreviewGrid(props: {
  preview: TablePreview;
  onRename(original: string, name: string): void;
  onType(original: string, type: ColumnType): void;
  onDateOrder(original: string, order: DateOrder): void;
}): JSX.Element {
  const { t } = useWorkbench().language;
  const columns = createMemo(() => props.preview.detection.columns.slice(0, columnsShown));
  const total = (): number => props.preview.detection.columns.length;
  const numeric = (type: ColumnType): boolean => type === 'number' || type === 'integer';
  return (
    <>
      <section class={styles.preview} aria-label={t('import.preview')} tabindex={0}>
        <table class={styles.table}>
          <thead>
            <tr>
              <th class={styles.row} scope="col">
                <span class="visually-hidden">{t('import.row')}</span>
              </th>
              <For each={columns()}>
                {(column, index) => (
                  <th scope="col">
                    <div class={styles.head}>
                      <TextField
                        label={t('import.columnName', index() + 1)}
                        hideLabel
                        value={column.name}
                        onCommit={(name) => props.onRename(column.original, name.trim() || column.original)}
                      />
                      <SelectField
                        label={t('import.columnType', column.name)}
                        hideLabel
                        value={column.type}
                        options={types.map((type) => ({ value: type, label: t(`type.${type}`) }))}
                        onChange={(type) => props.onType(column.original, type as ColumnType)}
                      />
                      <Show when={column.dateOrder}>
                        <SelectField
                          label={t('import.dateOrder', column.name)}
                          hideLabel
                          value={column.dateOrder ?? null}
                          options={orders.map((order) => ({ value: order, label: t(`import.dateOrder.${order}`) }))}
                          onChange={(order) => props.onDateOrder(column.original, order as DateOrder)}
                        />
                      </Show>
                      <Show when={noteOf(column, t)}>
                        {(note) => (
                          <span class={styles.note} classList={{ [styles.doubt]: column.dateOrderFrom === 'habit' }}>
                            {note()}
                          </span>
                        )}
                      </Show>
                    </div>
                  </th>
                )}
              </For>
            </tr>
          </thead>
          <tbody>
            <For each={props.preview.rows.slice(0, rowsShown)}>
              {(row, number) => (
                <tr>
                  <td class={styles.row}>{number() + 1}</td>
                  <For each={columns()}>
                    {(column, index) => (
                      <td classList={{ [styles.number]: numeric(column.type) }} title={shown(row[index()])}>
                        <Show when={row[index()] !== null} fallback={<span class={styles.missing}>–</span>}>
                          {shown(row[index()])}
                        </Show>
                      </td>
                    )}
                  </For>
                </tr>
              )}
            </For>
          </tbody>
        </table>
      </section>
      <span class={styles.hint}>{t('import.previewHint')}</span>
      <Show when={total() > columnsShown}>
        <span class={styles.hint}>{t('import.columnShown', columnsShown, total())}</span>
      </Show>
    </>
  );
}

/** What a column's type rests on, where that is worth a look. */
function noteOf({ dateOrder, dateOrderFrom, keptAsText }: DetectedColumn, t: Translate): string | undefined {
  if (dateOrder && dateOrderFrom) return t(`import.orderFrom.${dateOrderFrom}`);
  return keptAsText && t(`import.kept.${keptAsText}`);
}

/** A value as the preview shows it: times without the T of ISO. */
function shown(value: CellValue | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value !== 'string') return String(value);
  return value.replace(/^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}(?::\d{2})?)(?:\.000)?/, '$1 $2');
}
