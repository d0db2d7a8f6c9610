import type { SankeyChart } from '@patron/sdk';
import { baseOption, type ChartContext, roughWidth, titleHeight } from './chart-context.ts';

type Link = SankeyChart['links'][number];

/** Whether a walk along the links can come back to where it began. */
function hasCycle(count: number, links: readonly Link[]): boolean {
  const incoming = new Array<number>(count).fill(0);
  for (const { target } of links) incoming[target]++;
  const ready = incoming.flatMap((number, node) => (number === 0 ? [node] : []));
  let seen = 0;
  while (ready.length > 0) {
    const node = ready.pop();
    seen++;
    for (const link of links) if (link.source === node && --incoming[link.target] === 0) ready.push(link.target);
  }
  return seen < count;
}

/** Flows between nodes. Where flows run in a circle, every node stands on both sides, as "from" and as "to". */
export function sankeyOption(spec: SankeyChart, context: ChartContext, summary: string) {
  const { theme } = context;
  const format = spec.value?.format ?? 'integer';
  const links = spec.links.filter(
    ({ source, target, value }) => value > 0 && spec.nodes[source] !== undefined && spec.nodes[target] !== undefined,
  );
  const twoSided = hasCycle(spec.nodes.length, links);
  const key = (node: number, side: 'from' | 'to'): string => (twoSided ? `${side} ${node}` : String(node));
  const used = new Set(links.flatMap(({ source, target }) => [key(source, 'from'), key(target, 'to')]));
  const nodeOf = (id: string): number => Number(id.split(' ').at(-1));
  const name = (id: string): string => context.text(spec.nodes[nodeOf(id)]);
  const longest = Math.min(170, Math.max(0, ...spec.nodes.map((node) => roughWidth(context.text(node), 12) + 50)));
  const base = baseOption(spec, context, summary);
  return {
    ...base,
    tooltip: {
      ...base.tooltip,
      trigger: 'item',
      formatter: (item: {
        dataType: string;
        name: string;
        value: number;
        data: { source?: string; target?: string };
      }) =>
        item.dataType === 'edge'
          ? `${name(item.data.source ?? '')} → ${name(item.data.target ?? '')}\n${context.format(item.value, format)}`
          : `${name(item.name)}\n${context.format(item.value, format)}`,
    },
    series: [
      {
        type: 'sankey',
        left: 16,
        right: longest + 12,
        top: titleHeight(spec, context) + 14,
        bottom: 16,
        nodeGap: 12,
        nodeWidth: 12,
        draggable: false,
        data: [...used].map((id) => ({
          name: id,
          itemStyle: { color: theme.series[nodeOf(id) % theme.series.length], borderWidth: 0 },
        })),
        links: links.map(({ source, target, value }) => ({
          source: key(source, 'from'),
          target: key(target, 'to'),
          value,
        })),
        lineStyle: { color: 'source', opacity: 0.3, curveness: 0.5 },
        label: {
          color: theme.text,
          fontSize: 12,
          width: longest,
          overflow: 'truncate',
          formatter: (item: { name: string; value: number }) =>
            `${name(item.name)}  ${context.format(item.value, format)}`,
        },
        emphasis: { focus: 'adjacency' },
      },
    ],
  };
}
