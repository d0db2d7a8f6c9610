import { parseArgs } from 'node:util';

/** A command line of the headless runner, taken apart; nothing is checked against manifests or files yet. */
export interface HeadlessArguments {
  readonly analysis: string;
  /** Role and file, in order. */
  readonly files: readonly (readonly [role: string, file: string])[];
  readonly maps: readonly { readonly role: string; readonly field: string; readonly source: string }[];
  readonly filters: readonly { readonly role: string; readonly text: string }[];
  readonly parameters: readonly (readonly [name: string, value: string])[];
  readonly limitRows?: number;
  readonly seed?: number;
  readonly timeZone: string;
}

export const usage = `Usage: npm run --silent analysis -- <analysis> <role>=<file> [<role>=<file> …]
  --map <role>.<field>=<column>     the column that fills a field; <column>*<column> for a product
  --where <role>.<column><op><value>  keep these rows; <op> is = != > >= < <= ^= (starts with) !^= (does not)
  --set <parameter>=<value>         a parameter; lists and objects as JSON
  --limit-rows <n>                  print at most n rows of each table
  --seed <n>                        seed of the random numbers (default 1)
  --time-zone <name>                zone that days are cut in (default UTC)`;

/**
 * Reads the command line.
 * @throws Error that names the argument and its right form.
 */
export function readArguments(argv: readonly string[]): HeadlessArguments {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      map: { type: 'string', multiple: true, default: [] },
      where: { type: 'string', multiple: true, default: [] },
      set: { type: 'string', multiple: true, default: [] },
      'limit-rows': { type: 'string' },
      seed: { type: 'string' },
      'time-zone': { type: 'string', default: 'UTC' },
    },
  });
  const [analysis, ...rest] = positionals;
  if (analysis === undefined) throw new Error(usage);
  return {
    analysis,
    files: rest.map((argument) => split(argument, '=', `'${argument}' should be <role>=<file>.`)),
    maps: values.map.map((argument) => {
      const form = `--map '${argument}' should be <role>.<field>=<column>.`;
      const [target, source] = split(argument, '=', form);
      const [role, field] = split(target, '.', form);
      return { role, field, source };
    }),
    filters: values.where.map((argument) => {
      const [role, text] = split(argument, '.', `--where '${argument}' should be <role>.<column><op><value>.`);
      return { role, text };
    }),
    parameters: values.set.map((argument) =>
      split(argument, '=', `--set '${argument}' should be <parameter>=<value>.`),
    ),
    limitRows: wholeNumber('--limit-rows', values['limit-rows']),
    seed: wholeNumber('--seed', values.seed),
    timeZone: checkedZone(values['time-zone']),
  };
}

function split(text: string, separator: string, form: string): [string, string] {
  const at = text.indexOf(separator);
  if (at < 1) throw new Error(form);
  return [text.slice(0, at), text.slice(at + 1)];
}

function wholeNumber(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d+$/.test(text)) throw new Error(`${option} '${text}' should be a whole number.`);
  return Number(text);
}

function checkedZone(name: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch (cause) {
    throw new Error(`--time-zone '${name}' is no known time zone; write it as in 'Asia/Shanghai'.`, { cause });
  }
}
