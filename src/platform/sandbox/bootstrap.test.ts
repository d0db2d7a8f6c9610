import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bootstrap, bootstrapHash, frameDocument } from './bootstrap.ts';

describe('the script of a plugin frame', () => {
  it('is named by its hash, in the policy of the frame and of the page', () => {
    expect(bootstrapHash).toBe(`sha256-${createHash('sha256').update(bootstrap).digest('base64')}`);
    expect(frameDocument()).toContain(`script-src '${bootstrapHash}' blob:`);
    const page = readFileSync(fileURLToPath(new URL('../../../index.html', import.meta.url)), 'utf8');
    expect(page).toContain(`'${bootstrapHash}'`);
  });

  it('runs under a page that lets frames go nowhere, and scripts be nothing but files and itself', () => {
    const page = readFileSync(fileURLToPath(new URL('../../../index.html', import.meta.url)), 'utf8');
    const policy = /http-equiv="Content-Security-Policy"\s+content="([^"]+)"/.exec(page)?.[1] ?? '';
    const rules = new Map(policy.split(';').map((rule) => rule.trim().split(/ (.*)/s) as [string, string]));
    expect(rules.get('frame-src')).toBe("'self'");
    expect(rules.get('script-src')).toBe(`'self' '${bootstrapHash}'`);
    expect(rules.get('object-src')).toBe("'none'");
    expect(rules.get('base-uri')).toBe("'none'");
  });
});
