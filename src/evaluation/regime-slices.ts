import type { Backtest } from './backtest-record.js';
import { finiteOrNull, sharpeOrCash } from './policy-score.js';

/** How a policy did in one kind of market. */
export interface RegimeSlice {
  readonly regime: string;
  readonly sessions: number;
  readonly bars: number;
  /** Sum of net returns, as a fraction of cash. */
  readonly totalReturn: number;
  /** Annualised; null where it is not defined. */
  readonly sharpe: number | null;
}

/** A backtest cut into the regimes of its sessions, in order of their names; the slices' returns add up to the whole. */
export const regimeSlices = ({ returns, offsets }: Backtest, regimes: readonly string[], periodsPerYear: number): readonly RegimeSlice[] =>
  [...new Set(regimes)].sort().map((regime) => {
    const sessions = [...regimes.keys()].filter((session) => regimes[session] === regime);
    const slice = Float64Array.from(sessions.flatMap((session) => [...returns.subarray(offsets[session], offsets[session + 1])]));
    return {
      regime,
      sessions: sessions.length,
      bars: slice.length,
      totalReturn: slice.reduce((sum, value) => sum + value, 0),
      sharpe: finiteOrNull(sharpeOrCash(slice, periodsPerYear)),
    };
  });
