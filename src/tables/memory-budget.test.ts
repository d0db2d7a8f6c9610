import { expect, test } from 'vitest';
import { requireMemory } from './memory-budget.ts';

test('lets work begin that fits, and refuses what does not in plain words', () => {
  expect(() => requireMemory('orders', 1e9, 2e9)).not.toThrow();
  expect(() => requireMemory('orders', 5e9, 2e9)).toThrow(
    "Table 'orders' is too large for this: it would take 5.0 GB of memory, and this browser can be trusted with 2.0 GB.",
  );
});
