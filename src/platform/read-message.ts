import type { Text } from '@patron/sdk';
import { PayloadError, type PayloadLimits, type PayloadWeight, payloadLimits, weighPayload } from './payload.ts';
import type { ErrorCode, FromHost, FromPlugin, Provided, WireError, WireMessage } from './protocol.ts';

type Fields = Readonly<Record<string, unknown>>;
type Check = (value: unknown) => boolean;

const errorCodes: readonly ErrorCode[] = [
  'analysis',
  'failed',
  'cancelled',
  'unknown-method',
  'bad-argument',
  'denied',
  'too-large',
  'busy',
];
const providedPoints: readonly Provided['point'][] = [
  'analyses',
  'commands',
  'functions',
  'importers',
  'exporters',
  'charts',
  'engines',
];
const stopReasons = [
  'disable',
  'uninstall',
  'update',
  'reload',
  'shutdown',
  'unresponsive',
  'cancel',
  'crash',
  'misbehaved',
];

const textUpTo =
  (length: number): Check =>
  (value) =>
    typeof value === 'string' && value.length <= length;
const oneOf =
  (choices: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && choices.includes(value);
const listOf =
  (check: Check, length: number): Check =>
  (value) =>
    Array.isArray(value) && value.length <= length && value.every(check);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const anything: Check = () => true;
const finite: Check = Number.isFinite;
const positiveId: Check = (value) => Number.isSafeInteger(value) && (value as number) > 0;
const idOrZero: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const plainObject: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const shape =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    plainObject(value) && misfit(value as Fields, fields) === undefined;
const recordOf =
  (check: Check): Check =>
  (value) =>
    plainObject(value) && Object.values(value as object).every(check);

/** Whether a value is a text of the SDK: a string, or a message whose arguments are themselves texts or numbers. */
export function isText(value: unknown, depth = 0): value is Text {
  if (typeof value === 'string') return value.length <= 20_000;
  if (!plainObject(value) || depth > 4) return false;
  const { key, args, ...rest } = value as Fields;
  if (typeof key !== 'string' || key.length > 500 || Object.keys(rest).length > 0) return false;
  if (args === undefined) return true;
  return plainObject(args) && Object.values(args as object).every((argument) => isArgument(argument, depth));
}

function isArgument(value: unknown, depth: number): boolean {
  if (typeof value === 'number') return true;
  if (plainObject(value) && 'as' in (value as Fields)) {
    const { value: number, as, ...rest } = value as Fields;
    return typeof number === 'number' && textUpTo(40)(as) && Object.keys(rest).length === 0;
  }
  return isText(value, depth + 1);
}

const text: Check = (value) => isText(value);

/** Whether a value is an error as it crosses. */
const isWireError = shape({
  code: oneOf(errorCodes),
  message: textUpTo(20_000),
  text: optional(text),
  path: optional(textUpTo(2000)),
  stack: optional(textUpTo(20_000)),
}) as (value: unknown) => value is WireError;

const both = {
  req: { id: positiveId, m: textUpTo(100), a: anything },
  ack: { id: positiveId },
  res: { id: positiveId, v: anything },
  err: { id: idOrZero, e: isWireError },
  cancel: { id: positiveId },
} as const;

const fromPlugin: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  ...both,
  hello: { api: listOf(positiveId, 20), sdk: textUpTo(100) },
  ready: { provides: listOf(shape({ point: oneOf(providedPoints), id: textUpTo(200) }), 2000) },
  progress: { id: positiveId, done: finite, total: finite, text: optional(text) },
  log: { level: oneOf(['debug', 'info', 'warning', 'error']), text: textUpTo(20_000) },
  pong: { n: positiveId },
};

const fromHost: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  ...both,
  init: {
    api: positiveId,
    plugin: shape({ id: textUpTo(200), version: textUpTo(100) }),
    locale: textUpTo(40),
    settings: plainObject,
    texts: recordOf((value) => typeof value === 'string'),
    threads: positiveId,
  },
  event: { e: oneOf(['locale', 'settings']), v: anything },
  ping: { n: positiveId },
  stop: { reason: oneOf(stopReasons) },
};

/** The name of a field that is unknown or does not fit; undefined where all fit. */
function misfit(value: Fields, fields: Readonly<Record<string, Check>>): string | undefined {
  for (const key of Object.keys(value)) if (key !== 't' && !Object.hasOwn(fields, key)) return key;
  return Object.keys(fields).find((key) => !fields[key](value[key]));
}

/** A message that was read, with the weight of its payload. */
export interface ReadMessage<Message extends WireMessage> {
  readonly message: Message;
  readonly weight: PayloadWeight;
}

function read<Message extends WireMessage>(
  value: unknown,
  kinds: Readonly<Record<string, Readonly<Record<string, Check>>>>,
  limits: PayloadLimits,
): ReadMessage<Message> {
  const weight = weighPayload(value, limits);
  if (!plainObject(value)) throw new PayloadError('A message is an object.');
  const { t } = value as Fields;
  if (typeof t !== 'string' || !Object.hasOwn(kinds, t)) throw new PayloadError('The kind of the message is unknown.');
  const wrong = misfit(value as Fields, kinds[t]);
  if (wrong !== undefined) throw new PayloadError(`Field '${wrong.slice(0, 40)}' of a '${t}' message does not fit.`);
  return { message: value as Message, weight };
}

/**
 * What a plugin sent, checked as a stranger's.
 * @throws PayloadError saying what does not fit.
 */
export function readFromPlugin(value: unknown, limits: PayloadLimits = payloadLimits): ReadMessage<FromPlugin> {
  return read<FromPlugin>(value, fromPlugin, limits);
}

/**
 * What the host sent.
 * @throws PayloadError saying what does not fit.
 */
export function readFromHost(value: unknown, limits: PayloadLimits = payloadLimits): ReadMessage<FromHost> {
  return read<FromHost>(value, fromHost, limits);
}
