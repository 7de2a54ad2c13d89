import { setImmediate } from 'node:timers/promises';
import type { EnvironmentConfig } from '../../config/sections/training.js';
import type { BarRange, BarSeries } from '../../domain/market/bars.js';
import type { Instrument } from '../../domain/market/instrument.js';
import { createEnvironment } from '../../learning/environment/create-environment.js';
import { commission, executionModel } from '../../learning/environment/fill-order.js';
import { createRecord, type Backtest } from './backtest-record.js';
import type { PolicyFunction } from '../policies/policy.js';
import { createTradeBook } from './trade-book.js';

export interface BacktestOptions {
  readonly bars: BarSeries;
  readonly instrument: Instrument;
  readonly config: EnvironmentConfig;
  readonly sessions: readonly BarRange[];
  /** Horizon in bars that the policy sees. */
  readonly horizon: number;
  readonly policy: PolicyFunction;
  /** Multiplies every cost; 1 unless given. */
  readonly costMultiplier?: number;
  /** Sessions that advance side by side, which is how many observations a policy gets at once; 256 unless given. */
  readonly lanes?: number;
  readonly signal?: AbortSignal;
}

/** Steps between two looks at the signal and at the rest of the process. */
const STEPS_PER_TURN = 1_000;

/**
 * Runs a policy over sessions in the environment that trains it: the same fills, costs, private state and session ends. Sessions are independent
 * (each starts flat, with the same cash), so the result does not depend on how many advance at once. Throws `RangeError` when the policy decides
 * a bin that does not exist, and the signal's reason when aborted.
 */
export const backtest = async ({ policy, lanes: most = 256, signal, ...options }: BacktestOptions): Promise<Backtest> => {
  const { bars, instrument, config, sessions } = options;
  const lanes = Math.min(most, sessions.length);
  const environment = createEnvironment({ ...options, lanes });
  const { now } = environment;
  const model = executionModel(instrument, options.costMultiplier ?? 1);
  const record = createRecord(sessions, config.cash);
  const book = createTradeBook(lanes, instrument.multiplier);
  const actions = new Int32Array(config.priceBins * config.quantityBins);
  const price = new Int32Array(lanes);
  const quantity = new Int32Array(lanes);
  let started = 0;
  for (; started < lanes; started++) environment.reset(started, started);

  for (let live = lanes, step = 1; live > 0; step++) {
    const pending = policy(now, price, quantity);
    if (pending !== undefined) await pending;
    for (let lane = 0; lane < lanes; lane++) if (now.active[lane] === 1) countAction(actions, config, price[lane]!, quantity[lane]!);
    const outcome = environment.step(price, quantity);
    for (let lane = 0; lane < lanes; lane++) {
      const done = outcome.done[lane] === 1;
      if (now.active[lane] === 0 && !done) continue;
      const session = now.session[lane]!;
      const bar = outcome.bar[lane]!;
      const filled = outcome.filledUnits[lane]!;
      const closed = outcome.closedUnits[lane]!;
      const fillPrice = outcome.fillPrice[lane]!;
      const closePrice = outcome.closePrice[lane]!;
      if (filled !== 0) book.fill(lane, session, bar, filled, fillPrice, commission(model, filled, fillPrice));
      if (closed !== 0) book.fill(lane, session, bar, closed, closePrice, commission(model, closed, closePrice));
      record.add(session, bar, {
        gross: outcome.gross[lane]!,
        fee: outcome.fee[lane]!,
        spread: outcome.spread[lane]!,
        slippage: outcome.slippage[lane]!,
        impact: outcome.impact[lane]!,
        held: now.units[lane]! * bars.close[bar]! * instrument.multiplier,
        traded: (Math.abs(filled) * fillPrice + Math.abs(closed) * closePrice) * instrument.multiplier,
      });
      if (!done) continue;
      if (started < sessions.length) environment.reset(lane, started++);
      else live--;
    }
    if (step % STEPS_PER_TURN !== 0) continue;
    await setImmediate();
    signal?.throwIfAborted();
  }
  return record.finish(book.trades, actions);
};

const countAction = (actions: Int32Array, { priceBins, quantityBins }: EnvironmentConfig, price: number, quantity: number): void => {
  if (!(price >= 0 && price < priceBins && quantity >= 0 && quantity < quantityBins))
    throw new RangeError(
      `action (${price}, ${quantity}) does not exist: expected a price bin below ${priceBins} and a quantity bin below ${quantityBins}`,
    );
  actions[price * quantityBins + quantity]!++;
};
