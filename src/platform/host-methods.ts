import type { CellValue, Json, NamedColumns } from '@patron/sdk';
import type { CommandRegistry } from './command-registry.ts';
import { type Method, RefusedError } from './connection.ts';
import type { PermissionKey } from './install/permissions.ts';
import type { HostMethods, TableSummary } from './protocol.ts';

/** What the app does for plugins that have the permission. What is absent is not available in this app. */
export interface PluginServices {
  /** The tables of the open workbook. */
  tables?(): Promise<readonly TableSummary[]> | readonly TableSummary[];
  readTable?(name: string): Promise<NamedColumns>;
  /** Adds a sheet with these rows to the open workbook, as one step that can be undone. */
  addSheet?(name: string, rows: readonly (readonly CellValue[])[]): Promise<void>;
  saveFile?(name: string, bytes: Uint8Array): Promise<void> | void;
  copyText?(text: string): Promise<void>;
}

type Argument<Name extends keyof HostMethods> = HostMethods[Name]['argument'];

interface GuardedMethod<Name extends keyof HostMethods> {
  /** Whether it acts on the workbook, and so only while the user has a command of the plugin run. */
  readonly inCommand: boolean;
  /** One of these permissions is needed; none where the list is empty. */
  readonly permissions: readonly PermissionKey[];
  fits(argument: Argument<Name>): boolean;
  handle(argument: Argument<Name>, signal: AbortSignal): unknown;
}

/** Runs a kernel in further threads of the plugin that asks. */
export type Spread = (argument: Argument<'kernel.spread'>, signal: AbortSignal) => Promise<unknown>;

/** Asks the engine that the user chose, for a plugin whose analysis runs. */
export type AskEngine = (request: Argument<'engine.ask'>, signal: AbortSignal) => Promise<NamedColumns>;

/** The most inputs of one spread. */
const mostInputs = 1024;

/**
 * The methods that one plugin may call, by exact name: each looks at the plugin's permissions and at the argument before
 * anything is done.
 */
export function hostMethods(
  commands: CommandRegistry,
  services: PluginServices,
  plugin: () => { readonly granted: readonly PermissionKey[]; readonly runsCommand: boolean },
  { spread, askEngine }: { readonly spread: Spread; readonly askEngine: AskEngine },
): ReadonlyMap<string, Method> {
  const guarded: { [Name in keyof HostMethods]: GuardedMethod<Name> } = {
    'command.execute': {
      inCommand: true,
      permissions: [],
      fits: ({ id }) => isShortText(id),
      handle: ({ id, argument }) => executeOpenCommand(commands, id, argument),
    },
    'table.list': {
      inCommand: true,
      permissions: ['table.read:workbook'],
      fits: () => true,
      handle: () => available(services.tables)(),
    },
    'table.read': {
      inCommand: true,
      permissions: ['table.read:workbook'],
      fits: ({ name }) => isShortText(name),
      handle: ({ name }) => available(services.readTable)(name),
    },
    'sheet.add': {
      inCommand: true,
      permissions: ['sheet.write:new-sheet', 'sheet.write:workbook'],
      fits: ({ name, rows }) => isShortText(name) && isGrid(rows),
      handle: ({ name, rows }) => available(services.addSheet)(name, rows),
    },
    'file.save': {
      inCommand: true,
      permissions: ['file.save'],
      fits: ({ name, bytes }) => isShortText(name) && bytes instanceof Uint8Array,
      handle: ({ name, bytes }) => available(services.saveFile)(name, bytes),
    },
    'clipboard.write': {
      inCommand: true,
      permissions: ['clipboard.write'],
      fits: ({ text }) => typeof text === 'string',
      handle: ({ text }) => available(services.copyText)(text),
    },
    'engine.ask': {
      inCommand: false,
      permissions: [],
      fits: ({ reduction, columns, options }) => isShortText(reduction) && isObject(columns) && isObject(options),
      handle: askEngine,
    },
    'kernel.spread': {
      inCommand: false,
      permissions: [],
      fits: ({ kernel, inputs }) =>
        isShortText(kernel) && Array.isArray(inputs) && inputs.length > 0 && inputs.length <= mostInputs,
      handle: spread,
    },
  };
  return new Map(
    Object.entries(guarded).map(([name, method]): [string, Method] => {
      const { permissions, inCommand, fits, handle } = method as unknown as GuardedMethod<keyof HostMethods>;
      return [
        name,
        async (argument, { signal }) => {
          if (permissions.length > 0 && !permissions.some((permission) => plugin().granted.includes(permission)))
            throw new RefusedError('denied', `'${name}' needs the permission ${permissions[0]}.`);
          if (inCommand && !plugin().runsCommand)
            throw new RefusedError('denied', `'${name}' is for commands, while one of them runs.`);
          if (!isObject(argument) || !fits(argument as Argument<keyof HostMethods>))
            throw new RefusedError('bad-argument', `The argument of '${name}' does not fit.`);
          return (await handle(argument as Argument<keyof HostMethods>, signal)) ?? null;
        },
      ];
    }),
  );
}

function available<Service>(service: Service | undefined): Service {
  if (service === undefined) throw new RefusedError('denied', 'This is not available here.');
  return service;
}

async function executeOpenCommand(commands: CommandRegistry, id: string, argument: Json): Promise<Json> {
  const command = commands.get(id);
  if (!command) throw new RefusedError('bad-argument', `There is no command '${id}'.`);
  if (!command.openToPlugins) throw new RefusedError('denied', `The command '${id}' is not open to plugins.`);
  return ((await commands.execute(id, argument ?? null)) ?? null) as Json;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isShortText(value: unknown): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= 200;
}

function isGrid(value: unknown): boolean {
  const isCell = (cell: unknown): boolean =>
    cell === null || typeof cell === 'string' || typeof cell === 'boolean' || Number.isFinite(cell);
  return Array.isArray(value) && value.every((row) => Array.isArray(row) && row.every(isCell));
}
