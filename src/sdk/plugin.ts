import type { Analysis, Json } from './analysis.ts';

/** A command's code: receives the arguments it was run with, returns plain data or nothing. */
export type Command = (argument: Json, context: CommandContext) => Json | undefined | Promise<Json | undefined>;

export interface CommandContext {
  readonly locale: string;
  readonly signal: AbortSignal;
}

/** The code behind the manifest's contributions, by contributed id. Every declared id must be here and no other. */
export interface PluginCode {
  // biome-ignore lint/suspicious/noExplicitAny: each analysis has parameters of its own type; the host checks them against the manifest.
  readonly analyses?: Readonly<Record<string, Analysis<any>>>;
  readonly commands?: Readonly<Record<string, Command>>;
}

/**
 * Declares a plugin's code. `plugins/<name>/index.ts` exports the outcome as `plugin`:
 *
 *     export const plugin = definePlugin({ analyses: { 'rfm.segments': segments } });
 */
export function definePlugin(code: PluginCode): PluginCode {
  return code;
}
