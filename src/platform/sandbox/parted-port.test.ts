import { serialize } from 'node:v8';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PayloadError } from '../payload.ts';
import { PartCollector, postInParts } from './parted-port.ts';

const megabyte = 2 ** 20;

/** What arrives of a message, in order, as a port hands it over. */
function sent(message: unknown, transfer: readonly ArrayBuffer[]): unknown[] {
  const arrived: unknown[] = [];
  const postMessage = (one: unknown, given: Transferable[]): void =>
    void arrived.push(structuredClone(one, { transfer: given }));
  postInParts({ postMessage }, message, transfer);
  return arrived;
}

function put(arrived: readonly unknown[], most = Number.POSITIVE_INFINITY, takesPieces = false): unknown {
  const collector = new PartCollector(most, takesPieces);
  return arrived.map((one) => collector.collect(one)).at(-1);
}

describe('a message in parts', () => {
  it('arrives as it was sent, its large buffers one by one before it', () => {
    const codes = new Uint32Array(megabyte / 2).map((_, i) => i);
    const days = new Int16Array(megabyte).fill(-7);
    const small = Float64Array.of(0.1, Number.NaN);
    const make = () => ({ t: 'req', a: { columns: [{ codes }, { days }], small, name: 'rows' } });
    const expected = structuredClone(make());
    const arrived = sent(make(), [codes.buffer, days.buffer, small.buffer]);
    expect(arrived.map((one) => (one as { t: string }).t)).toEqual(['part', 'part', 'parted']);
    expect(codes.length).toBe(0);
    expect(serialize(put(arrived)).equals(serialize(expected))).toBe(true);
  });

  it('keeps views of one buffer views of one buffer', () => {
    const buffer = new ArrayBuffer(2 * megabyte);
    const other = new Uint8Array(megabyte);
    const message = { offsets: new Uint32Array(buffer, 0, 3), bytes: new Uint8Array(buffer, 12), other };
    const whole = put(sent(message, [buffer, other.buffer])) as typeof message;
    expect(whole.offsets.buffer).toBe(whole.bytes.buffer);
    expect([whole.offsets.length, whole.bytes.byteOffset]).toEqual([3, 12]);
  });

  it('copies out of shared memory what it sees there, once, piece by piece', () => {
    const codes = new Uint32Array(new SharedArrayBuffer(megabyte + 4));
    for (let i = 0; i < codes.length; i++) codes[i] = i;
    const flags = new Uint8Array(new SharedArrayBuffer(8), 4, 2).fill(1);
    const arrived: unknown[] = [];
    const postMessage = (one: unknown, given: Transferable[]): void =>
      void arrived.push(structuredClone(one, { transfer: given }));
    postInParts({ postMessage }, { field: codes, property: codes, flags }, [], true);
    expect(arrived.map((one) => (one as { t: string }).t)).toEqual(['piece', 'piece', 'piece', 'parted']);
    const whole = put(arrived, Number.POSITIVE_INFINITY, true) as {
      field: Uint32Array;
      property: Uint32Array;
      flags: Uint8Array;
    };
    expect(whole.field.buffer).toBeInstanceOf(ArrayBuffer);
    expect(whole.field.every((code, i) => code === i)).toBe(true);
    expect(whole.field.length).toBe(megabyte / 4 + 1);
    expect(whole.property.buffer).toBe(whole.field.buffer);
    expect([...whole.flags]).toEqual([1, 1]);
    expect(codes.length).toBe(megabyte / 4 + 1);
    expect(() => put(arrived)).toThrow('A plugin sends its buffers whole.');
  });

  it('goes whole where nothing is gained', () => {
    const one = new Uint8Array(megabyte);
    expect(sent({ one }, [one.buffer])).toHaveLength(1);
    const raw = new ArrayBuffer(megabyte);
    const viewed = new DataView(new ArrayBuffer(megabyte));
    expect(sent({ raw, viewed }, [raw, viewed.buffer as ArrayBuffer])).toHaveLength(1);
  });

  it('is refused where parts and message do not fit', () => {
    const part = { t: 'part', buffer: new ArrayBuffer(16) };
    const hole = { path: ['a'], part: 0, kind: 'Uint8Array', offset: 0, length: 16 };
    const parted = (change: object, message: unknown = { a: null }) => [
      part,
      { t: 'parted', holes: [{ ...hole, ...change }], message },
    ];
    expect(put(parted({}))).toEqual({ a: new Uint8Array(16) });
    const wrong = [
      parted({ part: 1 }),
      parted({ part: '__proto__' }),
      parted({ kind: 'constructor' }),
      parted({ kind: 'DataView' }),
      parted({ length: 17 }),
      parted({ offset: -1 }),
      parted({ path: [] }),
      parted({ path: ['__proto__', 'polluted'] }),
      parted({ path: ['constructor', 'prototype', 'polluted'] }),
      parted({ path: [Symbol.iterator] }),
      parted({ path: ['b'] }),
      parted({ path: new Array(100).fill('a') }),
      parted({}, { a: 1 }),
      parted({}, null),
      [part, { t: 'log', level: 'info', text: 'x' }],
      [{ t: 'part', buffer: 'x' }],
      [{ t: 'parted', holes: 'x', message: {} }],
    ];
    for (const arrived of wrong) expect(() => put(arrived), JSON.stringify(arrived)).toThrow(PayloadError);
    expect(() => put([part, part], 20)).toThrow('more parts than may be sent');
    expect('polluted' in {}).toBe(false);
  });

  it('never throws anything but a PayloadError, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.anything(), { maxLength: 4 }), fc.anything(), (holes, message) => {
        try {
          put([
            { t: 'part', buffer: new ArrayBuffer(8) },
            { t: 'parted', holes, message },
          ]);
        } catch (error) {
          expect(error).toBeInstanceOf(PayloadError);
        }
      }),
    );
  });
});
