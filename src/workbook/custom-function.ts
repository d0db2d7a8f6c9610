import type { CellValue } from '@patron/sdk';

/** An argument or a result: a single value, or rows of values for a range. */
export type FunctionValue = CellValue | readonly (readonly CellValue[])[];

/** A function that formulas can call, worked out outside the sheet: by a plugin, or by anything that takes its time. */
export interface CustomFunction {
  /** In capitals, as it is written in a formula: letters, digits, `_` and `.`, beginning with a letter. */
  readonly name: string;
  /** What it does, in the reader's language. */
  readonly description: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly description: string;
    readonly optional?: boolean;
  }[];
  /**
   * Answers all calls of one calculation at once, one result for each. It must depend on its arguments alone: an answer
   * is kept and given again. What it throws shows as #VALUE! in the cells that asked.
   */
  calculate(calls: readonly (readonly FunctionValue[])[]): Promise<readonly FunctionValue[]>;
}
