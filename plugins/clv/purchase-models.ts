import { bgNbd, mbgNbd } from './beta-geometric.ts';
import { gammaGompertzNbd } from './gamma-gompertz-nbd.ts';
import { paretoNbd } from './pareto-nbd.ts';
import type { PurchaseModel, PurchaseModelName } from './purchase-model.ts';

export const PURCHASE_MODELS: Readonly<Record<PurchaseModelName, PurchaseModel>> = {
  'bg-nbd': bgNbd,
  'mbg-nbd': mbgNbd,
  'pareto-nbd': paretoNbd,
  'ggompertz-nbd': gammaGompertzNbd,
};
