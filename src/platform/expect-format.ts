import { expectOneOf } from './expect-value.ts';
import { valueFormat } from './schema-parts.ts';

/** How a number is shown. */
export const expectFormat = expectOneOf(valueFormat.options);
