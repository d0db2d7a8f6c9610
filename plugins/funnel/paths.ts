import {
  type AnalysisContext,
  AnalysisError,
  type AnalysisResult,
  message,
  type Text,
  tableFromRows,
} from '@patron/sdk';
import { type FunnelParameters, type FunnelRun, runFunnel } from './funnel-run.ts';
import { stepNames } from './step-names.ts';

export interface PathParameters extends FunnelParameters {
  readonly after: number | null;
  readonly of: 'dropped' | 'converted' | 'reached';
  readonly direction: 'after' | 'before';
  readonly length: number;
  readonly branches: number;
}

/** Names that no event of the data has. */
const END = '(end)';
const OTHER = '(other)';

/** What customers did next after the step at which they dropped out (or before it), as flows and as whole paths. */
export async function paths(context: AnalysisContext<PathParameters>): Promise<AnalysisResult> {
  const { parameters } = context;
  if (parameters.countBy === 'session' || parameters.countBy === 'occurrence')
    throw new AnalysisError(
      `At countBy: paths follow customers or the values of a column, not a ${parameters.countBy}.`,
      {
        path: 'parameters.countBy',
        text: message('error.pathsCountBy'),
      },
    );
  const run = await runFunnel(context);
  const names = stepNames(run.steps, parameters.order);
  const step = stepOf(run, parameters);
  const anchors = anchorRows(run, step, parameters.of);
  const follow = followers(run, anchors, parameters.direction, parameters.length);
  const customers = follow.length;
  const { nodes, links, steps } = flows(follow, parameters, names.names[step]);
  const top = topPaths(follow);
  const firstMove = top.first;
  const labels: Record<string, Text> = {
    [END]: message('paths.end'),
    [OTHER]: message('paths.other'),
    ...names.labels,
  };
  const readable = (name: string): Text => labels[name] ?? name;
  const subject = { step: names.text(step) };
  return {
    headline:
      firstMove === undefined
        ? message('headline.noPaths', subject)
        : message(parameters.direction === 'after' ? 'headline.pathsAfter' : 'headline.pathsBefore', {
            ...subject,
            customers,
            event: readable(firstMove.event),
            share: { value: firstMove.count / customers, as: 'percent' },
          }),
    metrics: {
      customers: { value: customers, title: message('metric.pathCustomers'), format: 'integer' },
      ended: {
        value: follow.filter((path) => path.length === 0).length,
        title: message('metric.pathEnded'),
        format: 'integer',
      },
    },
    tables: {
      paths: tableFromRows(
        [
          { name: 'position', title: message('column.position'), type: 'integer', format: 'integer' },
          { name: 'from', title: message('column.fromEvent'), type: 'string', labels },
          { name: 'to', title: message('column.toEvent'), type: 'string', labels },
          { name: 'customers', title: message('column.customers'), type: 'integer', format: 'integer' },
          { name: 'share', title: message('column.share'), type: 'number', format: 'percent' },
        ],
        steps.map(({ position, from, to, count }) => [position, from, to, count, count / customers]),
        { title: message('table.paths') },
      ),
      topPaths: tableFromRows(
        [
          { name: 'path', title: message('column.path'), type: 'string', labels: { [END]: message('paths.end') } },
          { name: 'customers', title: message('column.customers'), type: 'integer', format: 'integer' },
          { name: 'share', title: message('column.share'), type: 'number', format: 'percent' },
        ],
        top.paths.map(({ path, count }) => [path, count, count / customers]),
        { title: message('table.topPaths') },
      ),
    },
    charts:
      links.length === 0
        ? []
        : [
            {
              kind: 'sankey',
              id: 'paths',
              title: message(parameters.direction === 'after' ? 'chart.pathsAfter' : 'chart.pathsBefore', subject),
              summary: message('chart.pathsSummary', { customers }),
              table: 'paths',
              nodes: nodes.map(readable),
              links,
              value: { title: message('column.customers'), format: 'integer' },
            },
          ],
    notes: [...run.notes, { level: 'info', text: message(`note.paths.${parameters.of}`, { step: step + 1 }) }],
    settled: { window: run.window, after: step + 1 },
    leftOut: run.leftOut,
  };
}

/** The step asked for, or the one after which most customers drop out. */
function stepOf(run: FunnelRun, { after, of }: PathParameters): number {
  const { journeys } = run;
  const most = of === 'dropped' ? journeys.steps - 1 : journeys.steps;
  if (after !== null) {
    if (Number.isInteger(after) && after >= 1 && after <= most) return after - 1;
    throw new AnalysisError(`At after: expected a step of 1 to ${most}, got ${after}.`, {
      path: 'parameters.after',
      text: message('error.afterStep', { steps: most, got: after }),
    });
  }
  if (of !== 'dropped') return journeys.steps - 1;
  const dropped = new Array<number>(journeys.steps).fill(0);
  for (let journey = 0; journey < journeys.count; journey++)
    if (journeys.depth[journey] < journeys.steps) dropped[journeys.depth[journey] - 1]++;
  return dropped.indexOf(Math.max(...dropped));
}

