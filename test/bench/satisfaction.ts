import { plugin as code } from '../../plugins/satisfaction/index.ts';
import manifest from '../../plugins/satisfaction/plugin.json';
import { integerColumn, type PluginManifest, seededRandom } from '../../src/sdk/index.ts';
import { runAnalysis } from '../../src/sdk/testing.ts';
import type { RecordedLine } from './recorded-line.ts';
import { median } from './time.ts';

/** The whole of `nps.score` on ten million responses. */
export async function satisfactionLines(): Promise<RecordedLine[]> {
  const random = seededRandom(13);
  const score = integerColumn(Uint8Array.from({ length: 1e7 }, () => random.integer(11)));
  const satisfaction = { manifest: manifest as unknown as PluginManifest, code };
  const run = () => runAnalysis(satisfaction, 'nps.score', { inputs: { responses: { fields: { score } } } });
  return [{ line: 'nps.score', rows: 1e7, ours: await median(run, 3) }];
}
