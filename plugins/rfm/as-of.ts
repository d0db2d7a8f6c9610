import { AnalysisError, message } from '@patron/sdk';

const DAY = 86_400_000;

/** A parameter that holds a date (`2011-12-11`, taken at 00:00) as wall-clock milliseconds; undefined where it is null. */
export function parseDate(given: string | null, parameter: string): number | undefined {
  if (given === null || given === '') return undefined;
  const moment = /^\d{4}-\d{2}-\d{2}$/.test(given) ? Date.parse(given) : Number.NaN;
  if (!Number.isNaN(moment)) return moment;
  throw new AnalysisError(`'${parameter}' is '${given}', which is no date; write it as 2011-12-11.`, {
    text: message('error.date', { parameter, given }),
    path: `parameters.${parameter}`,
  });
}

/** The day of a wall-clock moment, as such a parameter is written. */
export function dateText(moment: number): string {
  return new Date(Math.floor(moment / DAY) * DAY).toISOString().slice(0, 10);
}

/** A wall-clock moment as people read it: only the date where it is at 00:00. */
export function momentText(moment: number): string {
  const text = new Date(moment).toISOString();
  return moment % DAY === 0 ? text.slice(0, 10) : text.slice(0, 19).replace('T', ' ');
}
