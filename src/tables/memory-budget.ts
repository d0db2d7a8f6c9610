import { TableError } from './table-error.ts';

/** Bytes of one piece of work over a table's rows, on a machine that does not say how much memory it has. */
const USUAL_MEMORY = 4;

/** Bytes that one question to a table may take: half of the memory that the browser tells of. */
export function memoryBudget(): number {
  const told = (globalThis.navigator as { deviceMemory?: number } | undefined)?.deviceMemory;
  return ((told ?? USUAL_MEMORY) * 2 ** 30) / 2;
}

/**
 * Refuses work that would take more memory than a tab can be trusted to get, before any of it is taken.
 * @throws TableError 'too-large' naming how many bytes are needed and how many there are.
 */
export function requireMemory(table: string, bytes: number, budget = memoryBudget()): void {
  if (bytes <= budget) return;
  const gigabytes = (value: number): string => `${(value / 1e9).toFixed(1)} GB`;
  throw new TableError(
    'too-large',
    `Table '${table}' is too large for this: it would take ${gigabytes(bytes)} of memory, and this browser can be trusted with ${gigabytes(budget)}. Filter by fewer columns, or import fewer rows or columns.`,
    { table, bytes, budget },
  );
}
