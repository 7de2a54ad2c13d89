import { limitOffsetTicks, targetPosition } from '../../domain/agent/action-codec.js';
import type { BarRange, BarSeries } from '../../domain/market/bars.js';
import type { Instrument } from '../../domain/market/instrument.js';
import { PRIVATE_STATE } from '../../domain/agent/observation.js';
import { targetUnits } from '../../domain/agent/position-size.js';
import { cashShareInput, horizonInput, positionInput, timeLeftInput } from '../../domain/agent/private-state.js';
import type { EnvironmentConfig } from '../../config/sections/training.js';
import { createLanes, type Lanes } from './lanes.js';
import { emptyFill, executionModel, fillLimit, fillMarket, fillNothing } from './fill-order.js';
import { createOutcome, type StepOutcome } from './outcome.js';

export interface EnvironmentOptions {
  readonly bars: BarSeries;
  readonly instrument: Instrument;
  readonly config: EnvironmentConfig;
  /** What an episode may be: each of at least two bars. */
  readonly sessions: readonly BarRange[];
  /** Episodes that step at once. */
  readonly lanes: number;
  /** Horizon in bars, which the agent sees as private state, of episodes that are started without one of their own. */
  readonly horizon: number;
  /** Weight of the hindsight bonus over the horizon in the training reward; 0, the default, in evaluation. */
  readonly hindsightWeight?: number;
  /** Multiplies every cost. */
  readonly costMultiplier?: number;
}

const WIDTH = PRIVATE_STATE.length;
const HORIZON = PRIVATE_STATE.indexOf('horizon');

/** Many episodes of one instrument side by side, in flat arrays by lane. */
export interface Environment {
  readonly lanes: number;
  readonly sessions: readonly BarRange[];
  /** Where each lane stands; written by `reset` and `step`, and by a resume. */
  readonly now: Lanes;
  /** Starts session `session` in `lane`, looking `horizon` bars ahead: flat, `cash` as equity, the first decision at the session's first bar. */
  reset(lane: number, session: number, horizon?: number): void;
  /**
   * Takes the decision of every active lane at the close of its bar and lives through the next bar. The outcome's arrays are reused by the
   * next step; a lane that ended rests, with zeros, until it is reset.
   */
  step(price: Int32Array, quantity: Int32Array): StepOutcome;
}

/**
 * The trading task. A decision at the close of bar t becomes a limit order for bar t + 1 (`fillLimit`) towards the target position; the reward
 * is the change of equity over that bar, all costs paid, over `cash`. A session ends flat: at its last close, or at the open after a loss
 * beyond `lossLimit`, as an order that takes liquidity. Throws `RangeError` when a session is not within the bars.
 */
