import type { TradeAction, Trend } from '../experience/experience.js';

/** A trade that somebody has explained. Stamps are ISO 8601 in UTC. */
export interface AnnotatedTrade {
  readonly id: string;
  readonly instrument: string;
  readonly decidedAt: string;
  /** By then its outcome was known. */
  readonly closedAt: string;
  /** Proposed position in [-1, 1], and the side of it. */
  readonly action: number;
  readonly side: Exclude<TradeAction, 'HOLD'>;
  readonly trend: Trend | null;
  /** Annualised. */
  readonly volatility: number | null;
  readonly confidence: number | null;
  readonly modelVersion: string | null;
  /** Currency, after all costs. */
  readonly pnl: number;
  readonly durationSeconds: number;
  /** How many standard deviations the outcome lies above the instrument's mean; null where all are equal. */
  readonly value: number | null;
  readonly reasoning: string;
  readonly lessons: readonly string[];
  readonly annotatedAt: string;
}

export type ExampleKind = 'highValue' | 'failed';

/** Standard deviations above the mean from which a gain is of high value. */
const HIGH_VALUE = 0.5;

/** What a trade is an example of; null for one that neither lost nor stands out. */
export const exampleKind = ({ pnl, value }: Pick<AnnotatedTrade, 'pnl' | 'value'>): ExampleKind | null => {
  if (pnl < 0) return 'failed';
  return pnl > 0 && value !== null && value >= HIGH_VALUE ? 'highValue' : null;
};
