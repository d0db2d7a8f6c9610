import { countFrom, everyThreshold, type SortedRisks } from './discrimination.ts';

/** What acting on every customer at or above a threshold brings. */
export interface ThresholdRow {
  readonly threshold: number;
  readonly contacted: number;
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly accuracy: number;
  readonly profit: number;
}

export interface Money {
  readonly costOfContact: number;
  readonly valueOfSave: number;
}

/** The confusion and the profit at one threshold: value of a save for each churner reached, cost for each contact. */
export function atThreshold(risks: SortedRisks, threshold: number, money: Money): ThresholdRow {
  const truePositives = countFrom(risks.churned, threshold);
  const falsePositives = countFrom(risks.stayed, threshold);
  return rowOf(risks, threshold, truePositives, falsePositives, money);
}

function rowOf(
  { churned, stayed }: SortedRisks,
  threshold: number,
  truePositives: number,
  falsePositives: number,
  money: Money,
): ThresholdRow {
  const contacted = truePositives + falsePositives;
  const trueNegatives = stayed.length - falsePositives;
  return {
    threshold,
    contacted,
    truePositives,
    falsePositives,
    falseNegatives: churned.length - truePositives,
    trueNegatives,
    precision: contacted > 0 ? truePositives / contacted : null,
    recall: churned.length > 0 ? truePositives / churned.length : null,
    accuracy: (truePositives + trueNegatives) / (churned.length + stayed.length),
    profit: truePositives * money.valueOfSave - contacted * money.costOfContact,
  };
}

/** The threshold of the greatest profit among all risks that occur; contacting no one where nothing pays. */
export function bestThreshold(risks: SortedRisks, money: Money): ThresholdRow {
  let best = rowOf(risks, 1, 0, 0, money);
  everyThreshold(risks, Number.POSITIVE_INFINITY, (churned, stayed, threshold) => {
    const profit = churned * money.valueOfSave - (churned + stayed) * money.costOfContact;
    if (profit > best.profit) best = rowOf(risks, threshold, churned, stayed, money);
  });
  return best;
}
