import type { Trend } from '../domain/experience/experience.js';

/** What is known of a trade once it is over. */
export interface TradeFacts {
  readonly side: 1 | -1;
  /** Currency, after all costs. */
  readonly pnl: number;
  readonly durationSeconds: number;
  /** Size as a share of the largest position. */
  readonly size: number;
  /** Softmax mass of the chosen bins; null where the reporter does not say. */
  readonly confidence: number | null;
  /** Annualised, at the decision. */
  readonly volatility: number | null;
  readonly trend: Trend | null;
  /** What the price did meanwhile; null where its bars are not stored. */
  readonly path: TradePath | null;
}

/** Prices between entry and exit, each as a share of the entry price. */
export interface TradePath {
  /** Farthest that the price went for and against the position, 0 or more. */
  readonly favourable: number;
  readonly adverse: number;
  /** Move from entry to exit in the position's direction. */
  readonly captured: number;
  /** One standard deviation of the price over the time held, by the bars before. */
  readonly usual: number;
  /** Bars until the farthest favourable and adverse price. */
  readonly barsToFavourable: number;
  readonly barsToAdverse: number;
}

/** What is usual for the instrument: medians over its trades. Null where there are fewer than ten. */
export interface UsualTrade {
  readonly durationSeconds: number;
  readonly volatility: number | null;
}

/** What a rule finds in a trade: a lesson, and the numbers that it rests on. */
export interface Finding {
  readonly lesson: string;
  readonly because: string;
}

/** A rule says what a trade teaches, or null where it has nothing to say or lacks what it needs. */
export type AnnotationRule = (facts: TradeFacts, usual: UsualTrade | null) => Finding | null;

/** A share as people read it: 0.0123 is `1.23 %`. */
export const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

/** Seconds as people read them. */
export const minutes = (seconds: number): string => `${(seconds / 60).toFixed(1)} min`;
