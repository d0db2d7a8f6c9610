import { describe, expect, test } from 'vitest';
import { seededRandom } from '../numeric/random.ts';
import { journeys } from './journeys.ts';
import type { JourneyEvents } from './journeys-events.ts';
import { openJourneys } from './journeys-open.ts';
import { readUnits } from './journeys-read.ts';
import type { EventClasses, JourneyRules } from './journeys-rules.ts';
import { windowFunnel } from './window-funnel.ts';

const classes: EventClasses = { steps: [[], [0], [1], [2]], exclusions: [[], [], [], []] };
const ordered: JourneyRules = { steps: 3, order: 'ordered', window: 10, entry: 'best' };

/** Events as [unit, class, time]. */
function eventsOf(rows: readonly (readonly [number, number, number])[], keepAll = false): JourneyEvents {
  return {
    units: Math.max(0, ...rows.map(([unit]) => unit + 1)),
    unit: Uint32Array.from(rows, ([unit]) => unit),
    time: Float64Array.from(rows, ([, , time]) => time),
    timeUnit: 1,
    code: Uint8Array.from(rows, ([, eventClass]) => eventClass),
    classOfCode: Uint16Array.of(0, 1, 2, 3),
    keepAll,
  };
}

const depthsOf = (events: JourneyEvents, rules: JourneyRules): [number, number][] => {
  const found = journeys(readUnits(events), classes, rules);
  return Array.from({ length: found.count }, (_, j) => [found.unit[j], found.depth[j]]);
};

describe('reading units', () => {
  const random = seededRandom(7);
  const rows = Array.from({ length: 3000 }, (): [number, number, number] => [
    random.integer(40),
    random.integer(4),
    random.integer(500),
  ]);
  const inOrder = [...rows].sort((a, b) => a[0] - b[0] || a[2] - b[2]);

  test('gives the same events however the rows lie', () => {
    const listOf = (source: typeof rows, shift: number): string[] => {
      const reader = readUnits(eventsOf(source.map(([unit, eventClass, time]) => [unit, eventClass, time + shift])));
      return Array.from({ length: 40 }, (_, unit) => {
        const count = reader.read(unit);
        const read = Array.from({ length: count }, (_, i) => [
          reader.time[i] - shift,
          reader.classOf[i],
          source[reader.rowAt(i)][2],
        ]);
        return JSON.stringify(read);
      });
    };
    const packed = listOf(rows, 0);
    expect(listOf(inOrder, 0)).toEqual(packed);
    // Times with fractions do not pack and are gathered row by row.
    expect(listOf(rows, 0.5)).toEqual(packed);
    for (const unit of packed) {
      const times = JSON.parse(unit).map(([time]: number[]) => time);
      expect(times).toEqual([...times].sort((a, b) => a - b));
    }
  });

  test('gives times as they are, however far from zero they lie and however they are stored', () => {
    const bases = [0, -5e9, 3e9, 1.7e12, 2 ** 31 - 50];
    const rows = Array.from({ length: 900 }, (_, row) => row);
    const unit = Uint32Array.from(rows, (row) => (row * 7919) % 50);
    const code = Uint8Array.from(rows, (row) => row % 4);
    for (const base of bases) {
      const times = rows.map((row) => base + ((row * 104_729) % 49));
      for (const time of [Float64Array.from(times), Int32Array.from(times), Uint32Array.from(times)]) {
        if (time[0] !== base) continue;
        const classOfCode = Uint16Array.of(0, 1, 2, 3);
        const reader = readUnits({ units: 50, unit, time, timeUnit: 1, code, classOfCode, keepAll: false });
        for (let u = 0; u < 50; u++) {
          const count = reader.read(u);
          const read = Array.from({ length: count }, (_, i) => reader.rowAt(i));
          expect([...reader.time.subarray(0, count)]).toEqual(read.map((row) => time[row]));
          expect(read.map((row) => [unit[row], code[row]])).toEqual(
            Array.from(reader.classOf.subarray(0, count), (own) => [u, own]),
          );
        }
      }
    }
  });

  test('leaves out events of no class, and units beyond those named', () => {
    const events = {
      ...eventsOf([
        [1, 0, 5],
        [0, 1, 3],
        [2, 1, 1],
        [1, 2, 4],
      ]),
      units: 2,
    };
    const reader = readUnits(events);
    expect([reader.read(0), reader.read(1)]).toEqual([1, 1]);
    expect(readUnits({ ...events, keepAll: true }).read(1)).toBe(2);
  });
});

