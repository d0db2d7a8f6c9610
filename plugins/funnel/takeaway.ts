import { median, message, type Note, type Text } from '@patron/sdk';
import { windowLength } from './duration.ts';
import type { StepCount } from './step-table.ts';

/** The answer in one line: the conversion, the step at which most are lost, the slowest step. */
export function takeaway(counts: readonly StepCount[], name: (index: number) => Text): Text {
  const last = counts.length - 1;
  const entered = counts[0].customers;
  if (entered === 0) return message('headline.nobody', { step: name(0) });
  const conversion = { value: counts[last].fromStart / entered, as: 'percent' as const };
  const drop = largestDrop(counts);
  if (last === 0 || drop < 0) return message('headline.entered', { customers: entered });
  const base = {
    conversion,
    customers: entered,
    from: name(drop - 1),
    to: name(drop),
    lost: { value: 1 - counts[drop].fromBefore / counts[drop - 1].customers, as: 'percent' as const },
  };
  const slow = slowestStep(counts);
  if (slow < 0) return message('headline.conversion', base);
  const seconds = { value: median(counts[slow].seconds as Float64Array), as: 'duration' as const };
  return message('headline.conversionAndTime', { ...base, slow: name(slow), seconds });
}

/** The step before which most customers are lost; −1 where nobody is. */
export function largestDrop(counts: readonly StepCount[]): number {
  let worst = -1;
  let most = 0;
  for (let index = 1; index < counts.length; index++) {
    const lost = counts[index - 1].customers - counts[index].fromBefore;
    if (lost > most) {
      most = lost;
      worst = index;
    }
  }
  return worst;
}

/** The step with the longest median time from the one before; −1 where there is no time. */
function slowestStep(counts: readonly StepCount[]): number {
  let slowest = -1;
  let longest = 0;
  counts.forEach(({ seconds }, index) => {
    if (index === 0 || seconds === null || seconds.length === 0) return;
    const typical = median(seconds);
    if (typical > longest) {
      longest = typical;
      slowest = index;
    }
  });
  return slowest;
}

/** The rules of the run in plain words. */
export function ruleNotes(options: {
  readonly order: string;
  readonly window: string;
  readonly entry: string;
  readonly exclusions: number;
  readonly exclusionRule: string;
  readonly countBy: string;
  readonly hold: readonly string[];
}): Note[] {
  const notes: Note[] = [
    { level: 'info', text: message('note.interval') },
    {
      level: 'info',
      text:
        options.window === 'none'
          ? message('note.noWindow')
          : message('note.window', { window: windowLength(options.window) }),
    },
    { level: 'info', text: message(`note.order.${options.order}`) },
  ];
  if (options.entry === 'first') notes.push({ level: 'info', text: message('note.entry.first') });
  if (options.exclusions > 0) {
    const rule =
      options.order === 'unordered' && options.exclusionRule === 'leave' ? 'unordered' : options.exclusionRule;
    notes.push({ level: 'info', text: message(`note.exclusion.${rule}`) });
  }
  if (options.countBy !== 'customer') notes.push({ level: 'info', text: message(`note.countBy.${options.countBy}`) });
  if (options.hold.length > 0)
    notes.push({ level: 'info', text: message('note.hold', { columns: options.hold.join(', ') }) });
  return notes;
}
