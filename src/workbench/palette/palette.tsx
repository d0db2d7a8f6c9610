import { Dialog } from '@ark-ui/solid/dialog';
import { createListCollection, Listbox } from '@ark-ui/solid/listbox';
import { createEffect, createMemo, createResource, createSignal, For, type JSX, on, Show } from 'solid-js';
import { Portal } from 'solid-js/web';
import { useWorkbench } from '../workbench.ts';
import styles from './palette.module.css';
import { paletteItems } from './palette-items.ts';
import type { PaletteItem } from './palette-state.ts';
import { type SearchKey, type Syllables, scoreOf, searchKeys } from './search.ts';

const shownAtMost = 60;

/** Pinyin comes with its own dictionary, which is loaded when the palette is first opened. */
async function loadSyllables(): Promise<Syllables> {
  const { pinyin } = await import('pinyin-pro');
  return (text) => pinyin(text, { toneType: 'none', type: 'array', nonZh: 'consecutive' });
}

/** The command palette: type to find, arrows to choose, Enter to run. */
export function Palette(): JSX.Element {
  const workbench = useWorkbench();
  const { language, palette } = workbench;
  const { t, locale } = language;
  const [query, setQuery] = createSignal('');
  const [pointed, setPointed] = createSignal<string | null>(null);
  const [syllables] = createResource(palette.open, loadSyllables);
  const items = createMemo<readonly PaletteItem[]>(() => {
    if (!palette.open()) return [];
    return palette.choice()?.items ?? paletteItems(workbench);
  });
  const keys = createMemo(() => {
    const spoken: Syllables = syllables() ?? ((text) => [...text]);
    return new Map(items().map((item): [string, SearchKey[]] => [item.id, searchKeys(item, spoken)]));
  });
  const found = createMemo(() => {
    const recent = palette.recent();
    const rank = (item: PaletteItem): number => {
      const at = recent.indexOf(item.id);
      return at < 0 ? 0 : recent.length - at;
    };
    if (query().trim() === '')
      return items()
        .filter(({ disabled }) => !disabled)
        .sort((a, b) => rank(b) - rank(a))
        .slice(0, shownAtMost);
    return items()
      .map((item) => ({ item, score: scoreOf(query(), keys().get(item.id) ?? []) + Math.min(5, rank(item)) / 10 }))
      .filter(({ score }) => score >= 1)
      .sort((a, b) => b.score - a.score)
      .slice(0, shownAtMost)
      .map(({ item }) => item);
  });
  const collection = createMemo(() =>
    createListCollection<PaletteItem>({
      items: [...found()],
      itemToValue: ({ id }) => id,
      itemToString: ({ titles }) => titles[locale()] ?? '',
      isItemDisabled: ({ disabled }) => disabled === true,
    }),
  );
  createEffect(on(palette.open, () => setQuery('')));
  createEffect(on(query, () => setPointed(null)));
  /** The line that Enter runs: the one pointed at, else the best match. */
  const highlighted = createMemo(() => {
    const known = found().find(({ id }) => id === pointed());
    return (known ?? found().find(({ disabled }) => !disabled))?.id ?? null;
  });
  const run = (id: string): void => {
    const item = found().find((each) => each.id === id);
    if (!item || item.disabled) return;
    palette.close();
    palette.used(item.id);
    // The dialog gives the focus back first; what runs may move it on.
    setTimeout(() => item.run());
  };
  const otherTitle = (item: PaletteItem): string | undefined => {
    const other = locale() === 'zh-CN' ? item.titles['en-US'] : item.titles['zh-CN'];
    return query() !== '' && other !== item.titles[locale()] ? other : undefined;
  };
  const title = (): string => palette.choice()?.title ?? t('palette.title');
  return (
    <Dialog.Root
      open={palette.open()}
      onOpenChange={({ open }) => {
        if (!open) palette.close();
      }}
      lazyMount
      unmountOnExit
    >
      <Portal>
        <div data-patron>
          <Dialog.Backdrop class={styles.backdrop} />
          <Dialog.Positioner class={styles.positioner}>
            <Dialog.Content class={styles.content} aria-label={title()}>
              <Listbox.Root
                collection={collection()}
                highlightedValue={highlighted()}
                onHighlightChange={({ highlightedValue }) => {
                  if (highlightedValue !== null) setPointed(highlightedValue);
                }}
                onSelect={({ value }) => run(value)}
                value={[]}
                typeahead={false}
              >
                <Listbox.Input
                  class={styles.input}
                  role="combobox"
                  aria-expanded="true"
                  aria-label={title()}
                  placeholder={palette.choice()?.title ?? t('palette.placeholder')}
                  value={query()}
                  onInput={(event) => setQuery(event.currentTarget.value)}
                  onKeyDown={(event) => {
                    if (event.key !== 'Enter' || event.isComposing) return;
                    event.preventDefault();
                    // The palette is gone when the event arrives at the window: the sheet must not take Enter for its own.
                    event.stopPropagation();
                    run(highlighted() ?? '');
                  }}
                />
                <Listbox.Content class={styles.list} aria-label={title()}>
                  <For each={found()}>
                    {(item) => (
                      <Listbox.Item item={item} class={styles.item}>
                        <Listbox.ItemText class={styles.title}>
                          <Show when={item.category?.[locale()]}>
                            <span class={styles.category}>{item.category?.[locale()]}: </span>
                          </Show>
                          {item.titles[locale()] ?? item.titles['en-US']}
                          <Show when={otherTitle(item)}>
                            <span class={styles.other}>{otherTitle(item)}</span>
                          </Show>
                        </Listbox.ItemText>
                        <Show when={palette.recent().includes(item.id) && query() === ''}>
                          <span class={styles.kind}>{t('palette.recent')}</span>
                        </Show>
                        <Show
                          when={item.keys}
                          fallback={<span class={styles.kind}>{t(`palette.kind.${item.kind}`)}</span>}
                        >
                          <kbd class={styles.keys}>{item.keys}</kbd>
                        </Show>
                      </Listbox.Item>
                    )}
                  </For>
                </Listbox.Content>
              </Listbox.Root>
              <Show when={found().length === 0}>
                <div class={styles.empty}>{t('palette.empty', query())}</div>
              </Show>
              <div class="visually-hidden" role="status">
                {t('palette.matches', found().length)}
              </div>
            </Dialog.Content>
          </Dialog.Positioner>
        </div>
      </Portal>
    </Dialog.Root>
  );
}
