import type { CellValue } from '@patron/sdk';
import { bgNbd } from './beta-geometric.ts';

/** BG/NBD of the CDNOW sample in weeks: r, alpha, a, b (Fader, Hardie & Lee 2005, table 2). */
const published = [0.243, 4.414, 0.793, 2.426];

/**
 * `=CLV.EXPECTED(x, tx, T, horizon, r, alpha, a, b)`: the purchases that BG/NBD expects of a customer within `horizon` after T
 * (Fader, Hardie & Lee 2005, equation 10). Without parameters those published for the CDNOW sample, in weeks.
 * @throws Error naming the argument that does not fit.
 */
export function expectedPurchases(
  x: CellValue,
  tx: CellValue,
  T: CellValue,
  horizon: CellValue,
  ...given: readonly CellValue[]
): number {
  const number = (value: CellValue, name: string): number => {
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
    throw new Error(`'${name}' is a number of at least 0, not '${value ?? ''}'.`);
  };
  const [frequency, recency, age, time] = [
    number(x, 'x'),
    number(tx, 'tx'),
    number(T, 'T'),
    number(horizon, 'horizon'),
  ];
  if (recency > age) throw new Error(`'tx' (${recency}) lies after 'T' (${age}).`);
  const parameters = published.map((standard, i) => {
    const value = given[i];
    if (value === undefined || value === null) return standard;
    if (typeof value === 'number' && value > 0) return value;
    throw new Error(`'${bgNbd.parameters[i]}' is a number above 0, not '${value}'.`);
  });
  const model = bgNbd.predict(parameters);
  return model.pAlive(frequency, recency, age) * model.expectedWhileAlive(frequency, age, time);
}
