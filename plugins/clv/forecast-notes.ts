import { message, type Note } from '@patron/sdk';
import { dateOf } from './customer-base.ts';
import { fitNotes } from './fit-report.ts';
import type { Forecast } from './forecast-outcome.ts';
import { modelNotes } from './model-comparison.ts';

/** What a reader has to know of a forecast: how sure it is, whether it held, and by which conventions. */
export function forecastNotes(found: Forecast): Note[] {
  const { settings, base, fit, intervals, compared } = found;
  const conventions = base.log ? 'note.conventions.transactions' : 'note.conventions.summary';
  return [
    ...fitNotes(fit, settings.model),
    ...(compared && compared.length > 1 ? modelNotes(compared) : []),
    ...spendNotes(found),
    ...holdoutNotes(found),
    {
      level: 'info',
      text: message(intervals.drawn ? 'note.intervals.drawn' : 'note.intervals.delta', {
        confidence: { value: settings.confidence, as: 'percent' },
        draws: settings.draws,
      }),
    },
    { level: 'info', text: message('note.next') },
    {
      level: 'info',
      text: message(conventions, {
        unit: message(`unit.${settings.unit}`),
        grain: message(`grain.${settings.grain}`),
        rate: { value: settings.discountRate, as: 'decimal4' },
        end: base.log ? dateOf(base.log.calibrationEndDay) : '',
      }),
    },
  ];
}

function spendNotes({ settings, base, spend, expectedSpend }: Forecast): Note[] {
  if (settings.spend === 'none' || !base.monetary) return [];
  if (!spend) return [{ level: 'warning', text: message('note.noSpend') }];
  const notes = fitNotes(spend.fit, 'gamma-gamma');
  const strong = Math.abs(spend.correlation) > 0.3;
  notes.push({
    level: strong ? 'warning' : 'info',
    text: message(strong ? 'note.dependent' : 'note.independent', {
      correlation: { value: spend.correlation, as: 'decimal' },
      customers: spend.customers,
    }),
  });
  if (spend.unusable > 0)
    notes.push({ level: 'info', text: message('note.zeroAmounts', { customers: spend.unusable }) });
  if (expectedSpend?.some(Number.isNaN)) notes.push({ level: 'warning', text: message('note.infiniteSpend') });
  return notes;
}

function holdoutNotes({ holdout, settings }: Forecast): Note[] {
  if (!holdout) return [];
  // One purchase more or less is no error to speak of, also where there was none.
  const error = (holdout.expected - holdout.actual) / Math.max(1, holdout.actual);
  const size = Math.abs(error);
  const grade = size <= 0.1 ? 'close' : size <= 0.25 ? 'fair' : 'poor';
  return [
    {
      level: grade === 'poor' ? 'warning' : 'info',
      text: message(`note.holdout.${grade}.${error < 0 ? 'low' : 'high'}`, {
        length: { value: holdout.length, as: 'decimal' },
        unit: message(`unit.${settings.unit}`),
        expected: { value: holdout.expected, as: 'integer' },
        actual: { value: holdout.actual, as: 'integer' },
        error: { value: size, as: 'percent' },
      }),
    },
  ];
}
