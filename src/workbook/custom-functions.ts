import type { Injector } from '@univerjs/core';
import {
  FunctionType,
  functionArray,
  functionCompatibility,
  functionDatabase,
  functionDate,
  functionEngineering,
  functionFinancial,
  functionInformation,
  functionLogical,
  functionLookup,
  functionMath,
  functionMeta,
  functionStatistical,
  functionText,
  functionWeb,
} from '@univerjs/engine-formula';
import { IDescriptionService } from '@univerjs/sheets-formula';
import type { CustomFunction } from './custom-function.ts';
import type { FormulaLink } from './formula-link.ts';

const NAME = /^[A-Z][A-Z0-9_.]*$/;
const taken = new Set<string>();

/** Names of the functions that every sheet has. */
const stock = new Set(
  [
    functionArray,
    functionCompatibility,
    functionDatabase,
    functionDate,
    functionEngineering,
    functionFinancial,
    functionInformation,
    functionLogical,
    functionLookup,
    functionMath,
    functionMeta,
    functionStatistical,
    functionText,
    functionWeb,
  ].flatMap((group) => group.map(([, name]) => String(name))),
);

/** Names of the functions that plugins offer. */
export function offeredFunctionNames(): string[] {
  return [...taken];
}

/**
 * Makes functions known to the calculating worker and, once there is a workbook, to the editor, which then completes and
 * explains them.
 */
export function offerFunctions(
  injector: Injector,
  link: FormulaLink,
  functions: readonly CustomFunction[],
  begun: boolean,
) {
  for (const { name } of functions) {
    if (!NAME.test(name))
      throw new Error(`Function '${name}' cannot stand in a formula: use capitals, digits, '_' and '.'.`);
    if (taken.has(name) || stock.has(name))
      throw new Error(`Function '${name}' is already there. Choose another name.`);
  }
  for (const custom of functions) {
    taken.add(custom.name);
    link.addFunction(custom);
  }
  let described: { dispose(): void } | null = null;
  const offered = {
    describe(): void {
      described ??= injector.get(IDescriptionService).registerDescriptions(
        functions.map(({ name, description, parameters }) => ({
          functionName: name,
          functionType: FunctionType.User,
          description,
          abstract: description,
          functionParameter: parameters.map((parameter) => ({
            name: parameter.name,
            detail: parameter.description,
            example: '',
            require: parameter.optional ? 0 : 1,
            repeat: 0,
          })),
        })),
      );
    },
    withdraw(): void {
      described?.dispose();
      for (const { name } of functions) {
        taken.delete(name);
        link.dropFunction(name);
      }
    },
  };
  if (begun) offered.describe();
  return offered;
}
