import type { EnvironmentConfig } from '../../config/sections/training.js';
import type { BarRange, BarSeries } from '../../domain/market/bars.js';
import type { Instrument } from '../../domain/market/instrument.js';
import { createEnvironment } from '../../learning/environment/create-environment.js';
import { commission, executionModel } from '../../learning/environment/fill-order.js';
import type { Trade } from '../../domain/trade.js';
import { createTradeBook } from '../backtest/trade-book.js';

/** Chosen bins, the softmax mass of both, and the probability with which they were chosen. */
export interface PaperDecision {
  readonly price: number;
  readonly quantity: number;
  readonly confidence: number;
  readonly propensity: number;
}

/** One decision and the bar that was lived through after it. */
export interface PaperStep {
  readonly decision: PaperDecision;
  /** Bar at whose close was decided. */
  readonly bar: number;
  /** What the agent saw besides the bars, before and after. */
  readonly before: Float32Array;
  readonly after: Float32Array;
  /** Change of equity over cash, net of all costs. */
  readonly reward: number;
  readonly done: boolean;
  /** Of the order, or of the close-out where the order did not trade; null when nothing traded. Slippage is what spread, slippage and impact cost, in price. */
  readonly fill: { readonly price: number; readonly slippage: number } | null;
}

/** A session that was traded from its first bar to its last. */
export interface PaperSession {
  readonly session: BarRange;
  readonly steps: readonly PaperStep[];
  readonly trades: readonly Trade[];
}

export interface PaperOptions {
  readonly bars: BarSeries;
  readonly instrument: Instrument;
  readonly config: EnvironmentConfig;
  /** Horizon in bars that the policy sees. */
  readonly horizon: number;
  /** Decides at the close of a bar. */
  readonly decide: (bar: number, privateState: Float32Array) => Promise<PaperDecision>;
}

/** Trades whole sessions without money, one after the other, in the environment of training and backtest: the same decisions give the same fills and rewards. */
export const createPaperAccount = ({ decide, ...options }: PaperOptions) => {
  const { instrument } = options;
  const model = executionModel(instrument);

  return async (session: BarRange): Promise<PaperSession> => {
    const environment = createEnvironment({ ...options, sessions: [session], lanes: 1 });
    const book = createTradeBook(1, instrument.multiplier);
    const { now } = environment;
    const steps: PaperStep[] = [];
    environment.reset(0, 0);
    while (now.active[0] === 1) {
      const [bar, before] = [now.bar[0]!, now.privateState.slice()];
      const decision = await decide(bar, before);
      const outcome = environment.step(Int32Array.of(decision.price), Int32Array.of(decision.quantity));
      const [filled, fillPrice] = [outcome.filledUnits[0]!, outcome.fillPrice[0]!];
      const [closed, closePrice] = [outcome.closedUnits[0]!, outcome.closePrice[0]!];
      if (filled !== 0) book.fill(0, 0, bar + 1, filled, fillPrice, commission(model, filled, fillPrice));
      if (closed !== 0) book.fill(0, 0, bar + 1, closed, closePrice, commission(model, closed, closePrice));
      const units = Math.abs(filled) + Math.abs(closed);
      const worse = outcome.spread[0]! + outcome.slippage[0]! + outcome.impact[0]!;
      steps.push({
        decision,
        bar,
        before,
        after: now.privateState.slice(),
        reward: outcome.reward[0]!,
        done: outcome.done[0] === 1,
        fill: units === 0 ? null : { price: filled === 0 ? closePrice : fillPrice, slippage: worse / (units * instrument.multiplier) },
      });
    }
    return { session, steps, trades: book.trades };
  };
};
