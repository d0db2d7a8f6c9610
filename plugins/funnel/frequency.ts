import {
  type AnalysisContext,
  type AnalysisResult,
  denseCodes,
  type Json,
  median,
  message,
  type Note,
  tableFromRows,
  wilsonInterval,
} from '@patron/sdk';
import { checkNames, classify, eventNames } from './classify.ts';
import { SMALL_SAMPLE } from './comparison.ts';
import { meanOf, shareOf } from './counts.ts';
import { type Step, stepsOf } from './steps.ts';
import { timesOf } from './units.ts';

export interface FrequencyParameters {
  readonly counted: Json;
  readonly outcome: Json;
  readonly most: number;
  readonly unknownEvents: 'stop' | 'zero';
}

/** How many times customers did something before they first did something else, and how conversion goes with it. */
export function frequency(context: AnalysisContext<FrequencyParameters>): AnalysisResult {
  const { parameters, inputs } = context;
  const counted = stepsOf(parameters.counted, 'counted');
  const outcome = stepsOf(parameters.outcome, 'outcome');
  const { before, converted, missing } = countBefore(inputs.events, counted, outcome, parameters);
  const times = before.filter((_, customer) => converted[customer] === 1);
  const levels = levelsOf(before, converted, parameters.most);
  const never = times.filter((count) => count === 0).length;
  const names = { counted: nameOf(counted), outcome: nameOf(outcome) };
  const typical = times.length === 0 ? null : median(times);
  const label = (level: number): string => (level === parameters.most ? `${level}+` : String(level));
  const notes: Note[] = [
    ...(missing.length === 0
      ? []
      : [{ level: 'warning' as const, text: message('note.unknownEvents', { events: missing.join(', ') }) }]),
    { level: 'info', text: message('note.interval') },
    { level: 'info', text: message('note.frequency') },
    ...(times.length < SMALL_SAMPLE
      ? [{ level: 'warning' as const, text: message('note.smallSample', { customers: times.length }) }]
      : []),
  ];
  const percent = { type: 'number', format: 'percent' } as const;
  const whole = { type: 'integer', format: 'integer' } as const;
  const interval = (part: number, all: number): (number | null)[] =>
    all > 0 ? [...wilsonInterval(part, all)] : [null, null];
  const headline =
    typical === null
      ? message('headline.frequencyNobody', names)
      : message('headline.frequency', {
          ...names,
          customers: times.length,
          median: typical,
          never: { value: never / times.length, as: 'percent' },
        });
  const shown = levels.filter(({ came }) => came > 0);
  return {
    headline,
    metrics: {
      customers: { value: before.length, title: message('metric.customers'), format: 'integer' },
      converted: { value: times.length, title: message('metric.converted'), format: 'integer' },
      conversion: {
        value: shareOf(times.length, before.length),
        title: message('metric.conversion'),
        format: 'percent',
        n: before.length,
        ...(before.length > 0 ? { interval: wilsonInterval(times.length, before.length) } : {}),
      },
      medianTimes: { value: typical, title: message('metric.medianTimes'), format: 'decimal', n: times.length },
      meanTimes: { value: meanOf(times), title: message('metric.meanTimes'), format: 'decimal', n: times.length },
      never: {
        value: shareOf(never, times.length),
        title: message('metric.never'),
        format: 'percent',
        n: times.length,
        ...(times.length > 0 ? { interval: wilsonInterval(never, times.length) } : {}),
      },
    },
    tables: {
      frequency: tableFromRows(
        [
          { name: 'times', title: message('column.times'), type: 'string' },
          { name: 'customers', title: message('column.converted'), ...whole },
          { name: 'share', title: message('column.share'), ...percent },
          { name: 'cumulative', title: message('column.cumulative'), ...percent },
          { name: 'came', title: message('column.came'), ...whole },
          { name: 'convertedNext', title: message('column.convertedNext'), ...percent },
          { name: 'convertedNextLow', title: message('column.convertedNextLow'), ...percent },
          { name: 'convertedNextHigh', title: message('column.convertedNextHigh'), ...percent },
          { name: 'convertedEver', title: message('column.convertedEver'), ...percent },
          { name: 'convertedEverLow', title: message('column.convertedEverLow'), ...percent },
          { name: 'convertedEverHigh', title: message('column.convertedEverHigh'), ...percent },
          { name: 'smallSample', title: message('column.smallSample'), type: 'boolean' },
        ],
        shown.map(({ level, came, now, ever }) => [
          label(level),
          now,
          shareOf(now, times.length),
          shareOf(times.length - ever + now, times.length),
          came,
          shareOf(now, came),
          ...interval(now, came),
          shareOf(ever, came),
          ...interval(ever, came),
          came < SMALL_SAMPLE,
        ]),
        { title: message('table.frequency') },
      ),
    },
    charts: [
      {
        kind: 'bar',
        id: 'frequency',
        title: message('chart.frequency', names),
        summary: headline,
        table: 'frequency',
        categories: shown.map(({ level }) => label(level)),
        category: { title: message('column.times') },
        value: { title: message('column.converted'), format: 'integer', minimum: 0 },
        series: [{ name: message('column.converted'), values: shown.map(({ now }) => now) }],
      },
      {
        kind: 'line',
        id: 'conversionByTimes',
        title: message('chart.conversionByTimes', names),
        summary: message('chart.conversionByTimesSummary', names),
        table: 'frequency',
        xValues: shown.map(({ level }) => label(level)),
        x: { title: message('column.times') },
        y: { title: message('metric.conversion'), format: 'percent', minimum: 0 },
        series: [
          {
            name: message('column.convertedEver'),
            values: shown.map(({ ever, came }) => shareOf(ever, came)),
            low: shown.map(({ ever, came }) => interval(ever, came)[0]),
            high: shown.map(({ ever, came }) => interval(ever, came)[1]),
            points: true,
          },
        ],
      },
    ],
    notes,
  };
}

