import { createRecord, type Backtest } from '../../../src/evaluation/backtest/backtest-record.js';

const CASH = 100_000;

/** A backtest with these net returns, in sessions of `barsPerSession`, at no costs, with one trade a session and two actions used equally. */
export const backtestOf = (returns: Float64Array, barsPerSession: number): Backtest => {
  const count = Math.floor(returns.length / barsPerSession);
  const sessions = Array.from({ length: count }, (_, i) => ({ from: i * (barsPerSession + 1), to: (i + 1) * (barsPerSession + 1) }));
  const record = createRecord(sessions, CASH);
  const trades = sessions.map(({ from, to }, session) => {
    let net = 0;
    for (let bar = from + 1; bar < to; bar++) {
      const gross = returns[session * barsPerSession + bar - from - 1]! * CASH;
      record.add(session, bar, { gross, fee: 0, spread: 0, slippage: 0, impact: 0, held: bar === to - 1 ? 0 : CASH, traded: 0 });
      net += gross;
    }
    return { session, side: 1, units: 1, entryBar: from + 1, exitBar: to - 1, entryPrice: 1, exitPrice: 1, net } as const;
  });
  return record.finish(trades, Int32Array.of(count, count));
};
