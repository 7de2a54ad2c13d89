import type { RegimeSlice } from '../domain/gate/types.js';
import type { Backtest } from './backtest/backtest-record.js';
import { finiteOrNull, sharpeOrCash } from './policy-score.js';

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
