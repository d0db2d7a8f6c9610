import {
  type AnalysisContext,
  AnalysisError,
  type AnalysisResult,
  type ChartSpec,
  isNumeric,
  meanInterval,
  message,
  numbersOf,
  quantile,
  type Random,
  type ResultTable,
  studentTwoSided,
  tableFromRows,
} from '@patron/sdk';
import { adjustForMany } from './estimate.ts';
import { relativeWeights } from './relative-weights.ts';

const FEWEST = 30;
/** Work that the bootstrap may take, in multiplications. */
const BOOTSTRAP_WORK = 4e8;
const DRAWS = 200;

interface DriverParameters {
  readonly attributes: readonly string[];
  readonly confidence: number;
}

interface Driver {
  readonly name: string;
  readonly mean: number;
  readonly interval: readonly [number, number];
  readonly correlation: number;
  readonly weight: number;
  readonly low: number;
  readonly high: number;
  readonly p: number;
}

/**
 * What moves the score: the share of the explained variance that each rated attribute carries (relative weights) against how
 * well it does. An attribute whose correlation with the score is not significant after correction counts as no driver.
 */
export async function drivers(context: AnalysisContext): Promise<AnalysisResult> {
  const { attributes, confidence } = context.parameters as unknown as DriverParameters;
  const { score } = context.inputs.responses.fields;
  const columns = readAttributes(context, attributes);
  const { rows, dropped } = completeRows([numbersOf(score), ...columns]);
  const n = rows[0].length;
  if (n < Math.max(FEWEST, attributes.length * 5)) throw tooFew(n, attributes.length);
  const whole = moments(rows);
  const constant = attributes.filter((_, index) => whole.variance[index + 1] === 0);
  if (whole.variance[0] === 0 || constant.length > 0) throw noSpread(whole.variance[0] === 0 ? 'score' : constant[0]);
  const weights = weightsOf(whole);
  const draws = await bootstrap(rows, context, n);
  const found = attributes.map((name, index): Driver => {
    const r = whole.correlation[index + 1];
    const t = (r * Math.sqrt(n - 2)) / Math.sqrt(Math.max(1e-300, 1 - r * r));
    const drawn = Float64Array.from(draws, (draw) => draw[index]).sort();
    const mean = whole.mean[index + 1];
    return {
      name,
      mean,
      interval: meanInterval(mean, (whole.variance[index + 1] * n) / (n - 1), n, confidence) ?? [mean, mean],
      correlation: r,
      weight: weights[index],
      low: drawn.length > 0 ? quantile(drawn, (1 - confidence) / 2) : 0,
      high: drawn.length > 0 ? quantile(drawn, 1 - (1 - confidence) / 2) : 1,
      p: studentTwoSided(t, n - 2),
    };
  });
  const adjusted = adjustForMany(found.map(({ p }) => p));
  const explained = weights.reduce((sum, weight) => sum + weight, 0);
  const significant = adjusted.map((p) => p < 1 - confidence);
  const order = found.map((_, index) => index).sort((a, b) => found[b].weight - found[a].weight);
  const best = order.find((index) => significant[index]);
  return {
    headline:
      best === undefined
        ? message('drivers.none')
        : message('drivers.headline', {
            driver: found[best].name,
            share: { value: found[best].weight / explained, as: 'percent' },
            explained: { value: explained, as: 'percent' },
          }),
    metrics: {
      rSquared: { value: explained, n, title: message('metric.rSquared'), format: 'percent' },
      responses: { value: n, title: message('metric.responses'), format: 'integer' },
      drivers: { value: significant.filter(Boolean).length, title: message('metric.drivers'), format: 'integer' },
    },
    tables: { drivers: driversTable(order, found, adjusted, significant, explained) },
    charts: [quadrant(order, found, significant, explained)],
    notes: [
      { level: 'info', text: message('drivers.note') },
      { level: 'warning', text: message('drivers.caution') },
    ],
    leftOut: dropped > 0 ? [{ role: 'responses', reason: message('leftOut.noAttribute'), count: dropped }] : [],
  };
}

function readAttributes(context: AnalysisContext, attributes: readonly string[]): Float64Array[] {
  const at = { path: 'parameters.attributes' };
  if (attributes.length < 2) {
    throw new AnalysisError('Choose at least two columns of ratings as attributes.', {
      ...at,
      text: message('error.fewAttributes'),
    });
  }
  return attributes.map((name) => {
    const column = context.inputs.responses.properties[name];
    if (column && isNumeric(column)) return numbersOf(column);
    throw new AnalysisError(`Attribute '${name}' is no column of numbers; choose rated columns only.`, {
      ...at,
      text: message('error.textAttribute', { name }),
    });
  });
}

/** Rows in which every column has a number. */
function completeRows(columns: readonly Float64Array[]): { rows: Float64Array[]; dropped: number } {
  const kept: number[] = [];
  for (let row = 0; row < columns[0].length; row++) {
    if (columns.every((column) => !Number.isNaN(column[row]))) kept.push(row);
  }
  return {
    rows: columns.map((column) => Float64Array.from(kept, (row) => column[row])),
    dropped: columns[0].length - kept.length,
  };
}

interface Moments {
  readonly mean: Float64Array;
  /** Divided by n. */
  readonly variance: Float64Array;
  /** Row-major correlations of all columns, the score first. */
  readonly correlation: Float64Array;
}

