import { type Catalogue, renderText } from '@patron/sdk';
import type { LeftOutReason } from './request.ts';

/** A reason in English, as the headless runner prints it; `catalogue` is the plugin's. */
export function describeReason(reason: LeftOutReason, catalogue: Catalogue): string {
  switch (reason.kind) {
    case 'missing':
      return `no ${reason.field}`;
    case 'unreadable':
      return `no readable ${reason.field} in column '${reason.column}'`;
    case 'filter':
      return `not ${reason.filter.column}${reason.filter.operator}${reason.filter.value}`;
    case 'analysis':
      return renderText(reason.text, catalogue, 'en-US');
  }
}
