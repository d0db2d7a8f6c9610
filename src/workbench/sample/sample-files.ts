import { sampleTables } from './sample-data.ts';

/** The sample as CSV files, made piece by piece so that the page stays responsive. They are imported like any other file. */
export async function* sampleFiles(): AsyncGenerator<{ readonly name: string; readonly file: File }> {
  for (const { name, parts } of sampleTables()) {
    const made: string[] = [];
    let since = performance.now();
    for (const part of parts) {
      made.push(part);
      if (performance.now() - since < 12) continue;
      await new Promise((resolve) => setTimeout(resolve));
      since = performance.now();
    }
    yield { name, file: new File(made, `${name}.csv`, { type: 'text/csv' }) };
  }
}
