import {
  type CellValue,
  type ChartSpec,
  type Column,
  message,
  type ResultTable,
  type RowTableColumn,
  stringVector,
  type Text,
  tableFromRows,
  validityOf,
  wilsonInterval,
} from '@patron/sdk';
import type { CustomerFacts } from './customer-facts.ts';
import { type Flows, NOT_YET, type Snapshot } from './migration-flows.ts';
import { moneyColumn, segmentColumn, segmentLabels } from './result-tables.ts';
import type { SegmentGrid } from './rules.ts';

const DAY = 86_400_000;
const NOT_YET_ID = 'not_yet';

function labelsOf(grid: SegmentGrid): Record<string, Text> {
  return { ...segmentLabels(grid), [NOT_YET_ID]: message('segment.not_yet') };
}

const column = (
  name: string,
  type: RowTableColumn['type'],
  format?: RowTableColumn['format'],
  labels?: RowTableColumn['labels'],
): RowTableColumn => ({ name, title: message(`column.${name}`), type, format, labels });

/** The table `balance`: each segment's customers at both dates and how many came and went. */
export function balanceTable(grid: SegmentGrid, { segments, customers }: Flows): ResultTable {
  const rows = grid.segments.map((segment, index): CellValue[] => {
    let before = 0;
    let now = 0;
    for (let other = 0; other < segments; other++) before += customers[index * segments + other];
    for (let other = 0; other <= segments; other++) now += customers[other * segments + index];
    const stayed = customers[index * segments + index];
    const added = customers[segments * segments + index];
    return [segment, before, stayed, before - stayed, now - stayed - added, added, now, now - before];
  });
  return tableFromRows(
    [
      column('segment', 'string', undefined, labelsOf(grid)),
      ...['before', 'stayed', 'movedOut', 'movedIn', 'newCustomers', 'now', 'change'].map((name) =>
        column(name, 'integer', 'integer'),
      ),
    ],
    rows,
    { title: message('table.balance') },
  );
}

/** The table `matrix`: customers who moved from one segment to another, with what they had spent before. */
export function matrixTable(grid: SegmentGrid, { segments, customers, units }: Flows, scale: number): ResultTable {
  const rows: CellValue[][] = [];
  for (let from = 0; from <= segments; from++) {
    let total = 0;
    for (let to = 0; to < segments; to++) total += customers[from * segments + to];
    for (let to = 0; to < segments; to++) {
      const count = customers[from * segments + to];
      if (count === 0) continue;
      rows.push([
        grid.segments[from] ?? NOT_YET_ID,
        grid.segments[to],
        count,
        count / total,
        ...wilsonInterval(count, total),
        from === segments ? null : units[from * segments + to] / scale,
      ]);
    }
  }
  return tableFromRows(
    [
      column('fromSegment', 'string', undefined, labelsOf(grid)),
      column('toSegment', 'string', undefined, labelsOf(grid)),
      column('customers', 'integer', 'integer'),
      column('shareOfFrom', 'number', 'percent'),
      column('shareLow', 'number', 'percent'),
      column('shareHigh', 'number', 'percent'),
      column('revenueBefore', 'number', 'money'),
    ],
    rows,
    { title: message('table.matrix') },
  );
}

/** The table `customers`: where each stood at both dates, since when the present segment holds and what came before it. */
export function movedCustomersTable(
  grid: SegmentGrid,
  facts: CustomerFacts,
  snapshots: readonly Snapshot[],
): ResultTable {
  const { customers, codes } = facts;
  const before = snapshots[0];
  const now = snapshots[snapshots.length - 1];
  const ids = [...grid.segments, NOT_YET_ID];
  const coded = (segment: number): number => (segment === NOT_YET ? grid.segments.length : segment);
  const from = new Uint8Array(customers);
  const to = new Uint8Array(customers);
  const replaced = new Uint8Array(customers);
  const hasChanged = new Uint8Array(customers);
  const changed = new Int32Array(customers);
  const direction = new Uint8Array(customers);
  const unitsBefore = new Float64Array(customers);
  for (let i = 0; i < customers; i++) {
    const code = codes[i];
    from[i] = coded(before.segments[code]);
    to[i] = now.segments[code];
    unitsBefore[i] = before.units[code];
    direction[i] = before.segments[code] === NOT_YET ? 3 : 1 + Math.sign(now.points[code] - before.points[code]);
    let at = snapshots.length - 1;
    while (at > 0 && snapshots[at - 1].segments[code] === now.segments[code]) at--;
    if (at === 0) continue;
    hasChanged[i] = 1;
    changed[i] = Math.floor(snapshots[at].moment / DAY);
    replaced[i] = coded(snapshots[at - 1].segments[code]);
  }
  const present = validityOf(customers, (i) => hasChanged[i] === 1);
  const changedOn: Column = { type: 'date', length: customers, values: changed, validity: present };
  const directions = ['down', 'same', 'up', 'new'];
  const titled = (name: string): { name: string; title: Text } => ({ name, title: message(`column.${name}`) });
  return {
    title: message('table.movedCustomers'),
    rowPer: 'customer',
    columns: [
      { ...titled('customer'), column: facts.keys.columnOf(codes) },
      { ...titled('previousSegment'), column: segmentColumn(from, ids), labels: labelsOf(grid) },
      { ...titled('segment'), column: segmentColumn(to, grid.segments), labels: labelsOf(grid) },
      {
        ...titled('direction'),
        column: {
          type: 'string',
          layout: 'dictionary',
          length: customers,
          codes: direction,
          dictionary: stringVector(directions),
        },
        labels: Object.fromEntries(directions.map((name) => [name, message(`direction.${name}`)])),
      },
      { ...titled('changedOn'), column: changedOn, format: 'date' },
      {
        ...titled('segmentBeforeChange'),
        column: { ...segmentColumn(replaced, ids), validity: present } as Column,
        labels: labelsOf(grid),
      },
      { ...titled('monetaryBefore'), column: moneyColumn(unitsBefore, facts.scale), format: 'money' },
      { ...titled('monetary'), column: moneyColumn(facts.monetary, facts.scale), format: 'money' },
    ],
  };
}

/** The pictures of a migration: a share matrix and the flows. */
export function migrationCharts(grid: SegmentGrid, { segments, customers }: Flows): ChartSpec[] {
  const labels = labelsOf(grid);
  const names = grid.segments.map((segment) => labels[segment]);
  const cells: (number | null)[] = [];
  for (let from = 0; from < segments; from++) {
    const row = customers.subarray(from * segments, (from + 1) * segments);
    const total = row.reduce((sum, count) => sum + count, 0);
    for (const count of row) cells.push(total === 0 ? null : count / total);
  }
  const links: { source: number; target: number; value: number }[] = [];
  for (let from = 0; from <= segments; from++) {
    for (let to = 0; to < segments; to++) {
      const value = customers[from * segments + to];
      if (value > 0) links.push({ source: from, target: segments + 1 + to, value });
    }
  }
  return [
    {
      kind: 'heatMap',
      id: 'matrix',
      title: message('chart.matrix'),
      summary: message('chart.matrix.summary'),
      table: 'matrix',
      columns: names,
      rows: names,
      cells,
      x: { title: message('column.toSegment') },
      y: { title: message('column.fromSegment') },
      value: { title: message('column.shareOfFrom'), format: 'percent' },
    },
    {
      kind: 'sankey',
      id: 'flows',
      title: message('chart.flows'),
      summary: message('chart.flows.summary'),
      table: 'matrix',
      nodes: [...names, labels[NOT_YET_ID], ...names],
      links,
      value: { title: message('column.customers'), format: 'integer' },
    },
  ];
}
