import { CommandType } from '@univerjs/core';
import type { FUniver } from '@univerjs/presets';

/** Commands that look, go somewhere or copy, and change nothing that is saved. */
const looking =
  /^sheet\.command\.(change-zoom-ratio|copy|expand-selection|move-selection.*|scroll-.*|select-all|select-range|set-scroll-relative|set-worksheet-activate|set-zoom-ratio)$/;
const editing = /^(sheet|sheets|data-validation|formula|numfmt|conditional-formatting)\.command\./;
const clipboardAndHistory = /^univer\.command\.(cut|paste.*|undo|redo)$/;

/** Refuses every edit of the user while `locked` says so. What the shell does itself goes on. */
export function guardReadOnly(univerAPI: FUniver, workbook: { locked(): boolean; refused(): void }): void {
  univerAPI.addEvent(univerAPI.Event.BeforeCommandExecute, (event) => {
    const { id, type } = event;
    if (type !== CommandType.COMMAND || looking.test(id)) return;
    if (!(editing.test(id) || clipboardAndHistory.test(id)) || !workbook.locked()) return;
    event.cancel = true;
    workbook.refused();
  });
  univerAPI.addEvent(univerAPI.Event.BeforeSheetEditStart, (event) => {
    if (!workbook.locked()) return;
    event.cancel = true;
    workbook.refused();
  });
}
