import { SITUATION_FEATURES, situationName } from '../domain/experience/situation.js';
import type { ComputeFeatures } from '../domain/market/features.js';
import type { Decision, RecentMarket } from './decision.js';

/** The situation at the newest bar, as past ones are stored; null without bars, or with too few of them. */
export const situationNow = (market: RecentMarket | null, computeFeatures: ComputeFeatures): NonNullable<Decision['situation']> | null => {
  if (market === null) return null;
  const features = computeFeatures(market.bars, SITUATION_FEATURES).values.slice(-SITUATION_FEATURES.length);
  return features.every(Number.isFinite) ? { name: situationName(market.bars.frequencyMs), features } : null;
};
