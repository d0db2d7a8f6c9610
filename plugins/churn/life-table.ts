import type { SpellCounts } from '@patron/sdk';

/** One interval [from, to) of a life table. */
export interface LifeTableRow {
  readonly from: number;
  readonly to: number;
  readonly entered: number;
  /** Still running when last seen within the interval; they count as exposed for half of it. */
  readonly withdrawn: number;
  readonly exposed: number;
  readonly ended: number;
  /** Share of the exposed that ended, and its complement multiplied up to the interval's end. */
  readonly endedShare: number;
  readonly survival: number;
  readonly standardError: number;
}

/** The actuarial life table (Cutler & Ederer 1958) with intervals of `width` from zero. */
export function lifeTable(counts: SpellCounts, width: number): LifeTableRow[] {
  const { times, ended, running } = counts;
  let entered = 0;
  for (let i = 0; i < times.length; i++) entered += ended[i] + running[i];
  const rows: LifeTableRow[] = [];
  let survival = 1;
  let variance = 0;
  for (let i = 0, index = 0; i < times.length; index++) {
    const to = (index + 1) * width;
    let endedHere = 0;
    let withdrawn = 0;
    for (; i < times.length && times[i] < to; i++) {
      endedHere += ended[i];
      withdrawn += running[i];
    }
    const exposed = entered - withdrawn / 2;
    const endedShare = exposed > 0 ? Math.min(1, endedHere / exposed) : 0;
    survival *= 1 - endedShare;
    if (exposed > endedHere && endedHere > 0) variance += endedShare / (exposed - endedHere);
    const standardError = survival * Math.sqrt(variance);
    rows.push({
      from: index * width,
      to,
      entered,
      withdrawn,
      exposed,
      ended: endedHere,
      endedShare,
      survival,
      standardError,
    });
    entered -= endedHere + withdrawn;
  }
  return rows;
}

/** A round width (1, 2 or 5 times a power of ten) that cuts `longest` into about a dozen intervals. */
export function roundWidth(longest: number): number {
  if (!(longest > 0)) return 1;
  const rough = longest / 12;
  const power = 10 ** Math.floor(Math.log10(rough));
  const width = [1, 2, 5, 10].map((step) => step * power).find((step) => step >= rough * 0.999) ?? 10 * power;
  return width > 0 && Number.isFinite(width) ? width : longest;
}
