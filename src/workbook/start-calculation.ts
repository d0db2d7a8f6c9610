import type { ICommandService, IUnitRange } from '@univerjs/core';
import { SetFormulaCalculationStartMutation } from '@univerjs/engine-formula';

/** Calculates the formulas that depend on `ranges` or lie in them, or all there are. */
export function startCalculation(commands: ICommandService, ranges: readonly IUnitRange[], all: boolean): void {
  const params = {
    commands: [],
    forceCalculation: all,
    dirtyRanges: ranges,
    dirtyNameMap: {},
    dirtyDefinedNameMap: {},
    dirtyUnitFeatureMap: {},
    dirtyUnitOtherFormulaMap: {},
    dirtySuperTableMap: {},
    clearDependencyTreeCache: {},
  };
  void commands.executeCommand(SetFormulaCalculationStartMutation.id, params, { onlyLocal: true });
}
