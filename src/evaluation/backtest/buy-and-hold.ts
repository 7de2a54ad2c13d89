import { targetUnits } from '../../domain/agent/position-size.js';
import { commission, emptyFills, executionModel, fillMarket } from '../../learning/environment/fill-order.js';
import { createRecord, type Backtest } from './backtest-record.js';
import type { BacktestOptions } from './backtest.js';
import { createTradeBook } from './trade-book.js';

const [ENTRY, EXIT] = [0, 1];

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
  /** The entry's and the exit's. */
  const fills = emptyFills(2);
  sessions.forEach(({ from, to }, session) => {
    const units = targetUnits(1, close[from]!, config, instrument);
    if (units === 0) return;
    fillMarket(model, units, open[from + 1]!, volume[from + 1]!, fills, ENTRY);
    fillMarket(model, -units, close[to - 1]!, volume[to - 1]!, fills, EXIT);
    book.fill(0, session, from + 1, units, fills.price[ENTRY]!, commission(model, units, fills.price[ENTRY]!));
    book.fill(0, session, to - 1, -units, fills.price[EXIT]!, commission(model, units, fills.price[EXIT]!));
    for (let bar = from + 1; bar < to; bar++) {
      const executed = [...(bar === from + 1 ? [ENTRY] : []), ...(bar === to - 1 ? [EXIT] : [])];
      const paid = (item: 'fee' | 'spread' | 'slippage' | 'impact'): number => executed.reduce((sum, fill) => sum + fills[item][fill]!, 0);
      record.add(session, bar, {
        gross: units * multiplier * (close[bar]! - (bar === from + 1 ? open[bar]! : close[bar - 1]!)),
        fee: paid('fee'),
        spread: paid('spread'),
        slippage: paid('slippage'),
        impact: paid('impact'),
        held: bar === to - 1 ? 0 : units * close[bar]! * multiplier,
        traded: executed.reduce((sum, fill) => sum + units * fills.price[fill]! * multiplier, 0),
      });
    }
  });
  return record.finish(book.trades, new Int32Array(0));
};
