import type { Json } from '@patron/sdk';
import type { ContextKeys } from './context-keys.ts';
import { type Disposable, toDisposable } from './disposable.ts';
import { Emitter } from './emitter.ts';
import { PlatformError } from './errors.ts';
import { platformText } from './texts.ts';

/** What the palette and menus show of a command. Texts are read anew for each language. */
export interface CommandMetadata {
  title(locale: string): string;
  category?(locale: string): string;
  /** A lucide icon name. */
  readonly icon?: string;
  /** A when-clause; while it is false the command is shown but cannot run. */
  readonly enablement?: string;
  /** False keeps it out of the palette. Default true. */
  readonly inPalette?: boolean;
  /** Whether plugins may run it. Default false. */
  readonly openToPlugins?: boolean;
  /** The plugin that contributes it; absent for the app's own. */
  readonly pluginId?: string;
}

export type CommandHandler = (argument: Json) => unknown;

export interface RegisteredCommand extends CommandMetadata {
  readonly id: string;
}

/** Every command of the app and of plugins by id. */
export class CommandRegistry {
  readonly #commands = new Map<string, { metadata: RegisteredCommand; handler: CommandHandler }>();
  readonly #changed = new Emitter<void>();
  readonly #context: ContextKeys;
  readonly onChange = this.#changed.event;

  constructor(context: ContextKeys) {
    this.#context = context;
  }

  /** @throws Error where the id is taken. */
  register(id: string, metadata: CommandMetadata, handler: CommandHandler): Disposable {
    if (this.#commands.has(id)) throw new Error(`Command '${id}' is already registered.`);
    this.#commands.set(id, { metadata: { ...metadata, id }, handler });
    this.#changed.fire();
    return toDisposable(() => {
      this.#commands.delete(id);
      this.#changed.fire();
    });
  }

  get(id: string): RegisteredCommand | undefined {
    return this.#commands.get(id)?.metadata;
  }

  /** All commands in the order in which they were registered. */
  all(): readonly RegisteredCommand[] {
    return [...this.#commands.values()].map(({ metadata }) => metadata);
  }

  /** Whether the command is there and its enablement holds. */
  isEnabled(id: string): boolean {
    const command = this.#commands.get(id);
    return command !== undefined && this.#context.holds(command.metadata.enablement);
  }

  /**
   * Runs a command and gives back what it returns.
   * @throws PlatformError where there is none by that id, or it is not enabled now.
   */
  async execute(id: string, argument: Json = null): Promise<unknown> {
    const command = this.#commands.get(id);
    if (!command) throw new PlatformError(platformText('platform.noCommand', { id }));
    if (!this.isEnabled(id)) throw new PlatformError(platformText('platform.commandOff', { id }));
    return await command.handler(argument);
  }
}
