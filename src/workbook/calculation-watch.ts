import type { ICommandService } from '@univerjs/core';
import {
  SetFormulaCalculationNotificationMutation,
  SetFormulaCalculationStartMutation,
} from '@univerjs/engine-formula';

/** A run starts a tenth of a second after an edit; only then can "nothing is pending" be told. */
const QUIET = 220;

/** Knows whether formulas are being calculated, or are about to be. */
export function createCalculationWatch(commands: ICommandService) {
  let running = 0;
  let lastActivity = 0;
  const listening = commands.onCommandExecuted((command) => {
    if (command.id === SetFormulaCalculationStartMutation.id) running++;
    else if (command.id === SetFormulaCalculationNotificationMutation.id) {
      const { functionsExecutedState } = (command.params ?? {}) as { functionsExecutedState?: number };
      if (functionsExecutedState !== undefined) running = Math.max(0, running - 1);
    } else if (!command.id.startsWith('sheet.mutation.')) return;
    lastActivity = performance.now();
  });
  return {
    async settled(): Promise<void> {
      lastActivity = performance.now();
      while (running > 0 || performance.now() - lastActivity < QUIET) await new Promise((next) => setTimeout(next, 20));
    },
    dispose: () => listening.dispose(),
  };
}
