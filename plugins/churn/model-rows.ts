import { AnalysisError, type AnalysisResult, denseCodes, isPresent, message, numbersOf } from '@patron/sdk';
import { alphabetical, type DesignMatrix, designMatrix } from './design-matrix.ts';
import { requireRows, type SpellInput } from './spell-input.ts';

/** What a model is made of. */
export interface ModelChoice {
  readonly covariates: readonly string[];
  readonly recode: Readonly<Record<string, string>>;
  readonly strata: readonly string[];
}

/** Rows and columns that a fit starts from. */
export interface ModelRows {
  readonly design: DesignMatrix;
  readonly times: Float64Array;
  readonly ended: Uint8Array;
  readonly events: number;
  readonly stratum?: Uint32Array;
  readonly strataNames: readonly string[];
  readonly leftOut: NonNullable<AnalysisResult['leftOut']>;
}

/**
 * Complete rows of the spells with their covariates and strata.
 * @throws AnalysisError where no row or no event is left
 */
export function modelRows(
  spell: SpellInput,
  parameters: ModelChoice,
  usable: (duration: number) => boolean,
): ModelRows {
  const { properties } = spell.input;
  const chosen =
    parameters.covariates.length > 0
      ? parameters.covariates
      : Object.keys(properties).filter((name) => !parameters.strata.includes(name));
  const duration = numbersOf(spell.duration);
  const strata = parameters.strata.length > 0 ? readStrata(spell, parameters.strata, parameters.recode) : undefined;
  let unusable = 0;
  let noStratum = 0;
  for (let i = 0; i < duration.length; i++) {
    if (!usable(duration[i])) unusable++;
    else if (strata?.missing[i] === 1) noStratum++;
  }
  const design = designMatrix(properties, chosen, duration.length, {
    recode: parameters.recode,
    rows: (row) => usable(duration[row]) && strata?.missing[row] !== 1,
  });
  const { rows } = design;
  const ended = Uint8Array.from(rows, (row) => spell.ended[row]);
  const events = ended.reduce((sum, value) => sum + value, 0);
  requireRows(rows.length, spell.role);
  if (events === 0)
    throw new AnalysisError("No spell has ended, so there is nothing to explain. Check 'ended' or set 'event'.", {
      text: message('error.noEvents'),
      path: `inputs.${spell.role}`,
    });
  return {
    design,
    times: Float64Array.from(rows, (row) => duration[row]),
    ended,
    events,
    stratum: strata ? Uint32Array.from(rows, (row) => strata.codes[row]) : undefined,
    strataNames: strata?.names ?? [],
    leftOut: [
      ...spell.leftOut,
      ...(unusable > 0 ? [{ role: spell.role, reason: message('leftOut.duration'), count: unusable }] : []),
      ...(noStratum > 0 ? [{ role: spell.role, reason: message('leftOut.strata'), count: noStratum }] : []),
      ...[...design.incomplete].map(([column, count]) => ({
        role: spell.role,
        reason: message('leftOut.missing', { column }),
        count,
      })),
    ],
  };
}

interface Strata {
  readonly codes: Uint32Array;
  readonly missing: Uint8Array;
  readonly names: readonly string[];
}

/** Rows by the combination of their strata columns' values. */
function readStrata(spell: SpellInput, names: readonly string[], recode: Readonly<Record<string, string>>): Strata {
  const length = spell.duration.length;
  let codes = new Uint32Array(length);
  let labels = [''];
  const missing = new Uint8Array(length);
  for (const name of names) {
    const column = spell.input.properties[name];
    if (!column)
      throw new AnalysisError(`There is no column '${name}' to stratify by.`, {
        text: message('error.noColumn', { column: name }),
        path: 'parameters.strata',
      });
    const dense = denseCodes(column);
    const recoded = new Map<string, number>();
    const texts: string[] = [];
    const place = Uint32Array.from({ length: dense.count }, (_, code) => {
      const label = dense.label(code);
      const text = Object.hasOwn(recode, label) ? recode[label] : label;
      const known = recoded.get(text);
      if (known !== undefined) return known;
      recoded.set(text, texts.length);
      texts.push(text);
      return texts.length - 1;
    });
    const combined = new Map<number, number>();
    const next = new Uint32Array(length);
    const nextLabels: string[] = [];
    for (let i = 0; i < length; i++) {
      if (!isPresent(column, i)) {
        missing[i] = 1;
        continue;
      }
      const key = codes[i] * texts.length + place[dense.codes[i]];
      let code = combined.get(key);
      if (code === undefined) {
        code = nextLabels.length;
        combined.set(key, code);
        const before = labels[codes[i]];
        nextLabels.push(`${before}${before === '' ? '' : ', '}${name}=${texts[place[dense.codes[i]]]}`);
      }
      next[i] = code;
    }
    codes = next;
    labels = nextLabels;
    if (labels.length > 10_000)
      throw new AnalysisError(`The strata ${names.join(', ')} make more than 10,000 classes. Choose fewer.`, {
        text: message('error.tooManyStrata'),
        path: 'parameters.strata',
      });
  }
  const order = labels.map((_, code) => code).sort((a, b) => alphabetical(labels[a], labels[b]));
  const rank = new Uint32Array(labels.length);
  order.forEach((code, place) => {
    rank[code] = place;
  });
  return { codes: codes.map((code) => rank[code]), missing, names: order.map((code) => labels[code]) };
}
