import type { ICommandService } from '@univerjs/core';
import {
  SetFormulaCalculationNotificationMutation,
  SetFormulaCalculationStartMutation,
} from '@univerjs/engine-formula';

/**
 * A run starts a tenth of a second after an edit. So many turns of `TURN` milliseconds without one tell that none is
 * pending; turns, not time, since both wait alike while this thread is busy.
 */
const QUIET_TURNS = 12;
const TURN = 20;

/** Knows whether formulas are being calculated, or are about to be. */
export function createCalculationWatch(commands: ICommandService) {
  let running = 0;
  let quiet = 0;
  const listening = commands.onCommandExecuted((command) => {
    if (command.id === SetFormulaCalculationStartMutation.id) running++;
    else if (command.id === SetFormulaCalculationNotificationMutation.id) {
      const { functionsExecutedState } = (command.params ?? {}) as { functionsExecutedState?: number };
      if (functionsExecutedState !== undefined) running = Math.max(0, running - 1);
    } else if (!command.id.startsWith('sheet.mutation.')) return;
    quiet = 0;
  });
  return {
    async settled(): Promise<void> {
      quiet = 0;
      while (running > 0 || quiet < QUIET_TURNS) {
        await new Promise((next) => setTimeout(next, TURN));
        quiet++;
      }
    },
    dispose: () => listening.dispose(),
  };
}
