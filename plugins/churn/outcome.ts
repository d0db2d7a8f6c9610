import { AnalysisError, type Column, denseCodes, message, type Note } from '@patron/sdk';

/** A column of two outcomes as bytes: 1 where the event (an end, a churn) happened. */
export interface Outcome {
  readonly values: Uint8Array;
  readonly events: number;
  /** The value that was taken for the event, as the column writes it. */
  readonly event: string;
  /** Said where the choice was a guess that the reader should see. */
  readonly notes: readonly Note[];
}

const EVENT =
  /^(yes|y|true|t|1|churn|churned|ended|end|event|dead|died|death|lost|left|leaver|cancelled|canceled|cancel|closed|inactive|exited|terminated|attrited|attrited customer|是|有|流失|已流失|离开|离职|注销|退订|取消|已取消|结束|已结束)$/i;
const NO_EVENT =
  /^(no|n|false|f|0|none|active|alive|stayed|stay|retained|current|open|existing|existing customer|censored|running|否|无|未|在网|留存|未流失|活跃|正常|在用|进行中)$/i;

/**
 * Reads a column of two outcomes. Truth values, 0 and 1, 1 and 2 (2 is the event, as survival data often have it) and the
 * usual words of both languages are known; anything else needs `event`, the value that stands for the event.
 * @throws AnalysisError naming the values found where they cannot be told apart
 */
export function readOutcome(column: Column, event: string | null, field: string, parameter: string): Outcome {
  if (event === null) {
    const flags = asFlags(column);
    if (flags) return { values: flags.values, events: flags.events, event: flags.name, notes: [] };
  }
  const { codes, count, label } = denseCodes(column);
  const seen = new Uint8Array(count);
  for (let i = 0; i < column.length; i++) seen[codes[i]] = 1;
  const labels = Array.from({ length: count }, (_, code) => (seen[code] === 1 ? label(code).trim() : ''));
  const present = labels.filter((_, code) => seen[code] === 1);
  const distinct = [...new Set(present)].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const chosen =
    event === null ? usualEvent(distinct, field, parameter) : namedEvent(distinct, event.trim(), field, parameter);
  const isEvent = Uint8Array.from(labels, (text, code) => (seen[code] === 1 && chosen.has(text) ? 1 : 0));
  const values = new Uint8Array(column.length);
  let events = 0;
  for (let i = 0; i < values.length; i++) {
    values[i] = isEvent[codes[i]];
    events += values[i];
  }
  const taken = [...chosen].join(', ');
  const guessed = event === null && distinct.some((text) => !EVENT.test(text) && !NO_EVENT.test(text));
  const notes: Note[] = guessed
    ? [{ level: 'info', text: message('note.event', { field: message(`field.${field}`), event: taken || '–' }) }]
    : [];
  return { values, events, event: taken, notes };
}

/** Truth values, or zeros and ones, as they are. */
function asFlags(column: Column): { values: Uint8Array; events: number; name: string } | undefined {
  if (column.type !== 'boolean' && column.type !== 'integer') return undefined;
  const stored = column.values;
  const values = stored instanceof Uint8Array ? stored : new Uint8Array(stored.length);
  let events = 0;
  for (let i = 0; i < stored.length; i++) {
    const value = stored[i];
    if (value !== 0 && value !== 1) return undefined;
    if (values !== stored) values[i] = value;
    events += value;
  }
  return { values, events, name: column.type === 'boolean' ? 'true' : '1' };
}

function usualEvent(distinct: readonly string[], field: string, parameter: string): ReadonlySet<string> {
  const numbers = distinct.map(Number);
  const numeric = distinct.every((text, i) => text !== '' && !Number.isNaN(numbers[i]));
  if (numeric && numbers.every((value) => value === 1 || value === 2) && numbers.includes(2))
    return new Set(distinct.filter((text) => Number(text) === 2));
  if (numeric && numbers.every((value) => value === 0 || value === 1))
    return new Set(distinct.filter((text) => Number(text) === 1));
  const events = distinct.filter((text) => EVENT.test(text));
  const others = distinct.filter((text) => !EVENT.test(text));
  if (events.length > 0 && (distinct.length <= 3 || others.every((text) => NO_EVENT.test(text))))
    return new Set(events);
  if (events.length === 0 && others.every((text) => NO_EVENT.test(text))) return new Set();
  if (events.length === 0 && others.length === 2) {
    const unknown = others.filter((text) => !NO_EVENT.test(text));
    if (unknown.length === 1) return new Set(unknown);
  }
  throw unclear(distinct, field, parameter);
}

function namedEvent(distinct: readonly string[], event: string, field: string, parameter: string): ReadonlySet<string> {
  const same = (a: string, b: string): boolean =>
    a.toLowerCase() === b.toLowerCase() || (a !== '' && b !== '' && Number(a) === Number(b));
  let found = distinct.filter((text) => same(text, event));
  // Yes and No in the file reach the analysis as truth values.
  if (found.length === 0 && EVENT.test(event)) found = distinct.filter((text) => /^(true|1)$/i.test(text));
  if (found.length === 0 && NO_EVENT.test(event)) found = distinct.filter((text) => /^(false|0)$/i.test(text));
  const known = EVENT.test(event) || NO_EVENT.test(event);
  if (found.length > 0 || (known && distinct.every((text) => /^(true|false|0|1)$/i.test(text)))) return new Set(found);
  throw new AnalysisError(
    `No row of '${field}' has the value '${event}'; it has ${listed(distinct)}. Set '${parameter}' to one of these.`,
    {
      text: message('error.eventAbsent', { field: message(`field.${field}`), event, values: listed(distinct) }),
      path: `parameters.${parameter}`,
    },
  );
}

function unclear(distinct: readonly string[], field: string, parameter: string): AnalysisError {
  return new AnalysisError(
    `It is not clear which value of '${field}' means that the event happened; it has ${listed(distinct)}. Set '${parameter}' to that value.`,
    {
      text: message('error.eventUnclear', { field: message(`field.${field}`), values: listed(distinct) }),
      path: `parameters.${parameter}`,
    },
  );
}

function listed(values: readonly string[]): string {
  const shown = values.slice(0, 5).map((value) => `'${value}'`);
  return values.length > 5 ? `${shown.join(', ')}, … (${values.length})` : shown.join(', ');
}
