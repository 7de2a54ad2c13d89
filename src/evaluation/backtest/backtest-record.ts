import type { BarRange } from '../../domain/market/bars.js';
import type { Costs } from '../../domain/costs.js';
import type { Trade } from '../../domain/trade.js';

/**
 * What a policy did over its sessions. Capital is fixed: every session starts with the same cash, and returns add up. The arrays by bar hold all
 * but the first bar of each session (which only the first decision is made on), sessions end to end; bar b of session s is at
 * `offsets[s] + b - sessions[s].from - 1`.
 */
export interface Backtest {
  readonly sessions: readonly BarRange[];
  /** Currency that every session starts with. */
  readonly cash: number;
  readonly offsets: Int32Array;
  /** Change of equity over each bar, net of all costs, as a fraction of cash. */
  readonly returns: Float64Array;
  /** Signed notional held after each bar, as a fraction of cash. */
  readonly position: Float64Array;
  /** Notional traded in each bar, as a fraction of cash. */
  readonly traded: Float64Array;
  /** Sum of `returns` by session. */
  readonly sessionReturns: Float64Array;
  /** In currency, over all sessions: gross - fee - spread - slippage - impact = net. */
  readonly gross: number;
  readonly costs: Costs;
  readonly net: number;
  readonly trades: readonly Trade[];
  /** How often each joint action was decided, price bins × quantity bins, row-major; empty for what does not decide by bins. */
  readonly actions: Int32Array;
}

/** One bar of one session, money in currency. */
export interface RecordedBar extends Costs {
  readonly gross: number;
  /** Signed notional held after the bar, and notional traded in it. */
  readonly held: number;
  readonly traded: number;
}

/** Where the bars of each session start in the arrays by bar; the last element is their length. */
export const sessionOffsets = (sessions: readonly BarRange[]): Int32Array => {
  const offsets = new Int32Array(sessions.length + 1);
  sessions.forEach(({ from, to }, session) => (offsets[session + 1] = offsets[session]! + to - from - 1));
  return offsets;
};

/** Collects bars into a `Backtest`; a bar never recorded (after a session's early end) stays flat and at zero. */
export const createRecord = (sessions: readonly BarRange[], cash: number) => {
  const offsets = sessionOffsets(sessions);
  const length = offsets[sessions.length]!;
  const returns = new Float64Array(length);
  const position = new Float64Array(length);
  const traded = new Float64Array(length);
  const sessionReturns = new Float64Array(sessions.length);
  const total = { gross: 0, fee: 0, spread: 0, slippage: 0, impact: 0 };
  return {
    /** `index` is the bar's in the series. */
    add(session: number, index: number, bar: RecordedBar): void {
      const at = offsets[session]! + index - sessions[session]!.from - 1;
      const net = bar.gross - bar.fee - bar.spread - bar.slippage - bar.impact;
      returns[at] = net / cash;
      position[at] = bar.held / cash;
      traded[at] = bar.traded / cash;
      sessionReturns[session]! += net / cash;
      total.gross += bar.gross;
      total.fee += bar.fee;
      total.spread += bar.spread;
      total.slippage += bar.slippage;
      total.impact += bar.impact;
    },
    finish(trades: readonly Trade[], actions: Int32Array): Backtest {
      const { gross, ...costs } = total;
      const net = gross - costs.fee - costs.spread - costs.slippage - costs.impact;
      return {
        sessions,
        cash,
        offsets,
        returns,
        position,
        traded,
        sessionReturns,
        gross,
        costs,
        net,
        trades,
        actions,
      };
    },
  };
};