/** By customer with either event: how often they did the counted one before the first outcome (ever, where there was none). */
function countBefore(
  input: AnalysisContext['inputs'][string],
  counted: readonly Step[],
  outcome: readonly Step[],
  { unknownEvents }: FrequencyParameters,
): { before: Float64Array; converted: Uint8Array; missing: string[] } {
  const names = eventNames(input.fields.event);
  const lenient = unknownEvents === 'zero' || input.rows === 0;
  const missing = [
    ...checkNames(names, counted, 'counted', lenient),
    ...checkNames(names, outcome, 'outcome', lenient),
  ];
  const { codes, count } = denseCodes(input.fields.customer);
  const times = timesOf(input.fields.time);
  const time = (row: number): number => times.values[row] * times.unit;
  const { code, classOfCode, classes } = classify(input, names, [...counted, ...outcome], [], codes, time);
  const counts = Uint8Array.from(classes.steps, (steps) => (steps.some((step) => step < counted.length) ? 1 : 0));
  const ends = Uint8Array.from(classes.steps, (steps) => (steps.some((step) => step >= counted.length) ? 1 : 0));
  const first = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  const seen = new Uint8Array(count);
  for (let row = 0; row < input.rows; row++) {
    const own = classOfCode[code[row]];
    if (own === 0) continue;
    const customer = codes[row];
    seen[customer] = 1;
    if (ends[own] === 1 && time(row) < first[customer]) first[customer] = time(row);
  }
  const done = new Float64Array(count);
  for (let row = 0; row < input.rows; row++)
    if (counts[classOfCode[code[row]]] === 1 && time(row) < first[codes[row]]) done[codes[row]]++;
  const customers = Uint32Array.from(seen.keys()).filter((customer) => seen[customer] === 1);
  return {
    before: Float64Array.from(customers, (customer) => done[customer]),
    converted: Uint8Array.from(customers, (customer) => (first[customer] < Number.POSITIVE_INFINITY ? 1 : 0)),
    missing,
  };
}

/** Customers by how often they did the counted event while the outcome had not come: the last level holds all beyond it too. */
interface Level {
  readonly level: number;
  /** Customers who came so far without the outcome. */
  readonly came: number;
  /** Those whose outcome came then, before the next time. */
  readonly now: number;
  /** Those whose outcome came then or later. */
  readonly ever: number;
}

function levelsOf(before: Float64Array, converted: Uint8Array, most: number): Level[] {
  const all = new Float64Array(most + 1);
  const now = new Float64Array(most + 1);
  before.forEach((count, customer) => {
    const level = Math.min(count, most);
    all[level]++;
    now[level] += converted[customer];
  });
  const levels: Level[] = [];
  for (let level = most, came = 0, ever = 0; level >= 0; level--) {
    came += all[level];
    ever += now[level];
    levels.unshift({ level, came, now: now[level], ever });
  }
  return levels;
}

function nameOf(patterns: readonly Step[]): string {
  return patterns.map(({ name }) => name).join(' | ');
}
