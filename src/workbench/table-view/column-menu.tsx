import { Popover } from '@ark-ui/solid/popover';
import ArrowDown from 'lucide-solid/icons/arrow-down';
import ArrowUp from 'lucide-solid/icons/arrow-up';
import ChartColumn from 'lucide-solid/icons/chart-column';
import X from 'lucide-solid/icons/x';
import { createSignal, type JSX, onCleanup, Show } from 'solid-js';
import { Portal } from 'solid-js/web';
import { IconButton } from '../controls/button.tsx';
import { useWorkbench } from '../workbench.ts';
import styles from './column-menu.module.css';
import { ConditionForm } from './condition-form.tsx';
import type { ActiveView, MenuTarget } from './table-views.ts';
import { ValuesForm } from './values-form.tsx';
import { type ColumnFilter, type ViewState, withFilter, withoutSort, withSort } from './view-state.ts';
import { orderKind } from './view-words.ts';

/** What can be done with a column of a table sheet: order the rows by it, filter by it, see its statistics. */
export function ColumnMenu(): JSX.Element {
  const { session, tableViews: views } = useWorkbench();
  const close = (): void => {
    views.closeMenu();
    session.host().focus();
  };
  return (
    <Show when={views.menu()} keyed>
      {(target) => (
        <Popover.Root
          open
          onOpenChange={({ open }) => {
            if (!open) close();
          }}
          positioning={{ getAnchorRect: () => target.area, placement: 'bottom-start', gutter: 2 }}
        >
          <Portal>
            <div data-patron>
              <Popover.Positioner class={styles.positioner}>
                <Popover.Content class={styles.content} ref={takeFocus}>
                  <Show when={views.active()}>
                    {(view) => <MenuBody target={target} view={view()} close={close} />}
                  </Show>
                </Popover.Content>
              </Popover.Positioner>
            </div>
          </Portal>
        </Popover.Root>
      )}
    </Show>
  );
}

/** The first choice gets the focus, once whatever opened the menu has let go of it. */
function takeFocus(content: HTMLElement): void {
  const timer = setTimeout(() => content.querySelector<HTMLElement>('[data-first]')?.focus(), 30);
  onCleanup(() => clearTimeout(timer));
}

function MenuBody(props: { target: MenuTarget; view: ActiveView; close(): void }): JSX.Element {
  const { language, tableViews: views } = useWorkbench();
  const { t } = language;
  const { column } = props.target;
  const title = column.title ?? column.name;
  const kind = orderKind(column.type);
  const filter = (): ColumnFilter | undefined => props.view.state.filters.find((each) => each.column === column.name);
  const [byCondition, setByCondition] = createSignal(filter()?.kind === 'condition');
  const key = () => props.view.state.sort.find((each) => each.column === column.name);
  const others = (): boolean => props.view.state.sort.some((each) => each.column !== column.name);
  const change = (next: ViewState): void => {
    props.close();
    void views.change(next);
  };
  const sort = (descending: boolean, add: boolean): void =>
    change(withSort(props.view.state, { column: column.name, ...(descending && { descending }) }, add));
  const put = (next: ColumnFilter | null): void => change(withFilter(props.view.state, column.name, next));
  const SortItem = (item: { descending: boolean; add: boolean }): JSX.Element => (
    <button
      type="button"
      class={styles.item}
      data-first={!item.descending && !item.add ? '' : undefined}
      aria-pressed={!item.add && !others() && key() ? (key()?.descending === true) === item.descending : undefined}
      onClick={() => sort(item.descending, item.add)}
    >
      <Show when={item.descending} fallback={<ArrowUp size={15} aria-hidden="true" />}>
        <ArrowDown size={15} aria-hidden="true" />
      </Show>
      {item.add
        ? t(item.descending ? 'view.addDescending' : 'view.addAscending')
        : t(`view.${item.descending ? 'descending' : 'ascending'}.${kind}`)}
    </button>
  );
  return (
    <>
      <div class={styles.header}>
        <Popover.Title class={styles.title} aria-label={t('view.menu', title)} title={title}>
          {title}
        </Popover.Title>
        <span class={styles.type}>{t(`type.${column.type}`)}</span>
        <IconButton small label={t('common.close')} onClick={() => props.close()}>
          <X size={15} aria-hidden="true" />
        </IconButton>
      </div>
      <div class={styles.section}>
        <SortItem descending={false} add={false} />
        <SortItem descending add={false} />
        <Show when={others()}>
          <SortItem descending={false} add />
          <SortItem descending add />
        </Show>
        <Show when={key()}>
          <button type="button" class={styles.item} onClick={() => change(withoutSort(props.view.state, column.name))}>
            <X size={15} aria-hidden="true" />
            {t('view.unsort')}
          </button>
        </Show>
        <button
          type="button"
          class={styles.item}
          onClick={() => {
            props.close();
            views.showStatistics(column.name);
          }}
        >
          <ChartColumn size={15} aria-hidden="true" />
          {t('statistics.title')}
        </button>
      </div>
      <div class={styles.filter}>
        <fieldset class={styles.modes}>
          <legend class="visually-hidden">{t('view.filter')}</legend>
          <Mode label={t('view.byValues')} chosen={!byCondition()} onChoose={() => setByCondition(false)} />
          <Mode label={t('view.byCondition')} chosen={byCondition()} onChoose={() => setByCondition(true)} />
        </fieldset>
        <Show
          when={byCondition()}
          fallback={<ValuesForm view={props.view} column={column} filter={filter()} onChange={put} />}
        >
          <ConditionForm column={column} filter={filter()} onChange={put} />
        </Show>
      </div>
    </>
  );
}

function Mode(props: { label: string; chosen: boolean; onChoose(): void }): JSX.Element {
  return (
    <label class={styles.mode} data-chosen={props.chosen ? '' : undefined}>
      <input
        type="radio"
        name="filter-mode"
        class="visually-hidden"
        checked={props.chosen}
        onChange={() => props.onChoose()}
      />
      {props.label}
    </label>
  );
}
