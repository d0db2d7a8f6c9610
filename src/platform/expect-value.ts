import type { Message } from '@patron/sdk';
import { at, expected, type Problem } from './problem.ts';
import { isText } from './read-message.ts';
import { inEnglish, type PlatformTextKey, platformText } from './texts.ts';

/** A value that came back is not what it should be. */
export class MisfitError extends Error {
  override readonly name = 'MisfitError';
  readonly problem: Problem;

  constructor(path: string, problem: Message) {
    super(inEnglish(platformText('platform.atPath', { path, problem })));
    this.problem = { path, problem };
  }
}

/** Checks the value at a path, and throws a MisfitError where it does not fit. */
export type Expect = (value: unknown, path: string) => void;

const must =
  (fits: (value: unknown) => boolean, what: PlatformTextKey | Message): Expect =>
  (value, path) => {
    if (!fits(value)) throw new MisfitError(path, expected(what, value));
  };

export const expectText: Expect = must((value) => isText(value), 'platform.messageText');
export const expectBoolean: Expect = must((value) => typeof value === 'boolean', 'platform.boolean');
export const expectFinite: Expect = must(Number.isFinite, 'platform.finite');
export const expectFiniteOrNull: Expect = must((value) => value === null || Number.isFinite(value), 'platform.finite');
export const expectNumber: Expect = must(
  (value) => typeof value === 'number' && !Number.isNaN(value),
  'platform.number',
);

/** A whole number from 0 to below `count`. */
export function expectIndex(count: number): Expect {
  const what = platformText('platform.within', { minimum: '0', maximum: String(count - 1) });
  return must((value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) < count, what);
}

export function expectName(length = 200): Expect {
  return must((value) => typeof value === 'string' && value.length > 0 && value.length <= length, 'platform.text');
}

export function expectOneOf(choices: readonly string[]): Expect {
  const what = platformText('platform.oneOf', { choices: choices.join(', ') });
  return must((value) => typeof value === 'string' && choices.includes(value), what);
}

export function optionally(expect: Expect): Expect {
  return (value, path) => {
    if (value !== undefined) expect(value, path);
  };
}

/** A list of at most `most` items; where `length` is given, of exactly that many. */
export function expectList(expect: Expect, options: { most?: number; length?: number } = {}): Expect {
  const { most = 200_000, length } = options;
  return (value, path) => {
    if (!Array.isArray(value)) throw new MisfitError(path, expected('platform.list', value));
    if (length !== undefined && value.length !== length)
      throw new MisfitError(path, expected(platformText('platform.lengthOf', { count: String(length) }), value.length));
    if (value.length > most)
      throw new MisfitError(path, expected(platformText('platform.tooMany', { count: String(most) }), value.length));
    for (let i = 0; i < value.length; i++) {
      const item: unknown = value[i];
      // The path of each item is only made where it is needed.
      try {
        expect(item, '');
      } catch (error) {
        if (!(error instanceof MisfitError)) throw error;
        const { path: inner, problem } = error.problem;
        throw new MisfitError(joined(at(path, i), inner), problem);
      }
    }
  };
}

const joined = (outer: string, inner: string): string =>
  inner === '' || inner.startsWith('[') ? outer + inner : `${outer}.${inner}`;

/** An object with these keys and no other. */
export function expectShape(fields: Readonly<Record<string, Expect>>): Expect {
  return (value, path) => {
    const object = expectObject(value, path);
    for (const key of Object.keys(object))
      if (!Object.hasOwn(fields, key) && object[key] !== undefined)
        throw new MisfitError(at(path, key.slice(0, 60)), platformText('platform.unknownKey'));
    for (const key of Object.keys(fields)) fields[key](object[key], at(path, key));
  };
}

/** An object whose keys are names of its own choice, at most `most` of them. */
export function expectRecord(expect: Expect, most: number): Expect {
  return (value, path) => {
    const entries = Object.entries(expectObject(value, path));
    if (entries.length > most)
      throw new MisfitError(path, expected(platformText('platform.tooMany', { count: String(most) }), entries.length));
    for (const [key, item] of entries) {
      expectName()(key, path);
      expect(item, at(path, key));
    }
  };
}

export function expectObject(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new MisfitError(path, expected('platform.object', value));
  return value as Readonly<Record<string, unknown>>;
}
