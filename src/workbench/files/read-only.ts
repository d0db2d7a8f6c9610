import type { Workbench } from '../workbench.ts';

/** True, and said to the user, where the open workbook belongs to another tab. */
export function isRefused({ session, notifications, language }: Workbench): boolean {
  if (!session.readOnly()) return false;
  notifications.add({ kind: 'info', text: () => language.t('readOnly.refused') });
  return true;
}