export const createEnvironment = (options: EnvironmentOptions): Environment => {
  const { bars, instrument, config, sessions, lanes: count, horizon, hindsightWeight = 0, costMultiplier = 1 } = options;
  assertSessions(bars, sessions);
  const { open, close, volume, openTime, closeTime } = bars;
  const from = Int32Array.from(sessions, (session) => session.from);
  const lastBar = Int32Array.from(sessions, (session) => session.to - 1);
  const { cash, maxPosition, lossLimit } = config;
  const { multiplier, tickSize } = instrument;
  const bins = { price: config.priceBins, quantity: config.quantityBins };
  const targets = Float64Array.from({ length: bins.quantity }, (_, bin) => targetPosition(bin, bins));
  const model = executionModel(instrument, costMultiplier);
  const now = createLanes(count);
  const { privateState } = now;
  const outcome = createOutcome(count);
  const order = emptyFill();
  const closing = emptyFill();

  /** Writes what the agent sees of a lane; its horizon stays the same within an episode. */
  const observe = (lane: number, session: number, bar: number, units: number, equity: number): void => {
    const notional = units * close[bar]! * multiplier;
    const at = lane * WIDTH;
    privateState[at] = positionInput(notional, cash, maxPosition);
    privateState[at + 1] = cashShareInput(notional, equity, cash);
    privateState[at + 2] = timeLeftInput(closeTime[bar]!, openTime[from[session]!]!, closeTime[lastBar[session]!]!);
  };

  const stepLane = (lane: number, priceBin: number, quantityBin: number): void => {
    const before = now.bar[lane]!;
    const bar = before + 1;
    const session = now.session[lane]!;
    const last = lastBar[session]!;
    const held = now.units[lane]!;
    const reference = close[before]!;
    const stopped = now.stopping[lane] === 1;
    let units = stopped ? 0 : targetUnits(targets[quantityBin]!, reference, config, instrument);
    const wanted = units - held;
    if (wanted === 0) fillNothing(order);
    else if (stopped) fillMarket(model, wanted, open[bar]!, volume[bar]!, order);
    else {
      const limit = reference + (wanted > 0 ? tickSize : -tickSize) * limitOffsetTicks(priceBin, bins);
      fillLimit(model, wanted, limit, bars, bar, order);
      if (order.units === 0) units = held;
    }
    const price = close[bar]!;
    const gross = multiplier * (held * (price - reference) + order.units * (price - order.reference));
    const done = stopped || bar === last;
    if (done && units !== 0) {
      fillMarket(model, -units, price, volume[bar]!, closing);
      units = 0;
    } else fillNothing(closing);
    const fee = order.fee + closing.fee;
    const spread = order.spread + closing.spread;
    const slippage = order.slippage + closing.slippage;
    const impact = order.impact + closing.impact;
    const net = gross - fee - spread - slippage - impact;
    const bonus = units === 0 ? 0 : hindsightWeight * units * multiplier * (close[Math.min(bar + now.horizon[lane]!, last)]! - price);
    const equity = now.equity[lane]! + net;
    now.bar[lane] = bar;
    now.units[lane] = units;
    now.equity[lane] = equity;
    now.stopping[lane] = cash - equity > lossLimit * cash ? 1 : 0;
    now.active[lane] = done ? 0 : 1;
    outcome.bar[lane] = bar;
    outcome.done[lane] = done ? 1 : 0;
    outcome.reward[lane] = net / cash;
    outcome.trainingReward[lane] = (net + bonus) / cash;
    outcome.gross[lane] = gross;
    outcome.fee[lane] = fee;
    outcome.spread[lane] = spread;
    outcome.slippage[lane] = slippage;
    outcome.impact[lane] = impact;
    outcome.filledUnits[lane] = order.units;
    outcome.fillPrice[lane] = order.price;
    outcome.closedUnits[lane] = closing.units;
    outcome.closePrice[lane] = closing.price;
    observe(lane, session, bar, units, equity);
  };

  return {
    lanes: count,
    sessions,
    now,
    reset(lane, session, ahead = horizon) {
      const range = sessions[session];
      if (range === undefined || lane < 0 || lane >= count)
        throw new RangeError(
          `cannot start session ${session} in lane ${lane}: expected one of ${sessions.length} sessions and ${count} lanes`,
        );
      now.session[lane] = session;
      now.horizon[lane] = ahead;
      now.bar[lane] = range.from;
      now.units[lane] = 0;
      now.equity[lane] = cash;
      now.stopping[lane] = 0;
      now.active[lane] = 1;
      observe(lane, session, range.from, 0, cash);
      privateState[lane * WIDTH + HORIZON] = horizonInput(ahead);
    },
    step(price, quantity) {
      if (price.length !== count || quantity.length !== count)
        throw new RangeError(`got ${price.length} price and ${quantity.length} quantity bins: expected ${count} of each, one a lane`);
      for (let lane = 0; lane < count; lane++)
        if (now.active[lane] === 1) stepLane(lane, price[lane]!, quantity[lane]!);
        else outcome.rest(lane);
      return outcome;
    },
  };
};

const assertSessions = (bars: BarSeries, sessions: readonly BarRange[]): void => {
  for (const { from, to } of sessions)
    if (!(from >= 0 && to <= bars.length && to - from >= 2))
      throw new RangeError(`session [${from}, ${to}) cannot be traded: expected at least two bars within [0, ${bars.length})`);
};
