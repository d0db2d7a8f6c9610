import { type AnalysisContext, shared, worthSpreading } from '@patron/sdk';
import type { WeightedRows } from './weighted-rows.ts';

/** Who does the work: the threads of a run, and the checkpoint that lets cancel and progress through. */
export type Crew = Pick<AnalysisContext, 'threads' | 'spread' | 'checkpoint'>;

/** This thread, uninterrupted. */
export const alone: Crew = {
  threads: 1,
  spread: () => Promise.reject(new Error('There is one thread here.')),
  checkpoint: async () => {},
};

/** A kernel of the plugin by its name, and what it does. */
export interface PartKernel<Input, Output> {
  readonly name: string;
  run(input: Input): Output;
}

/** So many rows are done between two checkpoints. Sums are taken part by part, so they do not depend on who takes them. */
const PART_ROWS = 16_384;

/** The starts and ends of the parts of `size` rows. */
export function partBounds(size: number): [start: number, end: number][] {
  const parts = Math.max(1, Math.ceil(size / PART_ROWS));
  return Array.from({ length: parts }, (_, i) => [i * PART_ROWS, Math.min(size, (i + 1) * PART_ROWS)]);
}

/** Whether a pass over the rows is quicker on several threads; each takes a while, so fewer of them pay than of plain rows. */
export function worthSharing(crew: Crew, rows: number): boolean {
  return worthSpreading(crew, rows * 2);
}

/**
 * Runs a kernel on every part, on all threads where `everywhere`; the outputs are in the order of the parts. Parts are dealt out
 * in turn, for those of rare frequencies, which come last, take longer.
 */
export async function runParts<Input, Output>(
  crew: Crew,
  { name, run }: PartKernel<Input, Output>,
  parts: readonly Input[],
  everywhere: boolean,
): Promise<Output[]> {
  const outputs = new Array<Output>(parts.length);
  if (!everywhere) {
    for (let i = 0; i < parts.length; i++) {
      await crew.checkpoint();
      outputs[i] = run(parts[i]);
    }
    return outputs;
  }
  const order: number[] = [];
  for (let hand = 0; hand < crew.threads; hand++) {
    for (let i = hand; i < parts.length; i += crew.threads) order.push(i);
  }
  const dealt = await crew.spread<Output>(
    name,
    order.map((i) => parts[i]),
  );
  order.forEach((i, k) => {
    outputs[i] = dealt[k];
  });
  return outputs;
}

/** The rows in memory that all threads see. */
export function shareRows<Rows extends WeightedRows>(rows: Rows): Rows {
  const { frequency, recency, T, weight } = rows;
  return {
    ...rows,
    frequency: shared(frequency),
    recency: shared(recency),
    T: shared(T),
    weight: shared(weight),
  };
}
