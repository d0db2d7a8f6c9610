import { describe, expect, it } from 'vitest';
import manifest from './plugin.json' with { type: 'json' };
import { type Scheme, schemeRules } from './schemes.ts';

describe('the rule tables that the form shows', () => {
  const tables = manifest.contributes.analyses.flatMap(({ parameters }) =>
    parameters.flatMap((parameter) => ('presets' in parameter && parameter.presets ? [parameter.presets.values] : [])),
  );

  it('stand in the manifest for both analyses', () => {
    expect(tables).toHaveLength(2);
  });

  it.each(['segments10', 'segments11', 'zh8'] as const)('are those of %s that a run applies', (scheme: Scheme) => {
    for (const table of tables) expect(table[scheme]).toEqual(schemeRules(scheme, 5));
  });
});