/** Means, variances and correlations; each row counted `times[row]` times where given. */
function moments(columns: readonly Float64Array[], times?: Uint8Array): Moments {
  const k = columns.length;
  const rows = columns[0].length;
  const mean = new Float64Array(k);
  const products = new Float64Array(k * k);
  let n = 0;
  for (let row = 0; row < rows; row++) n += times ? times[row] : 1;
  columns.forEach((column, i) => {
    for (let row = 0; row < rows; row++) mean[i] += times ? column[row] * times[row] : column[row];
    mean[i] /= n;
  });
  for (let i = 0; i < k; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let row = 0; row < rows; row++) {
        const product = (columns[i][row] - mean[i]) * (columns[j][row] - mean[j]);
        sum += times ? product * times[row] : product;
      }
      products[i * k + j] = sum / n;
      products[j * k + i] = sum / n;
    }
  }
  const variance = Float64Array.from({ length: k }, (_, i) => products[i * k + i]);
  const correlation = products.map((value, at) => value / Math.sqrt(variance[Math.floor(at / k)] * variance[at % k]));
  return { mean, variance, correlation };
}

function weightsOf({ correlation, variance }: Moments): Float64Array {
  const k = variance.length - 1;
  const inner = new Float64Array(k * k);
  for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) inner[i * k + j] = correlation[(i + 1) * (k + 1) + j + 1];
  return relativeWeights(inner, correlation.subarray(1, k + 1));
}

/** Weights of resampled responses; fewer draws for large tables, none where even a few would take long. */
async function bootstrap(rows: readonly Float64Array[], context: AnalysisContext, n: number): Promise<Float64Array[]> {
  const draws = Math.min(DRAWS, Math.floor(BOOTSTRAP_WORK / (n * rows.length ** 2)));
  const weights: Float64Array[] = [];
  for (let draw = 0; draw < draws; draw++) {
    const drawn = moments(rows, resample(n, context.random));
    if (drawn.variance.every((variance) => variance > 0)) weights.push(weightsOf(drawn));
    context.progress(draw + 1, draws);
    if (draw % 10 === 9) await context.checkpoint();
  }
  return weights;
}

function resample(n: number, random: Random): Uint8Array {
  const times = new Uint8Array(n);
  for (let i = 0; i < n; i++) times[random.integer(n)]++;
  return times;
}

function driversTable(
  order: readonly number[],
  found: readonly Driver[],
  adjusted: readonly number[],
  significant: readonly boolean[],
  explained: number,
): ResultTable {
  const number = (name: string, format: 'decimal' | 'percent' | 'pValue') =>
    ({ name, title: message(`column.${name}`), type: 'number', format }) as const;
  return tableFromRows(
    [
      { name: 'attribute', title: message('column.attribute'), type: 'string' },
      number('importance', 'percent'),
      number('importanceLow', 'percent'),
      number('importanceHigh', 'percent'),
      number('performance', 'decimal'),
      number('performanceLow', 'decimal'),
      number('performanceHigh', 'decimal'),
      number('correlation', 'decimal'),
      number('p', 'pValue'),
      number('pAdjusted', 'pValue'),
      { name: 'significant', title: message('column.significant'), type: 'boolean' },
    ],
    order.map((index) => {
      const driver = found[index];
      const importance = (weight: number): number => (significant[index] ? weight / explained : 0);
      return [
        driver.name,
        importance(driver.weight),
        importance(driver.low),
        importance(Math.min(explained, driver.high)),
        driver.mean,
        ...driver.interval,
        driver.correlation,
        driver.p,
        adjusted[index],
        significant[index],
      ];
    }),
    { title: message('table.drivers') },
  );
}

/** Importance against performance; the lines are the means, so that the corner to act on is top left. */
function quadrant(
  order: readonly number[],
  found: readonly Driver[],
  significant: readonly boolean[],
  explained: number,
): ChartSpec {
  const points = order.map((index) => ({
    x: found[index].mean,
    y: significant[index] ? found[index].weight / explained : 0,
    label: found[index].name,
  }));
  const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    kind: 'scatter',
    id: 'quadrant',
    title: message('chart.quadrant'),
    table: 'drivers',
    points,
    x: { title: message('column.performance'), format: 'decimal' },
    y: { title: message('column.importance'), format: 'percent', minimum: 0 },
    references: [
      { axis: 'x', at: meanOf(points.map(({ x }) => x)) },
      { axis: 'y', at: meanOf(points.map(({ y }) => y)) },
    ],
    quadrants: [
      message('quadrant.improve'),
      message('quadrant.keep'),
      message('quadrant.watch'),
      message('quadrant.maintain'),
    ],
  };
}

function tooFew(n: number, attributes: number): AnalysisError {
  const needed = Math.max(FEWEST, attributes * 5);
  return new AnalysisError(`Only ${n} responses rate every attribute; ${needed} are needed. Choose fewer attributes.`, {
    text: message('error.fewComplete', { n, needed }),
    path: 'parameters.attributes',
  });
}

function noSpread(name: string): AnalysisError {
  return new AnalysisError(`'${name}' is the same in every response, so nothing can be learned of it. Leave it out.`, {
    text: message('error.noSpread', { name }),
    path: 'parameters.attributes',
  });
}
