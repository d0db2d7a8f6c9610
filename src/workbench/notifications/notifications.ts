import { type Accessor, createMemo } from 'solid-js';
import { createStore, produce } from 'solid-js/store';

type NoticeKind = 'info' | 'success' | 'warning' | 'error';

interface NoticeAction {
  /** A function, so that the text follows the language. */
  label(): string;
  /** False once it can no longer be done, such as an Undo whose time has passed. */
  available?(): boolean;
  run(): unknown;
}

export interface Notice {
  readonly id: number;
  readonly kind: NoticeKind;
  readonly text: () => string;
  /** What to do about it, or more of it. */
  readonly remedy?: () => string;
  /** Technical text that folds out and can be copied. */
  readonly details?: string;
  readonly actions: readonly NoticeAction[];
  readonly at: number;
  readonly read: boolean;
}

export interface Notifications {
  readonly all: readonly Notice[];
  readonly unread: Accessor<number>;
  /** Adds to the history and shows it once. Returns the notice's id. */
  add(notice: NoticeRequest): number;
  markRead(): void;
  remove(id: number): void;
  clear(): void;
}

type NoticeRequest = Pick<Notice, 'kind' | 'text'> & Partial<Pick<Notice, 'remedy' | 'details' | 'actions'>>;

/** The history is the place of record; `show` only points at it for a moment. */
export function createNotifications(show: (notice: Notice) => void): Notifications {
  const [all, setAll] = createStore<Notice[]>([]);
  let next = 1;
  return {
    all,
    unread: createMemo(() => all.filter(({ read }) => !read).length),
    add(request) {
      const notice: Notice = { actions: [], ...request, id: next, at: Date.now(), read: false };
      next += 1;
      setAll((before) => [notice, ...before].slice(0, 200));
      show(notice);
      return notice.id;
    },
    markRead: () => setAll((notices) => notices.map((notice) => (notice.read ? notice : { ...notice, read: true }))),
    remove: (id) =>
      setAll(
        produce((notices) => {
          const index = notices.findIndex((notice) => notice.id === id);
          if (index >= 0) notices.splice(index, 1);
        }),
      ),
    clear: () => setAll([]),
  };
}
