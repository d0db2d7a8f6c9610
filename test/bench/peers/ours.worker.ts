import { medianOfFive } from '../transactions.ts';
import * as lines from './ours.ts';

/** Runs one of our lines in a module worker, as the app runs its plugins, and posts what it took and found. */
self.onmessage = async (event: MessageEvent<{ line: keyof typeof lines; rows: number; clustered: boolean }>) => {
  const { line, rows, clustered } = event.data;
  const run = lines[line](rows, clustered);
  const milliseconds = await medianOfFive(run);
  self.postMessage({ milliseconds, answer: run() });
};
