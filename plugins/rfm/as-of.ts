import { AnalysisError, message } from '@patron/sdk';

const DATE = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?))?$/;

/**
 * A parameter that holds a date (`2011-12-11`, taken at 00:00) or a date and time of day (`2011-12-10T12:50`) as wall-clock
 * milliseconds; undefined where it is null.
 */
export function parseMoment(given: string | null, parameter: string): number | undefined {
  if (given === null || given === '') return undefined;
  const match = DATE.exec(given);
  const moment = match ? Date.parse(`${match[1]}T${match[2] ?? '00:00'}Z`) : Number.NaN;
  if (Number.isNaN(moment)) {
    throw new AnalysisError(`'${parameter}' is '${given}', which is no date; write it as 2011-12-11.`, {
      text: message('error.date', { parameter, given }),
      path: `parameters.${parameter}`,
    });
  }
  return moment;
}

/** A wall-clock moment as such a parameter is written: only the date where it is at 00:00. */
export function momentText(moment: number): string {
  const iso = new Date(moment).toISOString();
  return iso.endsWith('T00:00:00.000Z') ? iso.slice(0, 10) : iso.replace(/(\.000)?Z$/, '');
}
