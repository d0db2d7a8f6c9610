/** How a number is shown. `percent` takes a share (0.25 is 25 %); `days` and `date` take days; `timestamp` milliseconds. */
export type ValueFormat =
  | 'text'
  | 'integer'
  | 'decimal'
  | 'decimal4'
  | 'percent'
  | 'money'
  | 'days'
  | 'date'
  | 'timestamp'
  | 'duration'
  | 'pValue';

/** One argument of a message: a text, a number with the format it is shown in, or another message. */
export type MessageArgument = string | number | { readonly value: number; readonly as: ValueFormat } | Message;

/** A text to be looked up in the plugin's own catalogue (`locales/<language>.json`) when it is shown. */
export interface Message {
  readonly key: string;
  readonly args?: Readonly<Record<string, MessageArgument>>;
}

/** What a person reads: the same in every language (a name from the data), or a message that follows the language. */
export type Text = string | Message;

/** Catalogue of one language: message key to pattern. `{name}` in a pattern stands for the argument of that name. */
export type Catalogue = Readonly<Record<string, string>>;

/** Makes a message. */
export function message(key: string, args?: Record<string, MessageArgument>): Message {
  return args === undefined ? { key } : { key, args };
}

/** The text as it reads in `locale`, from `catalogue`. A key that the catalogue lacks shows as itself. */
export function renderText(text: Text, catalogue: Catalogue, locale: string): string {
  if (typeof text === 'string') return text;
  const pattern = lookUp(catalogue, text.key);
  return pattern.replace(/\{([A-Za-z][A-Za-z0-9]*)\}/g, (whole, name: string) => {
    const argument = text.args && Object.hasOwn(text.args, name) ? text.args[name] : undefined;
    return argument === undefined ? whole : renderArgument(argument, catalogue, locale);
  });
}

/** The pattern of `key`; never what every object inherits, as the key may be a stranger's. */
function lookUp(catalogue: Catalogue, key: string): string {
  const pattern: unknown = catalogue[key];
  return typeof pattern === 'string' ? pattern : key;
}

function renderArgument(argument: MessageArgument, catalogue: Catalogue, locale: string): string {
  if (typeof argument === 'string') return argument;
  if (typeof argument === 'number')
    return formatValue(argument, Number.isInteger(argument) ? 'integer' : 'decimal', locale);
  if ('key' in argument) return renderText(argument, catalogue, locale);
  return formatValue(argument.value, argument.as, locale);
}

const formatters = new Map<string, Intl.NumberFormat>();

function numberFormat(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  let formatter = formatters.get(key);
  if (!formatter) {
    // A value that rounds to zero has no sign.
    formatter = new Intl.NumberFormat(locale, { signDisplay: 'negative', ...options });
    formatters.set(key, formatter);
  }
  return formatter;
}

/** `value` as a person reads it in `locale`. Not-a-number and infinities read as "–" and "∞". */
export function formatValue(value: number | string | boolean | null, format: ValueFormat, locale: string): string {
  if (value === null) return '–';
  if (typeof value !== 'number') return String(value);
  if (Number.isNaN(value)) return '–';
  switch (format) {
    case 'integer':
      return numberFormat(locale, { maximumFractionDigits: 0 }).format(value);
    case 'percent':
      return numberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(value);
    case 'money':
      return numberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value);
    case 'decimal4':
      return numberFormat(locale, { maximumFractionDigits: 4 }).format(value);
    case 'pValue':
      return value < 0.0001 ? '< 0.0001' : numberFormat(locale, { maximumSignificantDigits: 3 }).format(value);
    case 'date':
      return new Date(value * 86_400_000).toISOString().slice(0, 10);
    case 'timestamp':
      return new Date(value).toISOString().slice(0, 19).replace('T', ' ');
    case 'duration':
      return formatDuration(value, locale);
    case 'text':
      return String(value);
    case 'days':
      return numberFormat(locale, { maximumFractionDigits: 1 }).format(value);
    default:
      return numberFormat(locale, { maximumFractionDigits: 2 }).format(value);
  }
}

/** Seconds as the largest unit that leaves at least one: "3.2 d", "4.5 h". */
function formatDuration(seconds: number, locale: string): string {
  const units: [string, number][] = [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
    ['second', 1],
  ];
  const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? units[3];
  return numberFormat(locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits: 1 }).format(
    seconds / size,
  );
}
