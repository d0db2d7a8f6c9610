import type { NumericColumn } from '@patron/sdk';

const DAY = 86_400_000;

/** How a sheet writes the values of a column, by the number that is stored: `12.50`, `2011-12-01`, `TRUE`. */
export function shownText(column: NumericColumn): (stored: number) => string {
  switch (column.type) {
    case 'boolean':
      return (stored) => (stored === 0 ? 'FALSE' : 'TRUE');
    case 'date':
      return (stored) => dayText(stored);
    case 'timestamp': {
      const { unit } = column;
      return (stored) => timeText(Math.round((stored * unit) / 1000));
    }
    case 'number': {
      const { scale } = column;
      const digits = Math.round(Math.log10(scale));
      return digits > 0 ? (stored) => (stored / scale).toFixed(digits) : String;
    }
    default:
      return String;
  }
}

/** The characters that such a text can hold: what holds others need not be looked for. */
export function shownCharacters({ type }: NumericColumn): RegExp {
  switch (type) {
    case 'boolean':
      return /^[truefals]*$/i;
    case 'date':
      return /^[-\d]*$/;
    case 'timestamp':
      return /^[-\d: ]*$/;
    default:
      return /^[-+.e\d]*$/i;
  }
}

const days = new Map<number, string>();

function dayText(day: number): string {
  let text = days.get(day);
  if (text === undefined) {
    text = new Date(day * DAY).toISOString().slice(0, 10);
    if (days.size >= 50_000) days.clear();
    days.set(day, text);
  }
  return text;
}

const two = (value: number): string => (value < 10 ? `0${value}` : String(value));

function timeText(seconds: number): string {
  const day = Math.floor(seconds / 86_400);
  const rest = seconds - day * 86_400;
  const minutes = Math.floor(rest / 60);
  return `${dayText(day)} ${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(rest % 60)}`;
}
