import { plugin as code } from '../../plugins/satisfaction/index.ts';
import manifest from '../../plugins/satisfaction/plugin.json';
import {
  type Column,
  dateColumn,
  integerColumn,
  type PluginManifest,
  seededRandom,
  shared,
  type Threads,
} from '../../src/sdk/index.ts';
import { runAnalysis, threadsOf } from '../../src/sdk/testing.ts';
import { twoThreads } from './node-threads.ts';
import type { RecordedLine } from './recorded-line.ts';
import { median } from './time.ts';

/** The whole of `nps.score` on ten million responses, alone and by month, on one thread and on two. */
export async function satisfactionLines(): Promise<RecordedLine[]> {
  const random = seededRandom(13);
  const score = integerColumn(shared(Uint8Array.from({ length: 1e7 }, () => random.integer(11))));
  const time = dateColumn(shared(Int32Array.from({ length: 1e7 }, () => 19_000 + random.integer(1000))));
  const satisfaction = { manifest: manifest as unknown as PluginManifest, code };
  const one = threadsOf(code);
  const two = await twoThreads(new URL('../../plugins/satisfaction/index.ts', import.meta.url));
  const measured = async (line: string, fields: Record<string, Column>): Promise<RecordedLine> => {
    const run = (threads: Threads) => () =>
      runAnalysis(satisfaction, 'nps.score', { inputs: { responses: { fields } }, threads });
    return { line, rows: 1e7, oneThread: await median(run(one)), ours: await median(run(two)) };
  };
  const lines = [await measured('nps.score', { score }), await measured('nps.score, by month', { score, time })];
  await two.stop();
  return lines;
}
