import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launch, notice, runByPalette, type Visit, visit, visitIn } from './app.ts';

let browser: Browser;

beforeAll(async () => {
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
});

/** What axe finds in the shell. The sheets are Univer's. */
async function violations({ page }: Visit): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).exclude('[data-sheets]').analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`);
}

describe('the sample workbook', () => {
  let app: Visit;

  beforeAll(async () => {
    app = await visit(browser);
  });

  it('is made and opened from the welcome page', async () => {
    await app.page.getByRole('button', { name: /Try the sample workbook/ }).click();
    await app.page.getByText('saved in this browser').waitFor({ timeout: 90_000 });
    const tables = app.page.getByRole('list', { name: 'Tables of this workbook' });
    await tables.getByText('orders').waitFor();
    for (const name of ['customers', 'orders', 'visits', 'answers'])
      expect(await tables.getByText(name, { exact: true }).isVisible()).toBe(true);
  });

  it('hides and shows the panel with the keyboard', async () => {
    const panel = app.page.getByRole('region', { name: 'Tables', exact: true });
    await app.page.keyboard.press('Control+b');
    await expect.poll(() => panel.isVisible()).toBe(false);
    await app.page.keyboard.press('Control+b');
    await expect.poll(() => panel.isVisible()).toBe(true);
  });

  it.each(['khfq', 'kehufenqun', '客户分群', 'rfm seg'])('finds RFM segments by %s', async (query) => {
    await app.page.keyboard.press('Control+Shift+P');
    const input = app.page.getByRole('combobox', { name: 'Command palette' });
    await input.fill(query);
    await app.page
      .getByRole('option', { name: /RFM segments/ })
      .first()
      .waitFor();
    await app.page.keyboard.press('Escape');
    await input.waitFor({ state: 'hidden' });
  });

  it('deletes a table and brings it back', async () => {
    const tables = app.page.getByRole('list', { name: 'Tables of this workbook' });
    await app.page.getByRole('button', { name: 'Actions for “answers”' }).click();
    await app.page.getByRole('menuitem', { name: 'Delete' }).click();
    await notice(app.page, /Table “answers” was deleted/);
    await expect.poll(() => tables.getByText('answers', { exact: true }).isVisible()).toBe(false);
    await app.page.getByRole('button', { name: 'Undo', exact: true }).first().click();
    await tables.getByText('answers', { exact: true }).waitFor();
  });

  it('runs an NPS and a funnel from their forms', async () => {
    const { page } = app;
    await runByPalette(page, 'net promoter');
    const nps = page.getByRole('form').first();
    await nps.getByRole('combobox', { name: /^Table/ }).selectOption({ label: 'answers' });
    await page.keyboard.press('Control+Enter');
    await notice(page, /is ready|could not be run/);
    expect(await page.getByText(/could not be run/).count()).toBe(0);
    await page.waitForTimeout(1500);
    await app.shot('10-nps');
    await runByPalette(page, 'funnel');
    const funnel = page.getByRole('form', { name: 'Funnel', exact: true });
    await funnel.waitFor();
    await funnel.getByRole('combobox', { name: /^Table/ }).selectOption({ label: 'visits' });
    const events = funnel.getByRole('combobox', { name: 'Event', exact: true });
    await events
      .nth(0)
      .or(funnel.getByRole('textbox', { name: 'Event', exact: true }).nth(0))
      .first()
      .waitFor();
    const fields = funnel.locator('ol').getByLabel('Event', { exact: true });
    await fields.nth(0).fill('visit');
    await fields.nth(1).fill('add to cart');
    await funnel.getByRole('button', { name: 'Add a step' }).click();
    await fields.nth(2).fill('pay');
    await app.shot('11-funnel-form');
    await page.keyboard.press('Control+Enter');
    await notice(page, /“Funnel” is ready/);
    await page.waitForTimeout(1500);
    await app.shot('11-funnel');
  });

  it('is free of accessibility violations in every view', async () => {
    const { page } = app;
    const found: Record<string, string[]> = {};
    for (const view of ['Tables', 'Analyses', 'Plugins', 'Settings']) {
      const button = page.getByRole('button', { name: view, exact: true });
      if ((await button.getAttribute('aria-pressed')) !== 'true') await button.click();
      await page.waitForTimeout(200);
      found[view] = await violations(app);
    }
    await page.keyboard.press('F1');
    await page.getByRole('combobox', { name: 'Command palette' }).fill('show');
    found.palette = await violations(app);
    await page.keyboard.press('Escape');
    await page.getByRole('combobox', { name: 'Command palette' }).waitFor({ state: 'hidden' });
    await runByPalette(page, 'theme: dark');
    await page.waitForTimeout(400);
    found.dark = await violations(app);
    await runByPalette(page, 'show notifications');
    await page.waitForTimeout(300);
    found.notifications = await violations(app);
    await app.shot('12-notifications-dark');
    expect(Object.fromEntries(Object.entries(found).filter(([, each]) => each.length > 0))).toEqual({});
  });

  it('has logged no error and asked no other host', () => {
    expect(app.faults).toEqual([]);
  });
});

describe('workbooks', () => {
  it('are two, renamed, deleted and brought back', async () => {
    const app = await visit(browser, { locale: 'zh-CN', colorScheme: 'dark' });
    const { page } = app;
    await page.getByRole('heading', { name: '客本' }).waitFor();
    await app.shot('13-welcome-zh-dark');
    expect(await violations(app)).toEqual([]);
    for (let number = 0; number < 2; number += 1) {
      await page.getByRole('button', { name: /新建工作簿/ }).click();
      await page.getByText('已保存在此浏览器').waitFor({ timeout: 60_000 });
      await page.getByRole('button', { name: /所有工作簿/ }).click();
      await page.getByRole('heading', { name: '客本' }).waitFor();
    }
    const recent = page.getByRole('region', { name: '最近的工作簿' });
    await recent.getByRole('button', { name: '重命名“工作簿 2”' }).click();
    const dialog = page.getByRole('dialog', { name: '重命名“工作簿 2”' });
    await dialog.getByRole('textbox', { name: '工作簿名称' }).fill('十二月');
    await page.keyboard.press('Enter');
    await recent.getByText('十二月').waitFor();
    await recent.getByRole('button', { name: '删除“工作簿”', exact: true }).click();
    await expect.poll(() => recent.getByRole('listitem').count()).toBe(1);
    await page.getByRole('button', { name: '撤销' }).first().click();
    await expect.poll(() => recent.getByRole('listitem').count()).toBe(2);
    await recent.getByRole('button', { name: '删除“工作簿”', exact: true }).click();
    await expect.poll(() => recent.getByRole('listitem').count()).toBe(1);
    await page.reload();
    await recent.getByText('十二月').waitFor();
    expect(await recent.getByRole('listitem').count()).toBe(1);
    expect(app.faults).toEqual([]);
    await app.context.close();
  });
});

describe('a page that is killed in the middle of an import', () => {
  it('finds everything whole again, sweeps the rest and says so', async () => {
    const app = await visit(browser);
    const { page } = app;
    await page.getByRole('button', { name: /New workbook/ }).click();
    await page.getByText('saved in this browser').waitFor({ timeout: 60_000 });
    const folder = mkdtempSync(join(tmpdir(), 'patron-e2e-'));
    const line = 'A1,2024-01-01,12.50,some words that make the file large enough to take a while\n';
    const import_ = async (name: string, thousands: number): Promise<void> => {
      const path = join(folder, name);
      writeFileSync(path, 'id,day,amount,text\n');
      for (let i = 0; i < thousands; i++) appendFileSync(path, line.repeat(1000));
      const [chooser] = await Promise.all([page.waitForEvent('filechooser'), runByPalette(page, 'import a file')]);
      await chooser.setFiles(path);
      await page.getByRole('dialog').getByRole('textbox', { name: 'Name of column 1', exact: true }).waitFor();
      await page.getByRole('dialog').getByRole('button', { name: 'Import', exact: true }).click();
    };
    await import_('before.csv', 1);
    await notice(page, /“before” is imported/);
    // Eight million rows: large enough that the kill comes before the end on any machine.
    await import_('killed.csv', 8000);
    await page.getByRole('dialog').getByRole('progressbar').waitFor();
    await app.shot('3-importing');
    const session = await app.context.newCDPSession(page);
    void session.send('Page.crash').catch(() => undefined);
    await page.waitForEvent('crash', { timeout: 10_000 }).catch(() => undefined);
    await page.close();
    rmSync(folder, { recursive: true });

    const again = await visitIn(app.context);
    await again.page.getByText('saved in this browser').waitFor({ timeout: 60_000 });
    await notice(again.page, /An import of “killed.csv” was interrupted. The previous state is whole/);
    const tables = again.page.getByRole('list', { name: 'Tables of this workbook' });
    expect(await tables.getByText('before', { exact: true }).isVisible()).toBe(true);
    expect(await tables.getByText('killed', { exact: true }).count()).toBe(0);
    await again.shot('14-interrupted');
    expect(again.faults).toEqual([]);
    await app.context.close();
  });
});

describe('the content security policy', () => {
  it('allows no inline script and no eval', async () => {
    const html = await (await fetch(inject('appAddress'))).text();
    const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]*)"/.exec(html)?.[1] ?? '';
    const scripts = policy.split(';').find((directive) => directive.trim().startsWith('script-src')) ?? '';
    expect(scripts).toContain("'self'");
    expect(scripts).not.toMatch(/unsafe-inline|unsafe-eval/);
    expect(policy).toContain("object-src 'none'");
    expect(policy).toContain("base-uri 'none'");
    expect(policy).toContain("connect-src 'self'");
  });

  it('is in force: eval and inline scripts do nothing', async () => {
    const app = await visit(browser);
    const outcome = await app.page.evaluate(() => {
      const script = document.createElement('script');
      script.textContent = 'window.inlineRan = true';
      document.head.append(script);
      // Code that the test driver runs directly is exempt from the policy; a timer's is not.
      return new Promise<{ inline: boolean; evaluated: string }>((resolve) => {
        setTimeout(() => {
          let evaluated = 'blocked';
          try {
            evaluated = String(new Function('return 1')());
          } catch {
            // That is what the policy is for.
          }
          resolve({ inline: 'inlineRan' in window, evaluated });
        });
      });
    });
    expect(outcome).toEqual({ inline: false, evaluated: 'blocked' });
    expect(await app.page.evaluate(() => crossOriginIsolated)).toBe(true);
    await app.context.close();
  });
});
