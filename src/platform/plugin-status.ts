import type { Text } from '@patron/sdk';
import type { Log } from './protocol.ts';

export type PluginState =
  /** Switched on, its code not needed yet. */
  | 'idle'
  | 'starting'
  | 'running'
  /** Silent for three seconds or more while a call is under way. */
  | 'notResponding'
  /** Switched off by the user, or by safe mode. */
  | 'disabled'
  /** Switched off for this session after three crashes in five minutes. */
  | 'crashed';

/** Something that went wrong in a plugin, with the time in milliseconds since 1970. */
export interface PluginFault {
  readonly time: number;
  readonly text: Text;
  readonly details?: string;
}

/** How a plugin is doing. */
export interface PluginStatus {
  readonly state: PluginState;
  /** Seconds without a sign of life while a call is under way; Stop is offered from 10. */
  readonly silence: number;
  /** Milliseconds the last start took. */
  readonly activationTime?: number;
  readonly calls: number;
  readonly callsUnderWay: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** The last faults, newest last. */
  readonly faults: readonly PluginFault[];
  /** The last lines the plugin logged, newest last. */
  readonly logs: readonly Omit<Log, 't'>[];
}
