import { message } from '@patron/sdk';

/** What a person reads for the verdict on a difference. */
export const verdictLabels = {
  alone: message('verdict.alone'),
  small: message('verdict.small'),
  higher: message('verdict.higher'),
  lower: message('verdict.lower'),
  same: message('verdict.same'),
};

/** The verdict on a difference whose p value, adjusted for how many were looked at, is `p`. */
export function verdictOf(difference: number, p: number, enough: boolean): keyof typeof verdictLabels {
  if (!enough) return 'small';
  if (!(p < 0.05)) return 'same';
  return difference > 0 ? 'higher' : 'lower';
}
