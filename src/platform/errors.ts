import type { Message } from '@patron/sdk';
import type { ErrorCode, StopReason } from './protocol.ts';
import { inEnglish } from './texts.ts';

/** Anything that goes wrong in the platform. `message` is English, for logs; `text` reads in the user's language. */
export class PlatformError extends Error {
  override readonly name: string = 'PlatformError';
  readonly text: Message;

  constructor(text: Message, options: { cause?: unknown } = {}) {
    super(inEnglish(text), options);
    this.text = text;
  }
}

/** The plugin was stopped, by the user, by the host or by itself, before it answered. */
export class PluginStoppedError extends PlatformError {
  override readonly name = 'PluginStoppedError';
  readonly pluginId: string;
  readonly reason: StopReason;

  constructor(text: Message, pluginId: string, reason: StopReason) {
    super(text);
    this.pluginId = pluginId;
    this.reason = reason;
  }
}

/** The plugin's code threw, or returned what it may not. `details` is its stack, for the fold-out. */
export class PluginFailedError extends PlatformError {
  override readonly name = 'PluginFailedError';
  readonly pluginId: string;
  readonly code: ErrorCode;
  readonly details?: string;

  constructor(text: Message, options: { pluginId: string; code: ErrorCode; details?: string; cause?: unknown }) {
    super(text, { cause: options.cause });
    this.pluginId = options.pluginId;
    this.code = options.code;
    this.details = options.details;
  }
}

/** The plugin is disabled, by the user or after three crashes. */
export class PluginDisabledError extends PlatformError {
  override readonly name = 'PluginDisabledError';
}
