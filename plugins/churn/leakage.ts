import {
  AnalysisError,
  type Column,
  daysOf,
  denseCodes,
  isNumeric,
  isPresent,
  isTime,
  message,
  type Note,
  numberAt,
} from '@patron/sdk';
import { auc, sortRisks } from './discrimination.ts';

const SAMPLE = 20_000;
const TELLING = 0.99;
const NAMED = /churn|attrit|cancel|流失|退订|注销|离网/i;

/**
 * Features that know the outcome. A date after the cut-off is refused; a feature that alone tells the outcome almost surely,
 * by its values or by where it is missing, and one named after churn are warned of.
 * @throws AnalysisError naming the column and how many of its days lie after the cut-off
 */
export function leakageNotes(
  features: Readonly<Record<string, Column>>,
  names: readonly string[],
  outcome: Uint8Array,
  cutOff: string | null,
  timeZone: string,
): Note[] {
  const notes: Note[] = [];
  const telling: string[] = [];
  for (const name of names) {
    const column = features[name];
    if (!column) continue;
    if (cutOff !== null) refuseLater(name, column, cutOff, timeZone);
    const alone = aloneAuc(column, outcome);
    if (alone > TELLING) {
      telling.push(name);
      notes.push({
        level: 'warning',
        text: message('note.leak.alone', { column: name, auc: { value: alone, as: 'decimal4' } }),
      });
    }
  }
  const named = names.filter((name) => NAMED.test(name) && !telling.includes(name));
  if (named.length > 0)
    notes.push({ level: 'warning', text: message('note.leak.named', { columns: named.join(', ') }) });
  const times = names.filter((name) => features[name] && isTime(features[name]));
  if (times.length > 0 && cutOff === null)
    notes.push({ level: 'warning', text: message('note.leak.dates', { columns: times.join(', ') }) });
  return notes;
}

function refuseLater(name: string, column: Column, cutOff: string, timeZone: string): void {
  if (!isTime(column)) return;
  const limit = Date.parse(cutOff) / 86_400_000;
  const days = daysOf(column, timeZone);
  let later = 0;
  for (let i = 0; i < days.length; i++) if (isPresent(column, i) && days[i] > limit) later++;
  if (later === 0) return;
  throw new AnalysisError(
    `'${name}' has ${later} days after the cut-off ${cutOff}: it knows what is to be predicted. Leave it out of 'features'.`,
    { text: message('error.leak.later', { column: name, count: later, cutOff }), path: 'parameters.features' },
  );
}

/** AUC of the best guess that this column alone allows, on a sample of the rows. */
function aloneAuc(column: Column, outcome: Uint8Array): number {
  const stride = Math.max(1, Math.floor(column.length / SAMPLE));
  const rows: number[] = [];
  for (let i = 0; i < column.length; i += stride) rows.push(i);
  const y = Uint8Array.from(rows, (row) => outcome[row]);
  const present = Float64Array.from(rows, (row) => (isPresent(column, row) ? 1 : 0));
  const missing = strength(present, y);
  if (isNumeric(column)) {
    const values = Float64Array.from(rows, (row) => numberAt(column, row));
    const known = rows.map((_, i) => i).filter((i) => !Number.isNaN(values[i]));
    const some = strength(
      Float64Array.from(known, (i) => values[i]),
      Uint8Array.from(known, (i) => y[i]),
    );
    return Math.max(missing, some);
  }
  const rates = levelRates(column, rows, y);
  return rates === undefined ? missing : Math.max(missing, strength(rates, y));
}

function strength(values: Float64Array, outcome: Uint8Array): number {
  const area = auc(sortRisks(values, outcome))?.value ?? 0.5;
  return Math.max(area, 1 - area);
}

/** Each row's churn rate of its level; undefined where the levels are names rather than classes. */
function levelRates(column: Column, rows: readonly number[], outcome: Uint8Array): Float64Array | undefined {
  const { codes } = denseCodes(column);
  const sums = new Map<number, [number, number]>();
  rows.forEach((row, i) => {
    const code = isPresent(column, row) ? codes[row] : -1;
    const sum = sums.get(code) ?? [0, 0];
    sum[0] += outcome[i];
    sum[1]++;
    sums.set(code, sum);
  });
  if (sums.size > Math.max(2, rows.length / 20)) return undefined;
  return Float64Array.from(rows, (row) => {
    const [events, count] = sums.get(isPresent(column, row) ? codes[row] : -1) ?? [0, 1];
    return events / count;
  });
}
