import { targetPosition, type ActionBins } from '../../domain/agent/action-codec.js';
import type { BarSeries } from '../../domain/market/bars.js';
import type { Experience, TradeOutcome } from '../../domain/experience/experience.js';
import { marketConditions } from '../../domain/experience/market-conditions.js';
import type { Trade } from '../../domain/trade.js';
import type { PaperSession, PaperStep } from './trade-on-paper.js';

export interface PaperModel {
  readonly instrument: string;
  /** Name of the version that decided. */
  readonly version: string;
  readonly schemaHash: string;
  readonly bins: ActionBins;
  /** Probability of a random bin per branch. */
  readonly epsilon: number;
}

/**
 * The experiences of a paper session, one for each decision; that which opened a trade carries the trade's outcome. Their ids follow from instrument,
 * version and time, so that a repeated session is the same experiences.
 */
export const sessionExperiences = (
  { session, steps, trades }: PaperSession,
  bars: BarSeries,
  model: PaperModel,
  periodsPerYear: number,
): Experience[] => {
  const { instrument, version, schemaHash, bins, epsilon } = model;
  const opened = new Map(trades.map((trade) => [trade.entryBar - 1, trade]));
  const time = (bar: number): string => new Date(bars.closeTime[bar]!).toISOString();
  const experienceOf = ({ decision, bar, before, after, reward, done, fill }: PaperStep): Experience => {
    const trade = opened.get(bar);
    return {
      id: `paper/${instrument}/${version}/${time(bar)}`,
      instrument,
      timestamp: time(bar + 1),
      decisionTime: time(bar),
      dataAsOf: time(bar),
      schemaHash,
      state: before,
      nextState: after,
      action: targetPosition(decision.quantity, bins),
      branches: { price: decision.price, quantity: decision.quantity },
      reward,
      done,
      marketConditions: marketConditions(bars.close, bar, periodsPerYear),
      rlConfidence: decision.confidence,
      reasoningConfidence: null,
      tradeOutcome: trade === undefined ? null : outcomeOf(trade, bars),
      insight: null,
      modelVersion: version,
      epsilon,
      propensity: decision.propensity,
      fill,
      episodeId: `paper/${instrument}/${version}/${time(session.from)}`,
      source: 'paper',
    };
  };
  return steps.map(experienceOf);
};

/** From the open of the bar that the trade was entered in to the close of the one that it was left in. */
const outcomeOf = ({ net, side, entryBar, exitBar }: Trade, { openTime, closeTime }: BarSeries): TradeOutcome => ({
  pnl: net,
  durationSeconds: (closeTime[exitBar]! - openTime[entryBar]!) / 1_000,
  action: side === 1 ? 'BUY' : 'SELL',
});
