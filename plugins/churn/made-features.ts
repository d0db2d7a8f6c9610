import { message, type Text } from '@patron/sdk';

/** What the features that are made from transactions are called; columns of a customer table keep their names. */
export type FeatureTitles = Readonly<Record<string, Text>>;

export const MADE_FEATURES: FeatureTitles = Object.fromEntries(
  ['recency', 'frequency', 'tenure', 'recentPurchases', 'overdue', 'amount', 'averageAmount'].map((name) => [
    name,
    message(`feature.${name}`),
  ]),
);
