import { AnalysisError, message, numbersOf, type RoleInput, type Text } from '@patron/sdk';
import type { ContractCounts } from './contract-model.ts';

/** Contracts to be fitted, and what was seen of them. */
export interface ContractBase {
  readonly counts: ContractCounts;
  /** How many contracts there were at the start. */
  readonly customers: number;
  /** The share that was still there after each period, from period 0 on; as long as it was seen. */
  readonly observed: readonly number[];
  /** The last period of the fit. */
  readonly fitted: number;
  /** Whether survivors were read as shares of a cohort whose size was not told. */
  readonly assumed: boolean;
  readonly leftOut: readonly { readonly role: string; readonly reason: Text; readonly count: number }[];
}

/** The size of a cohort of which only shares are known, as in Fader & Hardie (2007). */
export const SHARE_COHORT = 1000;

function refuse(english: string, key: string, path: string, args: Record<string, string | number> = {}): never {
  throw new AnalysisError(english, { text: message(key, args), path });
}

/**
 * The role `survivors`: how many of a cohort were left after each period, from period 0 on. Where the first figure is 1 or
 * 100 and others are not whole, they are shares or percentages: they count as of `customers`, by default 1,000.
 */
export function readSurvivors(input: RoleInput, customers: number | null, fitPeriods: number | null): ContractBase {
  const path = 'inputs.survivors';
  const period = numbersOf(input.fields.period);
  const count = numbersOf(input.fields.survivors);
  const order = Array.from(period.keys()).sort((a, b) => period[a] - period[b]);
  order.forEach((row, t) => {
    if (period[row] !== t) {
      refuse(
        `'period' must count 0, 1, 2, … without gaps; after ${t} rows comes ${period[row]}.`,
        'error.periods',
        `${path}.period`,
        { expected: t, found: String(period[row]) },
      );
    }
    if (t > 0 && !(count[row] <= count[order[t - 1]] && count[row] >= 0)) {
      refuse(
        `'survivors' must not rise: period ${t} has ${count[row]} after ${count[order[t - 1]]}.`,
        'error.rising',
        `${path}.survivors`,
        { period: t },
      );
    }
  });
  const values = order.map((row) => count[row]);
  const first = values[0];
  if (!(first > 0) || values.length < 3) {
    refuse(
      "'survivors' needs the cohort at period 0 and at least two periods after it.",
      'error.fewPeriods',
      `${path}.survivors`,
    );
  }
  const shares = (first === 1 || first === 100) && values.some((value) => !Number.isInteger(value));
  const size = customers ?? (shares ? SHARE_COHORT : first);
  const last = values.length - 1;
  const fitted = Math.min(last, fitPeriods ?? last);
  if (fitted < 2) {
    refuse(`'fitPeriods' must be at least 2; it is ${fitted}.`, 'error.fitPeriods', 'parameters.fitPeriods');
  }
  const scale = size / first;
  const ended = new Float64Array(fitted + 1);
  const open = new Float64Array(fitted + 1);
  for (let t = 1; t <= fitted; t++) ended[t] = (values[t - 1] - values[t]) * scale;
  open[fitted] = values[fitted] * scale;
  return {
    counts: { ended, open },
    customers: size,
    observed: values.map((value) => value / first),
    fitted,
    assumed: shares && customers === null,
    leftOut: [],
  };
}

/**
 * The role `spells`: how many periods each contract lasted, and whether it ended then. One that ended within a period left
 * at its end; one that is still open has outlived its whole periods.
 */
export function readContractSpells(input: RoleInput, fitPeriods: number | null): ContractBase {
  const duration = numbersOf(input.fields.duration);
  const ended = numbersOf(input.fields.ended);
  const weight = input.fields.weight ? numbersOf(input.fields.weight) : undefined;
  const left: number[] = [];
  const open: number[] = [];
  let customers = 0;
  let outOfRange = 0;
  for (let i = 0; i < input.rows; i++) {
    const w = weight ? weight[i] : 1;
    const over = ended[i] !== 0;
    const whole = over ? Math.ceil(duration[i]) : Math.floor(duration[i]);
    if (!(duration[i] >= 0 && duration[i] < 100_000 && w > 0) || (over && whole === 0)) {
      outOfRange++;
      continue;
    }
    customers += w;
    // What happens after the last fitted period counts as still open there.
    const cut = fitPeriods !== null && whole > fitPeriods;
    const at = cut ? fitPeriods : whole;
    const to = over && !cut ? left : open;
    to[at] = (to[at] ?? 0) + w;
  }
  const fitted = Math.max(left.length, open.length) - 1;
  if (customers === 0 || fitted < 2) {
    refuse(
      "'spells' needs contracts that are seen over at least two periods.",
      'error.fewPeriods',
      'inputs.spells.duration',
    );
  }
  const counts = {
    ended: Float64Array.from({ length: fitted + 1 }, (_, t) => left[t] ?? 0),
    open: Float64Array.from({ length: fitted + 1 }, (_, t) => open[t] ?? 0),
  };
  return {
    counts,
    customers,
    observed: productLimit(counts, customers),
    fitted,
    assumed: false,
    leftOut: outOfRange > 0 ? [{ role: 'spells', reason: message('leftOut.duration'), count: outOfRange }] : [],
  };
}

/** Kaplan–Meier by period: contracts that are open after t periods were at risk in all of them. */
function productLimit({ ended, open }: ContractCounts, customers: number): number[] {
  let atRisk = customers - open[0];
  let survival = 1;
  const observed = [1];
  for (let t = 1; t < ended.length && atRisk > 0; t++) {
    survival *= 1 - ended[t] / atRisk;
    observed.push(survival);
    atRisk -= ended[t] + open[t];
  }
  return observed;
}
