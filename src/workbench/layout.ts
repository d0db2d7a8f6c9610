import type { JsonObject } from '@patron/sdk';
import { type Accessor, createEffect, createSignal } from 'solid-js';
import { readPreference, writePreference } from './preferences.ts';

export type View = 'tables' | 'analyses' | 'plugins' | 'settings';

export const views: readonly View[] = ['tables', 'analyses', 'plugins', 'settings'];

/** What the right side shows: the form of an analysis, filled in from a result where one is named. */
interface FormTarget {
  readonly analysis: string;
  readonly result?: string;
  /** Parameters to start with, of a template or a command. */
  readonly parameters?: JsonObject;
}

export interface Layout {
  readonly view: Accessor<View>;
  readonly panelOpen: Accessor<boolean>;
  readonly panelWidth: Accessor<number>;
  readonly formWidth: Accessor<number>;
  readonly form: Accessor<FormTarget | null>;
  readonly notificationsOpen: Accessor<boolean>;
  showView(view: View): void;
  togglePanel(): void;
  resize(panel: number | null, form: number | null): void;
  showForm(target: FormTarget | null): void;
  showNotifications(open: boolean): void;
}

interface StoredLayout {
  readonly view: View;
  readonly panelOpen: boolean;
  readonly panelWidth: number;
  readonly formWidth: number;
}

/** Which panels are open and how wide; kept for the next visit. */
export function createLayout(): Layout {
  const stored = storedLayout();
  const [view, setView] = createSignal<View>(stored.view);
  const [panelOpen, setPanelOpen] = createSignal(stored.panelOpen);
  const [panelWidth, setPanelWidth] = createSignal(stored.panelWidth);
  const [formWidth, setFormWidth] = createSignal(stored.formWidth);
  const [form, setForm] = createSignal<FormTarget | null>(null);
  const [notificationsOpen, setNotificationsOpen] = createSignal(false);
  createEffect(() => {
    const layout: StoredLayout = {
      view: view(),
      panelOpen: panelOpen(),
      panelWidth: panelWidth(),
      formWidth: formWidth(),
    };
    writePreference('layout', JSON.stringify(layout));
  });
  return {
    view,
    panelOpen,
    panelWidth,
    formWidth,
    form,
    notificationsOpen,
    showView(next) {
      setView(next);
      setPanelOpen(true);
    },
    togglePanel: () => void setPanelOpen((open) => !open),
    resize(panel, form) {
      if (panel !== null) setPanelWidth(clamp(panel, 200, 480));
      if (form !== null) setFormWidth(clamp(form, 280, 560));
    },
    showForm: (target) => void setForm(target),
    showNotifications: (open) => void setNotificationsOpen(open),
  };
}

function clamp(width: number, low: number, high: number): number {
  return Math.round(Math.min(high, Math.max(low, width)));
}

function storedLayout(): StoredLayout {
  const standard: StoredLayout = { view: 'tables', panelOpen: true, panelWidth: 260, formWidth: 320 };
  try {
    const stored = JSON.parse(readPreference('layout') ?? '{}') as Partial<StoredLayout>;
    return {
      view: views.find((view) => view === stored.view) ?? standard.view,
      panelOpen: stored.panelOpen ?? standard.panelOpen,
      panelWidth: clamp(Number(stored.panelWidth ?? standard.panelWidth) || standard.panelWidth, 200, 480),
      formWidth: clamp(Number(stored.formWidth ?? standard.formWidth) || standard.formWidth, 280, 560),
    };
  } catch {
    return standard;
  }
}
