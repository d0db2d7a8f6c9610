/** The spreadsheet's serial number of 1970-01-01: day 0 is 1899-12-30. */
const EPOCH = 25569;
const DAY = 86_400_000;

/** Days since 1970 as a spreadsheet's serial number. */
export function serialOfDay(day: number): number {
  return day + EPOCH;
}

/** Milliseconds since 1970 as a spreadsheet's serial number, to the millisecond. */
export function serialOfTime(milliseconds: number): number {
  return milliseconds / DAY + EPOCH;
}

/** ISO text of a day or a time as a serial number; null where it is not one. A text without a zone is read as it stands. */
export function serialOfText(text: string): number | null {
  const day = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (day) return serialOfDay(Date.UTC(Number(day[1]), Number(day[2]) - 1, Number(day[3])) / DAY);
  const time = Date.parse(/[zZ]$|[+-]\d\d:?\d\d$/.test(text) ? text : `${text}Z`);
  return Number.isNaN(time) ? null : serialOfTime(time);
}

/** A serial number as `YYYY-MM-DD hh:mm:ss`, to the nearest second. */
export function textOfSerial(serial: number): string {
  const milliseconds = Math.round((serial - EPOCH) * 86_400) * 1000;
  return new Date(milliseconds).toISOString().slice(0, 19).replace('T', ' ');
}
