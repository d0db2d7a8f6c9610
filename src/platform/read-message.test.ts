import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PayloadError, weighPayload } from './payload.ts';
import { isText, readFromHost, readFromPlugin } from './read-message.ts';

const good = [
  { t: 'hello', api: [1], sdk: '0.1.0' },
  { t: 'ready', provides: [{ point: 'analyses', id: 'a.b' }] },
  { t: 'req', id: 1, m: 'command.execute', a: { id: 'x' } },
  { t: 'ack', id: 1 },
  { t: 'res', id: 1, v: { column: new Float64Array(3) } },
  { t: 'err', id: 0, e: { code: 'failed', message: 'no' } },
  { t: 'cancel', id: 3 },
  { t: 'progress', id: 3, done: 1, total: 2, text: { key: 'k', args: { n: 1, m: { value: 1, as: 'days' } } } },
  { t: 'log', level: 'info', text: 'x' },
  { t: 'pong', n: 1 },
];

const bad: unknown[] = [
  null,
  'hello',
  [],
  {},
  { t: 'toString' },
  { t: '__proto__' },
  { t: 'init', api: 1 },
  { t: 'hello', api: 1, sdk: '0.1.0' },
  { t: 'hello', api: [1], sdk: '0.1.0', more: 1 },
  { t: 'ready', provides: [{ point: 'panels', id: 'a.b' }] },
  { t: 'req', id: 0, m: 'x', a: 1 },
  { t: 'req', id: -1, m: 'x', a: 1 },
  { t: 'req', id: 1.5, m: 'x', a: 1 },
  { t: 'req', id: Number.MAX_SAFE_INTEGER + 1, m: 'x', a: 1 },
  { t: 'req', id: '1', m: 'x', a: 1 },
  { t: 'req', id: 1, m: { length: 1 }, a: 1 },
  { t: 'err', id: 1, e: { code: 'oops', message: 'no' } },
  { t: 'progress', id: 1, done: Number.NaN, total: 1 },
  { t: 'log', level: 'info', text: 'x'.repeat(20_001) },
  { t: 'res', id: 1, v: () => 1 },
  { t: 'res', id: 1, v: new Map() },
  { t: 'res', id: 1, v: new Date() },
  { t: 'res', id: 1, v: Symbol('x') },
  { t: 'res', id: 1, v: 10n },
  { t: 'res', id: 1, v: new MessageChannel().port1 },
  { t: 'res', id: 1, v: JSON.parse('{"__proto__": {"polluted": true}}') },
];

describe('a message of a stranger', () => {
  it('is read where it has its shape', () => {
    for (const message of good) expect(readFromPlugin(structuredClone(message)).message).toEqual(message);
  });

  it('is refused in any other', () => {
    for (const message of bad) expect(() => readFromPlugin(message)).toThrow(PayloadError);
  });

  it('may hold neither cycles nor more than the limits', () => {
    const cycle: Record<string, unknown> = { t: 'res', id: 1 };
    cycle.v = [cycle];
    expect(() => readFromPlugin(cycle)).toThrow('nested too deeply');
    const limits = { values: 100, characters: 50, bytes: 64, depth: 8 };
    const refused = (v: unknown): string => {
      try {
        readFromPlugin({ t: 'res', id: 1, v }, limits);
        return 'accepted';
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(refused(Array.from({ length: 200 }, () => 1))).toBe("At '.v': more values than one message may hold.");
    expect(refused(['x'.repeat(60)])).toBe("At '.v[0]': more text than one message may hold.");
    expect(refused({ a: new Float64Array(9) })).toBe("At '.v.a': more bytes than one message may hold.");
    expect(refused(new Float64Array(8))).toBe('accepted');
  });

  it('weighs what is referred to twice twice, so that a small message cannot be a long walk', () => {
    let nested: unknown[] = [1];
    for (let i = 0; i < 40; i++) nested = [nested, nested];
    expect(() => weighPayload(nested)).toThrow('more values than one message may hold');
  });

  it('collects each buffer once and tells shared memory apart', () => {
    const buffer = new ArrayBuffer(16);
    const weight = weighPayload({
      a: new Uint8Array(buffer),
      b: [new Uint32Array(buffer)],
      c: new SharedArrayBuffer(8),
    });
    expect([...weight.buffers]).toEqual([buffer]);
    expect([weight.bytes, weight.sharedBytes]).toEqual([16, 8]);
  });

  it('never gets through with a shape of its own, whatever it is', () => {
    const anything = fc.anything({
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
      withBigInt: true,
    });
    const nearly = fc.record(
      {
        t: fc.oneof(fc.constantFrom(...good.map(({ t }) => t), 'init', 'stop', 'constructor'), fc.string()),
        id: fc.oneof(fc.integer(), fc.double(), anything),
        m: anything,
        a: anything,
        v: anything,
        e: fc.oneof(anything, fc.record({ code: fc.string(), message: fc.string() })),
        provides: anything,
      },
      { requiredKeys: ['t'] },
    );
    const kinds = new Set(good.map(({ t }) => t));
    fc.assert(
      fc.property(fc.oneof(anything, nearly), (value) => {
        for (const read of [readFromPlugin, readFromHost])
          try {
            const { message } = read(value);
            expect(typeof message.t).toBe('string');
            if (read === readFromPlugin) expect(kinds).toContain(message.t);
            if ('id' in message && message.t !== 'err') expect(message.id).toBeGreaterThan(0);
          } catch (error) {
            expect(error).toBeInstanceOf(PayloadError);
          }
      }),
      { numRuns: 3000 },
    );
  });

  it('has texts that are strings or messages, not too deep', () => {
    expect(isText('plain')).toBe(true);
    expect(isText({ key: 'k', args: { inner: { key: 'j' } } })).toBe(true);
    expect(isText({ key: 'k', html: '<b>' })).toBe(false);
    expect(isText({ key: 'k', args: { n: null } })).toBe(false);
    let deep: object = { key: 'k' };
    for (let i = 0; i < 9; i++) deep = { key: 'k', args: { deep } };
    expect(isText(deep)).toBe(false);
  });
});
