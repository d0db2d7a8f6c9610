import { definePlugin } from '@patron/sdk';
import { kernels } from './kernels.ts';
import { writeMarkdown } from './markdown.ts';
import { pareto } from './pareto.ts';
import { totals } from './totals.ts';
import { readContacts } from './vcard.ts';

export const plugin = definePlugin({
  analyses: { 'toolkit.totals': totals },
  importers: { 'toolkit.vcard': readContacts },
  exporters: { 'toolkit.markdown': writeMarkdown },
  charts: { 'toolkit.pareto': pareto },
  engines: { 'toolkit.kernels': kernels },
});
