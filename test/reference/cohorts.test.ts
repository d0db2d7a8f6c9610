import { existsSync } from 'node:fs';
import type { JsonObject, PluginManifest } from '@patron/sdk';
import { recordsOf, runAnalysis } from '@patron/sdk/testing';
import { beforeAll, describe, expect, test } from 'vitest';
import { plugin as lifecycle } from '../../plugins/lifecycle/index.ts';
import lifecycleManifest from '../../plugins/lifecycle/plugin.json' with { type: 'json' };
import { plugin as retention } from '../../plugins/retention/index.ts';
import retentionManifest from '../../plugins/retention/plugin.json' with { type: 'json' };
import { expectedCohorts, ONLINE_RETAIL, type OnlineRetail, onlineRetail } from './online-retail.ts';

const present = existsSync(ONLINE_RETAIL);
if (!present) console.warn(`Skipped: the monthly cohorts need ${ONLINE_RETAIL}, which is absent.`);

describe.skipIf(!present)('Online Retail by month', () => {
  let data: OnlineRetail;
  beforeAll(async () => {
    data = await onlineRetail();
  });

  const cohorts = (parameters: JsonObject = {}) =>
    runAnalysis({ manifest: retentionManifest as unknown as PluginManifest, code: retention }, 'retention.cohorts', {
      inputs: { events: { fields: { customer: data.customer, time: data.time, amount: data.amount } } },
      parameters,
    });

  test('every cohort equals the one computed in R, cell by cell', async () => {
    const lines = recordsOf((await cohorts()).tables.cohorts);
    const found = expectedCohorts().map(({ cohort }) => ({
      cohort,
      customers: lines.filter((line) => line.cohort === cohort).map((line) => line.customers),
    }));
    expect(found).toEqual(expectedCohorts());
    expect(lines).toHaveLength(expectedCohorts().reduce((sum, { customers }) => sum + customers.length, 0));
  });

  test('only the last month, which ends on the 9th in the data, is incomplete', async () => {
    const lines = recordsOf((await cohorts()).tables.cohorts);
    const ends = (cohort: string, offset: number): string =>
      new Date(Date.UTC(Number(cohort.slice(0, 4)), Number(cohort.slice(5)) - 1 + offset)).toISOString().slice(0, 7);
    for (const line of lines) {
      expect(line.complete).toBe(ends(String(line.cohort), Number(line.offset)) !== '2011-12');
    }
  });

  test('revenue by cohort and offset adds up to all revenue', async () => {
    const lines = recordsOf((await cohorts()).tables.cohorts);
    const mills = lines.reduce((sum, line) => sum + Math.round(Number(line.revenue) * 1000), 0);
    expect(mills).toBe(8_911_407_904);
  });

  test('lifecycle and cohorts count the same customers', async () => {
    const code = { manifest: lifecycleManifest as unknown as PluginManifest, code: lifecycle };
    const result = await runAnalysis(code, 'lifecycle.flow', {
      inputs: { transactions: { fields: { customer: data.customer, time: data.time } } },
    });
    const flow = recordsOf(result.tables.flow);
    const expected = expectedCohorts();
    expect(flow.map((line) => [line.period, line.new])).toEqual(
      expected.map(({ cohort, customers }) => [cohort, customers[0]]),
    );
    flow.forEach((line, month) => {
      const active = expected.reduce((sum, { customers }, cohort) => sum + (customers[month - cohort] ?? 0), 0);
      expect(line.active).toBe(active);
    });
  });
});
