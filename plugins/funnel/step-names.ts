import { message, type Text } from '@patron/sdk';
import type { Step } from './steps.ts';

/** What the steps are called in tables, and what a person reads for the names that are not from the data. */
export interface StepNames {
  readonly names: readonly string[];
  readonly labels: Readonly<Record<string, Text>>;
  /** The k-th name as a person reads it. */
  text(index: number): Text;
}

/** Where the order is free a step of the result is "k of n steps", not one event. */
export function stepNames(steps: readonly Step[], order: string): StepNames {
  const free = order === 'unordered';
  const labels: Record<string, Text> = { '*': message('steps.anyEvent') };
  const names = steps.map(({ name }, index) => {
    if (!free || steps[index].anchored) return name;
    const short = `${index + 1}/${steps.length}`;
    labels[short] = message('steps.countOf', { count: index + 1, of: steps.length });
    return short;
  });
  return { names, labels, text: (index) => labels[names[index]] ?? names[index] };
}