/** By customer, the row of the step; −1 where the customer is not asked for. */
function anchorRows({ journeys, unit }: FunnelRun, step: number, of: PathParameters['of']): Int32Array {
  const anchors = new Int32Array(unit.count).fill(-1);
  for (let journey = 0; journey < journeys.count; journey++) {
    const depth = journeys.depth[journey];
    const wanted =
      of === 'dropped'
        ? depth === step + 1 && depth < journeys.steps
        : of === 'converted'
          ? depth === journeys.steps
          : depth > step;
    if (wanted) anchors[journeys.unit[journey]] = journeys.rows[journey * journeys.steps + step];
  }
  return anchors;
}

/** The names of the events next to each anchor, nearest first. */
function followers(
  run: FunnelRun,
  anchors: Int32Array,
  direction: PathParameters['direction'],
  length: number,
): string[][] {
  const rowsOf = new Map<number, number[]>();
  anchors.forEach((row, owner) => {
    if (row >= 0) rowsOf.set(owner, []);
  });
  for (let row = 0; row < run.input.rows; row++) {
    const anchor = anchors[run.unit.codes[row]];
    if (anchor === undefined || anchor < 0 || row === anchor) continue;
    const side = run.time(row) - run.time(anchor) || row - anchor;
    if (direction === 'after' ? side > 0 : side < 0) rowsOf.get(run.unit.codes[row])?.push(row);
  }
  const sign = direction === 'after' ? 1 : -1;
  return [...rowsOf.values()].map((rows) =>
    rows
      .sort((a, b) => sign * (run.time(a) - run.time(b) || a - b))
      .slice(0, length)
      .map((row) => run.names.names[run.names.codes[row]]),
  );
}

interface Flow {
  readonly position: number;
  readonly from: string;
  readonly to: string;
  count: number;
}

/** Counts from each position to the next; at each position the most frequent events, the rest together. */
function flows(
  follow: readonly string[][],
  { length, branches, direction }: PathParameters,
  start: string,
): { nodes: string[]; links: { source: number; target: number; value: number }[]; steps: Flow[] } {
  const kept = Array.from({ length }, (_, position) => {
    const counts = new Map<string, number>();
    for (const path of follow)
      if (position < path.length) counts.set(path[position], (counts.get(path[position]) ?? 0) + 1);
    return new Set(
      [...counts]
        .sort((a, b) => b[1] - a[1])
        .slice(0, branches)
        .map(([name]) => name),
    );
  });
  const nameAt = (path: readonly string[], position: number): string =>
    position >= path.length ? END : kept[position].has(path[position]) ? path[position] : OTHER;
  const byKey = new Map<string, Flow>();
  for (const path of follow) {
    for (let position = 0; position < length; position++) {
      const from = position === 0 ? start : nameAt(path, position - 1);
      const to = nameAt(path, position);
      const key = `${position}\u0001${from}\u0001${to}`;
      const flow = byKey.get(key);
      if (flow) flow.count++;
      else byKey.set(key, { position: position + 1, from, to, count: 1 });
      if (to === END) break;
    }
  }
  const steps = [...byKey.values()].sort((a, b) => a.position - b.position || b.count - a.count);
  const indexOf = new Map<string, number>();
  const nodes: string[] = [];
  const node = (position: number, name: string): number => {
    const key = `${position}\u0001${name}`;
    let index = indexOf.get(key);
    if (index === undefined) {
      index = nodes.push(name) - 1;
      indexOf.set(key, index);
    }
    return index;
  };
  const links = steps.map(({ position, from, to, count }) => {
    const near = node(position - 1, from);
    const far = node(position, to);
    return direction === 'after'
      ? { source: near, target: far, value: count }
      : { source: far, target: near, value: count };
  });
  return { nodes, links, steps };
}

function topPaths(follow: readonly string[][]): {
  paths: { path: string; count: number }[];
  first: { event: string; count: number } | undefined;
} {
  const whole = new Map<string, number>();
  const first = new Map<string, number>();
  for (const path of follow) {
    const text = path.length === 0 ? END : path.join(' → ');
    whole.set(text, (whole.get(text) ?? 0) + 1);
    const event = path[0] ?? END;
    first.set(event, (first.get(event) ?? 0) + 1);
  }
  const most = [...first].sort((a, b) => b[1] - a[1])[0];
  return {
    paths: [...whole]
      .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
      .slice(0, 50)
      .map(([path, count]) => ({ path, count })),
    first: most === undefined ? undefined : { event: most[0], count: most[1] },
  };
}
