import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildBundle, readPluginManifest } from '../../../src/cli/plugin-bundle.ts';
import { buildPlainPrelude } from '../../../src/cli/sandbox-prelude.ts';
import type { AttackCase } from './attack-case.ts';
import { attacks, bundleOf } from './attacks.ts';
import type { Outcome } from './harness/main.ts';
import { type ServedHarness, serveHarness } from './serve-harness.ts';

const launchArguments = ['--no-sandbox', '--disable-gpu'];
let harness: ServedHarness;
let browser: Browser;
let page: Page;
const errors: string[] = [];

beforeAll(async () => {
  harness = await serveHarness();
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: launchArguments });
  page = await browser.newPage();
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(harness.address);
  await page.waitForFunction(() => 'harness' in window);
});

afterAll(async () => {
  await browser?.close();
  harness?.close();
});

async function attack(one: AttackCase): Promise<Outcome> {
  const bundle = bundleOf(one, harness.address, harness.elsewhere);
  const cancelAfter = one.ends === 'cancelled' ? 1500 : 12_000;
  return page.evaluate((given) => window.harness.attack(given), { bundle, raw: one.raw ?? false, cancelAfter });
}

const worst: { name: string; blocked: number }[] = [];

describe(`${attacks.length} attacks of a hostile plugin`, () => {
  it.each(attacks)('$name: gets nothing, reaches nobody', async (one) => {
    let outcome = await attack(one);
    // The machine may have been busy with something else; what blocks the page does so every time.
    for (let again = 0; outcome.blocked > 100 && again < 2; again++) outcome = await attack(one);
    worst.push({ name: one.name, blocked: outcome.blocked });
    expect(harness.hits(), 'requests that reached a server').toEqual([]);
    expect(outcome).toMatchObject({ polluted: false, heard: 0, innocent: true });
    expect(outcome.frames, 'only the frame of the innocent plugin is left').toBe(1);
    expect(outcome.blocked, 'milliseconds the page was blocked').toBeLessThanOrEqual(100);
    if (one.ends === 'contained') expect([outcome.detail, outcome.error]).toEqual(['', null]);
    if (one.ends === 'stopped') expect(outcome.error).toMatch(/was stopped|broke the protocol/);
    if (one.ends === 'refused') expect(outcome.error).toMatch(/could not start|cannot be shown|broke the protocol/);
    if (one.ends === 'cancelled') expect(outcome.error).toMatch(/timed out|aborted/);
    if (one.ends === 'either') expect(outcome.detail ?? '').toBe('');
  });

  it('would be noticed where they blocked the page', async () => {
    expect(await page.evaluate(() => window.harness.blockPage(150))).toBeGreaterThanOrEqual(140);
  });

  it('cause no error of the page', () => {
    worst.sort((a, b) => b.blocked - a.blocked);
    console.log(
      'Longest tasks of the page:',
      worst.slice(0, 5).map(({ name, blocked }) => `${blocked} ms ${name}`),
    );
    expect(errors).toEqual([]);
  });
});

describe('the sandbox', () => {
  it('leaves nothing behind after a hundred starts and stops', async () => {
    const client = await page.context().newCDPSession(page);
    await client.send('HeapProfiler.enable');
    await client.send('Performance.enable');
    /** Objects of a class that are alive in the page, garbage left out. */
    const alive = async (name: string): Promise<number> => {
      const { result } = await client.send('Runtime.evaluate', { expression: `${name}.prototype` });
      const { objects } = await client.send('Runtime.queryObjects', { prototypeObjectId: result.objectId ?? '' });
      const { result: all } = await client.send('Runtime.getProperties', {
        objectId: objects.objectId ?? '',
        ownProperties: true,
      });
      await client.send('Runtime.releaseObject', { objectId: objects.objectId ?? '' });
      return Number(all.find((property) => property.name === 'length')?.value?.value);
    };
    const count = async () => {
      await client.send('HeapProfiler.collectGarbage');
      const { metrics } = await client.send('Performance.getMetrics');
      const value = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? 0;
      return {
        listeners: value('JSEventListeners'),
        documents: value('Documents'),
        workers: page.workers().length,
        ports: await alive('MessagePort'),
        signals: await alive('AbortSignal'),
        addresses: await page.evaluate(() => window.harness.objectAddresses()),
      };
    };
    await page.evaluate(() => window.harness.startAndStop(5));
    const before = await count();
    const { frames, commands, milliseconds } = await page.evaluate(() => window.harness.startAndStop(100));
    const after = await count();
    console.log(`A start and a stop: ${(milliseconds / 100).toFixed(0)} ms`, before, after);
    expect(frames, 'only the frame of the innocent plugin, where it has started').toBeLessThanOrEqual(1);
    expect(commands).toBe(2);
    expect(after.workers).toBeLessThanOrEqual(before.workers);
    expect(after.ports).toBeLessThanOrEqual(before.ports);
    expect(after.signals).toBeLessThanOrEqual(before.signals + 2);
    expect(after.addresses).toBe(before.addresses);
    expect(after.listeners).toBeLessThanOrEqual(before.listeners + 5);
    expect(after.documents).toBeLessThanOrEqual(before.documents + 2);
  });

  it('gives byte for byte what a first-party worker gives', async () => {
    const folder = fileURLToPath(new URL('../../../plugins/rfm', import.meta.url));
    const manifest = readPluginManifest(folder);
    const bundle = (await buildBundle(folder, manifest)) ?? '';
    const { first, sandbox } = await page.evaluate(
      (given) => window.harness.compare(given.bundle, given.plain, JSON.parse(given.manifest), 1_000_000),
      { bundle, plain: await buildPlainPrelude(), manifest: JSON.stringify(manifest) },
    );
    expect(sandbox).toBe(first);
  });
});
