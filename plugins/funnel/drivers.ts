import {
  type AnalysisContext,
  AnalysisError,
  type AnalysisResult,
  type CellValue,
  message,
  type Text,
  tableFromRows,
} from '@patron/sdk';
import { adjustForMany, compareShares, oddsRatio, phiOf } from './comparison.ts';
import { type FunnelParameters, type FunnelRun, runFunnel } from './funnel-run.ts';
import { ruleNotes } from './takeaway.ts';
import { propertyOf } from './units.ts';
import { valueCodes } from './value-codes.ts';

export interface DriverParameters extends FunnelParameters {
  readonly properties: readonly string[];
  readonly withEvents: boolean;
  readonly minimumCustomers: number;
}

/** One candidate: customers with and without it, converted and not. */
interface Driver {
  readonly kind: 'event' | 'property';
  readonly name: string;
  readonly value: string;
  readonly withConverted: number;
  readonly withDropped: number;
}

/** What tells those who convert from those who drop out: other events on the way, and properties at entry. */
export async function drivers(context: AnalysisContext<DriverParameters>): Promise<AnalysisResult> {
  const { parameters } = context;
  const run = await runFunnel(context);
  const { journeys } = run;
  let converted = 0;
  for (let journey = 0; journey < journeys.count; journey++)
    if (journeys.depth[journey] === journeys.steps) converted++;
  const dropped = journeys.count - converted;
  if (run.steps.length < 2)
    throw new AnalysisError(`At steps: drivers of conversion need at least two steps.`, {
      path: 'parameters.steps',
      text: message('error.twoSteps'),
    });
  // Events on the way belong to one journey a customer; sessions and occurrences have several.
  const perCustomer = parameters.countBy === 'customer' || parameters.countBy === 'property';
  const found = [
    ...(parameters.withEvents && perCustomer ? eventDrivers(run) : []),
    ...parameters.properties.flatMap((name, index) => propertyDrivers(run, name, `properties.${index}`)),
  ].filter(({ withConverted, withDropped }) => {
    const size = withConverted + withDropped;
    return size >= parameters.minimumCustomers && journeys.count - size >= 1;
  });
  const tests = found.map(({ withConverted, withDropped }) =>
    compareShares(
      withConverted,
      withConverted + withDropped,
      converted - withConverted,
      journeys.count - withConverted - withDropped,
    ),
  );
  const adjusted = adjustForMany(tests.map(({ p }) => p));
  const order = found
    .map((_, index) => index)
    .sort((a, b) => adjusted[a] - adjusted[b] || Math.abs(tests[b].difference) - Math.abs(tests[a].difference));
  const significant = order.filter((index) => adjusted[index] < 0.05);
  const labelOf = ({ kind, name, value }: Driver): string => (kind === 'event' ? name : `${name} = ${value}`);
  const rows = order.map((index): CellValue[] => {
    const { kind, name, value, withConverted, withDropped } = found[index];
    const withAll = withConverted + withDropped;
    const without = journeys.count - withAll;
    const odds = oddsRatio(withConverted, withDropped, converted - withConverted, dropped - withDropped);
    const { difference, low, high, p, enough } = tests[index];
    return [
      kind,
      name,
      value,
      withAll,
      withAll > 0 ? withConverted / withAll : null,
      without > 0 ? (converted - withConverted) / without : null,
      difference,
      low,
      high,
      odds.ratio,
      odds.low,
      odds.high,
      phiOf(withConverted, withDropped, converted - withConverted, dropped - withDropped),
      p,
      adjusted[index],
      verdictOf(difference, adjusted[index], enough),
    ];
  });
  const percent = { type: 'number', format: 'percent' } as const;
  const decimal = { type: 'number', format: 'decimal' } as const;
  const title = (name: string): Text => message(`column.${name}`);
  const shown = order.slice(0, 12);
  const strongest = significant[0];
  return {
    headline:
      strongest === undefined
        ? message('headline.noDrivers', { candidates: found.length })
        : message(tests[strongest].difference > 0 ? 'headline.driverUp' : 'headline.driverDown', {
            driver: labelOf(found[strongest]),
            difference: { value: Math.abs(tests[strongest].difference) * 100, as: 'decimal' },
            count: significant.length,
            candidates: found.length,
          }),
    metrics: {
      entered: { value: journeys.count, title: message('metric.entered'), format: 'integer' },
      converted: { value: converted, title: message('metric.converted'), format: 'integer' },
      candidates: { value: found.length, title: message('metric.candidates'), format: 'integer' },
      significant: { value: significant.length, title: message('metric.significant'), format: 'integer' },
    },
    tables: {
      drivers: tableFromRows(
        [
          {
            name: 'kind',
            title: title('kind'),
            type: 'string',
            labels: { event: message('driver.event'), property: message('driver.property') },
          },
          { name: 'name', title: title('name'), type: 'string' },
          { name: 'value', title: title('value'), type: 'string' },
          { name: 'customers', title: title('customers'), type: 'integer', format: 'integer' },
          { name: 'conversionWith', title: title('conversionWith'), ...percent },
          { name: 'conversionWithout', title: title('conversionWithout'), ...percent },
          { name: 'difference', title: title('difference'), ...percent },
          { name: 'low', title: title('low'), ...percent },
          { name: 'high', title: title('high'), ...percent },
          { name: 'oddsRatio', title: title('oddsRatio'), ...decimal },
          { name: 'oddsLow', title: title('oddsLow'), ...decimal },
          { name: 'oddsHigh', title: title('oddsHigh'), ...decimal },
          { name: 'phi', title: title('phi'), ...decimal },
          { name: 'p', title: title('p'), type: 'number', format: 'pValue' },
          { name: 'pAdjusted', title: title('pAdjusted'), type: 'number', format: 'pValue' },
          { name: 'verdict', title: title('verdict'), type: 'string', labels: VERDICTS },
        ],
        rows,
        { title: message('table.drivers') },
      ),
    },
    charts:
      shown.length === 0
        ? []
        : [
            {
              kind: 'bar',
              id: 'drivers',
              title: message('chart.drivers'),
              summary: message('chart.driversSummary', { count: significant.length, candidates: found.length }),
              table: 'drivers',
              orientation: 'horizontal',
              categories: shown.map((index) => labelOf(found[index])),
              value: { title: message('column.difference'), format: 'percent' },
              series: [
                {
                  name: message('column.difference'),
                  values: shown.map((index) => tests[index].difference),
                  low: shown.map((index) => tests[index].low),
                  high: shown.map((index) => tests[index].high),
                },
              ],
            },
          ],
    notes: [
      ...run.notes,
      ...ruleNotes({ ...parameters, window: run.window, exclusions: run.exclusions.length }),
      { level: 'info', text: message('note.drivers') },
      { level: 'info', text: message('note.manyTests', { tests: found.length }) },
      { level: 'warning', text: message('note.notCause') },
    ],
    settled: { window: run.window },
    leftOut: run.leftOut,
  };
}