describe('journeys', () => {
  test('take the latest start that gets as far, first of all in time', () => {
    const found = journeys(
      readUnits(
        eventsOf([
          [0, 1, 0],
          [0, 1, 5],
          [0, 2, 7],
          [0, 1, 8],
          [0, 3, 9],
        ]),
      ),
      classes,
      ordered,
    );
    expect([...found.rows.subarray(0, 3)]).toEqual([1, 2, 4]);
  });

  test('agree between the one-pass way and trying every start', () => {
    const random = seededRandom(3);
    for (let round = 0; round < 300; round++) {
      const rows = Array.from({ length: 25 }, (): [number, number, number] => [
        random.integer(2),
        random.integer(4),
        random.integer(40),
      ]);
      const events = eventsOf(rows);
      // A window for each step that never binds asks for the general way.
      const general = { ...ordered, stepWindows: Float64Array.of(0, 1e9, 1e9) };
      expect(depthsOf(events, general)).toEqual(depthsOf(events, ordered));
    }
  });

  test('take the same rows however these lie: of few events and of many, at one time and apart', () => {
    const random = seededRandom(11);
    for (let round = 0; round < 200; round++) {
      const span = 1 + random.integer(60);
      const rows = Array.from({ length: 160 }, (): [number, number, number] => [
        // One unit in four rounds has more events than are compared pair by pair.
        round % 4 === 0 && random.integer(3) > 0 ? 5 : random.integer(9),
        random.integer(4),
        random.integer(span),
      ]);
      const byUnit = rows.map((_, row) => row).sort((a, b) => rows[a][0] - rows[b][0]);
      const rules = { ...ordered, window: round % 5 === 0 ? Number.POSITIVE_INFINITY : random.integer(span) };
      for (const timeUnit of [1, 0.5, 1000]) {
        const asTheyLie = { ...eventsOf(rows), units: 8, timeUnit };
        const clustered = { ...eventsOf(byUnit.map((row) => rows[row])), timeUnit };
        const found = journeys(readUnits(asTheyLie), classes, rules);
        const expected = journeys(readUnits(clustered), classes, rules, 0, 8);
        expect([...found.unit.subarray(0, found.count)]).toEqual([...expected.unit.subarray(0, expected.count)]);
        const expectedRows = expected.rows.subarray(0, expected.count * 3);
        expect([...found.rows.subarray(0, found.count * 3)]).toEqual(
          Array.from(expectedRows, (row) => (row < 0 ? row : byUnit[row])),
        );
      }
    }
  });

  test('are found by a reader that has been read before', () => {
    const rows: [number, number, number][] = [
      [0, 2, 5],
      [1, 1, 0],
      [0, 1, 1],
      [0, 3, 9],
      [0, 1, 3],
    ];
    const reader = readUnits(eventsOf(rows));
    expect(reader.read(0)).toBe(4);
    const found = journeys(reader, classes, ordered);
    expect([...found.rows.subarray(0, found.count * 3)]).toEqual([4, 0, 3, 1, -1, -1]);
  });

  test('of strict order break at any other event', () => {
    const strict: JourneyRules = { ...ordered, order: 'strict' };
    const rows: [number, number, number][] = [
      [0, 1, 0],
      [0, 2, 1],
      [0, 0, 2],
      [0, 3, 3],
      [1, 1, 0],
      [1, 2, 1],
      [1, 3, 2],
    ];
    expect(depthsOf(eventsOf(rows, true), strict)).toEqual([
      [0, 2],
      [1, 3],
    ]);
  });

  test('can be found a range of units at a time', () => {
    const reader = readUnits(
      eventsOf([
        [0, 1, 0],
        [1, 1, 0],
        [1, 2, 1],
        [2, 1, 0],
      ]),
    );
    const first = journeys(reader, classes, ordered, 0, 2);
    const all = journeys(reader, classes, ordered, 2, 3, first);
    expect([...all.unit.subarray(0, all.count)]).toEqual([0, 1, 2]);
    expect([...all.rows.subarray(0, 9)]).toEqual([0, -1, -1, 1, 2, -1, 3, -1, -1]);
  });

  test('that are open count who is at each step and who came from the one before', () => {
    const reader = readUnits(
      eventsOf([
        [0, 1, 0],
        [0, 2, 4],
        [1, 2, 0],
        [1, 3, 30],
        [2, 3, 0],
      ]),
    );
    const { reached, continued, durations } = openJourneys(reader, classes, { steps: 3, window: 10 });
    expect([...reached]).toEqual([1, 2, 2]);
    expect([...continued]).toEqual([0, 1, 0]);
    expect([...durations[1]]).toEqual([4]);
  });
});

describe('windowFunnel', () => {
  const level = (rows: [number, number, number][], modes: Parameters<typeof windowFunnel>[2]['modes'] = []): number =>
    windowFunnel(readUnits(eventsOf(rows, true)), classes, { conditions: 3, window: 10, modes })[0];

  test('keeps a chain that a restart at the same time would lose', () => {
    expect(
      level(
        [
          [0, 1, 0],
          [0, 1, 1],
          [0, 2, 1],
        ],
        ['strict_increase'],
      ),
    ).toBe(2);
  });

  test('gives the level reached before a repeated condition', () => {
    // ClickHouse issue 37177: install, start, login, install, start … gives 3.
    expect(
      level(
        [
          [0, 1, 0],
          [0, 2, 1],
          [0, 1, 3],
          [0, 2, 4],
          [0, 3, 5],
        ],
        ['strict_deduplication'],
      ),
    ).toBe(2);
  });

  test('ends at an event that meets no condition where the order is strict', () => {
    expect(
      level(
        [
          [0, 1, 0],
          [0, 0, 1],
          [0, 2, 2],
        ],
        ['strict_order'],
      ),
    ).toBe(1);
    expect(
      level([
        [0, 1, 0],
        [0, 0, 1],
        [0, 2, 2],
      ]),
    ).toBe(2);
  });
});
