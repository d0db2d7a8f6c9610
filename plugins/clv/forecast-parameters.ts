import type { PurchaseModelName } from './purchase-model.ts';
import type { Grain, TimeUnit } from './purchases.ts';

export interface ForecastParameters {
  readonly model: PurchaseModelName;
  readonly spend: 'gamma-gamma' | 'none';
  readonly unit: TimeUnit;
  readonly grain: Grain;
  readonly calibrationEnd: string | null;
  readonly horizon: number | null;
  readonly discountRate: number | null;
  readonly discountPeriod: number;
  readonly margin: number;
  readonly confidence: number;
  readonly draws: number;
  /** Whether the other models are fitted too. */
  readonly compare: boolean;
}

/** Parameters with the data's answers filled in. */
export interface ForecastSettings extends ForecastParameters {
  readonly horizon: number;
  readonly discountRate: number;
}