const VERDICTS = {
  small: message('verdict.small'),
  higher: message('driver.raises'),
  lower: message('driver.lowers'),
  same: message('verdict.same'),
};

function verdictOf(difference: number, p: number, enough: boolean): string {
  if (p < 0.05) return difference > 0 ? 'higher' : 'lower';
  return enough ? 'same' : 'small';
}

/**
 * Events done after entry and before the outcome: up to the conversion, or for those who dropped out to the end of their window.
 * The funnel's own events are no candidates. One pass over the rows.
 */
function eventDrivers(run: FunnelRun): Driver[] {
  const { journeys, input, unit, names } = run;
  const limit = run.rules.window;
  const from = new Float64Array(unit.count).fill(Number.POSITIVE_INFINITY);
  const to = new Float64Array(unit.count).fill(Number.NEGATIVE_INFINITY);
  const success = new Uint8Array(unit.count);
  for (let journey = 0; journey < journeys.count; journey++) {
    const owner = journeys.unit[journey];
    const base = journey * journeys.steps;
    const complete = journeys.depth[journey] === journeys.steps;
    from[owner] = run.time(journeys.rows[base]);
    to[owner] = complete ? run.time(journeys.rows[base + journeys.steps - 1]) : from[owner] + limit;
    success[owner] = complete ? 1 : 0;
  }
  const own = new Uint8Array(names.names.length);
  for (let row = 0; row < input.rows; row++)
    if (run.classes.steps[run.classOf(row)].length > 0) own[names.codes[row]] = 1;
  const converted = new Uint32Array(names.names.length);
  const dropped = new Uint32Array(names.names.length);
  const candidates = candidateNames(names, own);
  const seen = new Uint8Array(Math.ceil((unit.count * candidates.count) / 8));
  for (let row = 0; row < input.rows; row++) {
    const name = names.codes[row];
    const owner = unit.codes[row];
    const candidate = candidates.indexOf[name];
    if (candidate < 0 || owner >= unit.count) continue;
    const at = run.time(row);
    if (at < from[owner] || at > to[owner]) continue;
    const key = owner * candidates.count + candidate;
    const bit = 1 << (key % 8);
    const byte = Math.floor(key / 8);
    if ((seen[byte] & bit) !== 0) continue;
    seen[byte] |= bit;
    if (success[owner] === 1) converted[name]++;
    else dropped[name]++;
  }
  return names.names.flatMap((name, code) =>
    converted[code] + dropped[code] > 0
      ? [{ kind: 'event' as const, name, value: '', withConverted: converted[code], withDropped: dropped[code] }]
      : [],
  );
}

/** Most events that are looked at. */
const MOST_EVENTS = 256;

/** The most frequent names that fill no step, numbered. */
function candidateNames(
  { names, counts }: FunnelRun['names'],
  own: Uint8Array,
): { count: number; indexOf: Int16Array } {
  const chosen = names
    .map((_, code) => code)
    .filter((code) => own[code] === 0 && counts[code] > 0)
    .sort((a, b) => counts[b] - counts[a])
    .slice(0, MOST_EVENTS);
  const indexOf = new Int16Array(names.length).fill(-1);
  chosen.forEach((code, index) => {
    indexOf[code] = index;
  });
  return { count: chosen.length, indexOf };
}

/** Values of a property on the event of entry; having none is no candidate. */
function propertyDrivers(run: FunnelRun, name: string, path: string): Driver[] {
  const { journeys } = run;
  const { codes, count, values } = valueCodes(propertyOf(run.input, name, path));
  const converted = new Uint32Array(count);
  const dropped = new Uint32Array(count);
  for (let journey = 0; journey < journeys.count; journey++) {
    const code = codes[journeys.rows[journey * journeys.steps]];
    if (journeys.depth[journey] === journeys.steps) converted[code]++;
    else dropped[code]++;
  }
  return Array.from({ length: count }, (_, code) => code)
    .filter((code) => code > 0 && converted[code] + dropped[code] > 0)
    .map((code) => ({
      kind: 'property',
      name,
      value: values(code)[0],
      withConverted: converted[code],
      withDropped: dropped[code],
    }));
}
