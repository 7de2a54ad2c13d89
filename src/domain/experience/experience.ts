/** One decision of a traded model and what came of it. Stamps are ISO 8601 in UTC. */
export interface Experience {
  /** From whoever reports it: the same id again is the same experience. */
  readonly id: string;
  readonly instrument: string;
  /** When it was reported to have happened, and when it was decided. */
  readonly timestamp: string;
  readonly decisionTime: string;
  /** Close of the newest bar that the decision could know; null when the reporter does not say. */
  readonly dataAsOf: string | null;
  /** Of the observation schema of a Ratchet model, or of a foreign one. */
  readonly schemaHash: string;
  /** Whole state vectors, or, of a Ratchet model's schema, its private state alone: the rest is read from the bars. */
  readonly state: Float32Array;
  readonly nextState: Float32Array;
  /** Target position in [-1, 1]. */
  readonly action: number;
  /** The chosen bins, where the model decides by bins. */
  readonly branches: { readonly price: number; readonly quantity: number } | null;
  readonly reward: number;
  readonly done: boolean;
  readonly marketConditions: MarketConditions | null;
  /** Softmax mass of the chosen bins, and how sure the explanation is; in [0, 1]. */
  readonly rlConfidence: number | null;
  readonly reasoningConfidence: number | null;
  readonly tradeOutcome: TradeOutcome | null;
  readonly insight: Insight | null;
  readonly modelVersion: string | null;
  /** Probability of a random bin per branch, and of the action that was taken. */
  readonly epsilon: number | null;
  readonly propensity: number | null;
  /** Price paid or received, and how much worse than the reference it was, in price. */
  readonly fill: { readonly price: number; readonly slippage: number } | null;
  readonly episodeId: string | null;
  readonly source: ExperienceSource;
}

export interface MarketConditions {
  /** Realised over 120 bars, annualised. */
  readonly volatility: number;
  readonly trend: Trend;
}

export const TRENDS = ['bullish', 'bearish', 'neutral'] as const;
export type Trend = (typeof TRENDS)[number];

/** What became of the trade that a decision opened. */
export interface TradeOutcome {
  /** Currency, after all costs. */
  readonly pnl: number;
  readonly durationSeconds: number;
  readonly action: TradeAction;
}

export const TRADE_ACTIONS = ['BUY', 'SELL', 'HOLD'] as const;
export type TradeAction = (typeof TRADE_ACTIONS)[number];

/** Why a decision went as it did, and what is to be learned from it. */
export interface Insight {
  readonly reasoning: string;
  readonly lessonsLearned: readonly string[];
}

export const EXPERIENCE_SOURCES = ['reported', 'paper'] as const;
export type ExperienceSource = (typeof EXPERIENCE_SOURCES)[number];
