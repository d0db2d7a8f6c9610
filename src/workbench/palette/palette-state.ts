import { type Accessor, createSignal } from 'solid-js';
import type { Locale } from '../../i18n/index.ts';
import { readPreference, writePreference } from '../preferences.ts';
import type { Findable } from './search.ts';

type PaletteKind = 'command' | 'table' | 'sheet' | 'analysis' | 'result' | 'setting';

/** One line of the palette. */
export interface PaletteItem extends Findable {
  readonly kind: PaletteKind;
  readonly category?: Readonly<Partial<Record<Locale, string>>>;
  readonly keys?: string;
  readonly disabled?: boolean;
  run(): unknown;
}

export interface PaletteState {
  readonly open: Accessor<boolean>;
  /** Set where the palette offers one choice, such as which table to delete; null where it offers everything. */
  readonly choice: Accessor<{ readonly title: string; readonly items: readonly PaletteItem[] } | null>;
  /** Ids of what was run, latest first. */
  readonly recent: Accessor<readonly string[]>;
  show(): void;
  choose(title: string, items: readonly PaletteItem[]): void;
  close(): void;
  used(id: string): void;
}

const remembered = 12;

export function createPaletteState(): PaletteState {
  const [open, setOpen] = createSignal(false);
  const [choice, setChoice] = createSignal<ReturnType<PaletteState['choice']>>(null);
  const [recent, setRecent] = createSignal<readonly string[]>(storedRecent());
  return {
    open,
    choice,
    recent,
    show() {
      setChoice(null);
      setOpen(true);
    },
    choose(title, items) {
      setChoice({ title, items });
      setOpen(true);
    },
    close: () => void setOpen(false),
    used(id) {
      setRecent((before) => [id, ...before.filter((each) => each !== id)].slice(0, remembered));
      writePreference('recentCommands', JSON.stringify(recent()));
    },
  };
}

function storedRecent(): readonly string[] {
  try {
    const stored: unknown = JSON.parse(readPreference('recentCommands') ?? '[]');
    return Array.isArray(stored) ? stored.filter((id) => typeof id === 'string').slice(0, remembered) : [];
  } catch {
    return [];
  }
}
