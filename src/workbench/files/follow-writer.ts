import { createEffect, on, onCleanup } from 'solid-js';
import type { Workbench } from '../workbench.ts';

/** Milliseconds in which several saves of the writer lead to one reload. */
const PAUSE = 300;

/** Tells other tabs when this one has saved its workbook, and shows here what another tab has saved. */
export function followWriter({ session, runs, tables }: Workbench): void {
  const channel = new BroadcastChannel('patron-workbooks');
  let timer: ReturnType<typeof setTimeout> | undefined;
  createEffect(
    on(
      session.saveState,
      (state, before) => {
        const id = session.current()?.id;
        if (state === 'saved' && before === 'saving' && id !== undefined && !session.readOnly())
          channel.postMessage({ id });
      },
      { defer: true },
    ),
  );
  channel.onmessage = ({ data }: MessageEvent<{ id: string }>) => {
    if (data.id !== session.current()?.id || !session.readOnly()) return;
    clearTimeout(timer);
    timer = setTimeout(async () => {
      if (data.id !== session.current()?.id || !session.readOnly()) return;
      await runs.refresh();
      await tables.refresh();
      await session.reload();
    }, PAUSE);
  };
  onCleanup(() => {
    clearTimeout(timer);
    channel.close();
  });
}
