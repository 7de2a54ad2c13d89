import { targetUnits } from '../../domain/agent/position-size.js';
import { commission, emptyFill, executionModel, fillMarket } from '../../learning/environment/fill-order.js';
import { createRecord, type Backtest } from './backtest-record.js';
import type { BacktestOptions } from './backtest.js';
import { createTradeBook } from './trade-book.js';

/**
 * Buying and holding under the terms of the environment: the largest long position is bought at the open that follows each session's first
 * decision, kept whatever happens, and sold at the session's last close, both as orders that take liquidity at full costs.
 */
export const buyAndHold = ({
  bars,
  instrument,
  config,
  sessions,
  costMultiplier = 1,
}: Omit<BacktestOptions, 'policy' | 'horizon'>): Backtest => {
  const { open, close, volume } = bars;
  const { multiplier } = instrument;
  const model = executionModel(instrument, costMultiplier);
  const record = createRecord(sessions, config.cash);
  const book = createTradeBook(1, multiplier);
  const entry = emptyFill();
  const exit = emptyFill();
  sessions.forEach(({ from, to }, session) => {
    const units = targetUnits(1, close[from]!, config, instrument);
    if (units === 0) return;
    fillMarket(model, units, open[from + 1]!, volume[from + 1]!, entry);
    fillMarket(model, -units, close[to - 1]!, volume[to - 1]!, exit);
    book.fill(0, session, from + 1, units, entry.price, commission(model, units, entry.price));
    book.fill(0, session, to - 1, -units, exit.price, commission(model, units, exit.price));
    for (let bar = from + 1; bar < to; bar++) {
      const fills = [...(bar === from + 1 ? [entry] : []), ...(bar === to - 1 ? [exit] : [])];
      const paid = (item: 'fee' | 'spread' | 'slippage' | 'impact'): number => fills.reduce((sum, fill) => sum + fill[item], 0);
      record.add(session, bar, {
        gross: units * multiplier * (close[bar]! - (bar === from + 1 ? open[bar]! : close[bar - 1]!)),
        fee: paid('fee'),
        spread: paid('spread'),
        slippage: paid('slippage'),
        impact: paid('impact'),
        held: bar === to - 1 ? 0 : units * close[bar]! * multiplier,
        traded: fills.reduce((sum, fill) => sum + units * fill.price * multiplier, 0),
      });
    }
  });
  return record.finish(book.trades, new Int32Array(0));
};
