import { type CallContext, columnFromValues, numberColumn, stringColumn, valueAt } from '@patron/sdk';
import { rowsOf, runAnalysis } from '@patron/sdk/testing';
import { describe, expect, it } from 'vitest';
import { plugin as code } from './index.ts';
import { kernels } from './kernels.ts';
import { writeMarkdown } from './markdown.ts';
import { pareto } from './pareto.ts';
import manifest from './plugin.json' with { type: 'json' };
import { readContacts } from './vcard.ts';

const context: CallContext = {
  locale: 'en-US',
  settings: {},
  signal: new AbortController().signal,
  progress() {},
  async checkpoint() {},
};
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('contacts', () => {
  const read = async (text: string) => {
    const { columns } = await readContacts({ name: 'x.vcf', bytes: bytes(text) }, context);
    return Object.fromEntries(columns.map(({ name, column }) => [name, valueAt(column, 0)]));
  };

  it('are read as RFC 6350 writes them, folded and escaped', async () => {
    const card = [
      'BEGIN:VCARD',
      'VERSION:4.0',
      'FN:Simon Per',
      ' reault',
      'N:Perreault;Simon;;;ing. jr',
      'ORG:Viagenie\\, Inc.;Research',
      'BDAY:19800203',
      'item1.EMAIL;TYPE=work:simon@example.org',
      'TEL;VALUE=uri:tel:+1-418-656-9254',
      'END:VCARD',
    ];
    expect(await read(card.join('\r\n'))).toEqual({
      name: 'Simon Perreault',
      firstName: 'Simon',
      lastName: 'Perreault',
      organization: 'Viagenie, Inc.',
      title: null,
      email: 'simon@example.org',
      phone: '+1-418-656-9254',
      birthday: '1980-02-03',
    });
  });

  it('are read from vCard 2.1 with quoted-printable Chinese', async () => {
    const card = 'BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E5=BC=A0;=E4=BC=9F\nEND:VCARD\n';
    expect(await read(card)).toMatchObject({ firstName: '伟', lastName: '张', name: '伟 张' });
  });

  it('are refused where there are none', () => {
    expect(() => readContacts({ name: 'x.vcf', bytes: bytes('a,b\n1,2\n') }, context)).toThrow('holds no contact');
  });
});

describe('a Markdown table', () => {
  it('has its numbers right and its bars, tags and breaks escaped', async () => {
    const columns = [
      { name: 'seg|ment', column: stringColumn(['a|b', '<b>\nx', null]) },
      { name: 'n', column: columnFromValues('integer', [1, 2, null]) },
    ];
    const written = await writeMarkdown({ name: 't', columns }, context);
    expect(new TextDecoder().decode(written)).toBe(
      '| seg\\|ment | n |\n| --- | ---: |\n| a\\|b | 1 |\n| &lt;b><br>x | 2 |\n|  |  |\n',
    );
  });
});

describe('a Pareto chart', () => {
  it('puts the largest first and counts who bring 80 %', async () => {
    const category = stringColumn(['a', 'b', 'c', 'b', 'd']);
    const chart = await pareto({ category, value: numberColumn([10, 50, 5, 30, 5]) }, context);
    expect(chart).toMatchObject({
      kind: 'bar',
      categories: ['b', 'a', 'c', 'd'],
      series: [{ values: [80, 10, 5, 5] }],
    });
    expect(chart.summary).toEqual({ key: 'pareto.summary', args: { count: 1, all: 4 } });
  });

  it('gives rows without a category a bar of their own', async () => {
    const chart = await pareto(
      { category: stringColumn(['a', null, 'b', null]), value: numberColumn([1, 10, 2, 20]) },
      context,
    );
    expect(chart).toMatchObject({ categories: ['–', 'b', 'a'], series: [{ values: [30, 2, 1] }] });
  });
});

describe('the engine', () => {
  it('sums and counts by key', async () => {
    const columns = { key: stringColumn(['a', 'b', 'a']), value: numberColumn([1, 2, 3]) };
    const { columns: answer } = await kernels({ reduction: 'sums', columns, options: {} }, context);
    expect(answer.map(({ column }) => [0, 1].map((row) => valueAt(column, row)))).toEqual([
      ['a', 'b'],
      [4, 2],
      [2, 1],
    ]);
  });
});

describe('totals by group', () => {
  const inputs = {
    rows: { fields: { group: stringColumn(['tea', 'cups', 'tea']), amount: numberColumn([1, 2.5, 3]) } },
  };
  const plugin = { manifest: manifest as never, code };

  it('adds up each group, the largest first', async () => {
    const { metrics, tables } = await runAnalysis(plugin, 'toolkit.totals', { inputs });
    expect(metrics.total.value).toBe(6.5);
    expect(rowsOf(tables.groups)).toEqual([
      ['tea', 4, 2, 2, 4 / 6.5],
      ['cups', 2.5, 1, 2.5, 2.5 / 6.5],
    ]);
  });

  it('comes to the same where an engine answers', async () => {
    const alone = await runAnalysis(plugin, 'toolkit.totals', { inputs });
    expect(await runAnalysis(plugin, 'toolkit.totals', { inputs, engine: kernels })).toEqual(alone);
  });
});
