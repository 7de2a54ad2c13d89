import { limitOffsetTicks, quantityBin, targetPosition } from '../../domain/agent/action-codec.js';
import type { BarRange, BarSeries } from '../../domain/market/bars.js';
import type { Instrument } from '../../domain/market/instrument.js';
import { PRIVATE_STATE } from '../../domain/agent/observation.js';
import { targetUnits } from '../../domain/agent/position-size.js';
import { cashShareInput, horizonInput, positionInput, timeLeftInput } from '../../domain/agent/private-state.js';
import type { EnvironmentConfig } from '../../config/sections/training.js';
import { createLanes, type Lanes } from './lanes.js';
import { emptyFills, emptyOrders, executionModel, fillLimit, fillMarket, placeLimit, sideOf } from './fill-order.js';
import { createOutcome, type StepOutcome } from './outcome.js';

export interface EnvironmentOptions {
  readonly bars: BarSeries;
  readonly instrument: Instrument;
  readonly config: EnvironmentConfig;
  /** What an episode may be: each of at least two bars. */
  readonly sessions: readonly BarRange[];
  /** By session, where not all are of `instrument`: whose contract it is traded in, at whose costs. */
  readonly instruments?: readonly Instrument[];
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

/** Many episodes side by side, in flat arrays by lane. */
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
  const { close, volume, openTime, closeTime } = bars;
  const from = Int32Array.from(sessions, (session) => session.from);
  const lastBar = Int32Array.from(sessions, (session) => session.to - 1);
  const { cash, maxPosition, lossLimit } = config;
  const bins = { price: config.priceBins, quantity: config.quantityBins };
  const flat = quantityBin(0, bins);
  /** After the price bins: the offset of an order that takes any price. */
  const anyPrice = bins.price;
  const targets = Float64Array.from({ length: bins.quantity }, (_, bin) => targetPosition(bin, bins));
  const termsOf = (of: Instrument) => ({
    instrument: of,
    multiplier: of.multiplier,
    offsets: Float64Array.from({ length: anyPrice + 1 }, (_, bin) =>
      bin === anyPrice ? Infinity : of.tickSize * limitOffsetTicks(bin, bins),
    ),
    model: executionModel(of, costMultiplier),
  });
  const common = termsOf(instrument);
  const known = new Map([...new Set(options.instruments)].map((of) => [of, termsOf(of)]));
  const terms = options.instruments?.map((of) => known.get(of)!);
  /** Of one instrument alone without a look at the session: this is asked four times a step. */
  const termsIn = (session: number): typeof common => (terms === undefined ? common : terms[session]!);
  const now = createLanes(count);
  const { privateState } = now;
  const orders = emptyOrders(count);
  const fills = emptyFills(count);
  const closings = emptyFills(count);
  const outcome = createOutcome(fills, closings);
  /** Signed units held once an order has filled. */
  const wanted = new Float64Array(count);

  /** Writes what the agent sees of a lane; its horizon stays the same within an episode. */
  const observe = (lane: number, session: number, bar: number, units: number, equity: number): void => {
    const notional = units * close[bar]! * termsIn(session).multiplier;
    const at = lane * WIDTH;
    privateState[at] = positionInput(notional, cash, maxPosition);
    privateState[at + 1] = cashShareInput(notional, equity, cash);
    privateState[at + 2] = timeLeftInput(closeTime[bar]!, openTime[from[session]!]!, closeTime[lastBar[session]!]!);
  };

  /**
   * Makes of each decision an order for the bar that follows it; a lane that was stopped goes flat at any price. All orders come before the
   * first fill, so that how they meet their bars is known long before it is branched on.
   */
  const order = (price: Int32Array, quantity: Int32Array): void => {
    for (let lane = 0; lane < count; lane++) {
      if (now.active[lane] !== 1) continue;
      const { instrument: traded, model, offsets } = termsIn(now.session[lane]!);
      const bar = now.bar[lane]!;
      const reference = close[bar]!;
      const stopped = now.stopping[lane] === 1;
      const target = targetUnits(targets[stopped ? flat : quantity[lane]!]!, reference, config, traded);
      const units = target - now.units[lane]!;
      const limit = reference + sideOf(units) * offsets[stopped ? anyPrice : price[lane]!]!;
      wanted[lane] = target;
      placeLimit(model, units, limit, bars, bar + 1, orders, fills, lane);
    }
  };

  /** Closes a lane's position at the close of the session's last bar; its costs come on top of the order's. */
  const closeOut = (lane: number, units: number, bar: number): void => {
    fillMarket(termsIn(now.session[lane]!).model, -units, close[bar]!, volume[bar]!, closings, lane);
    fills.fee[lane]! += closings.fee[lane]!;
    fills.spread[lane]! += closings.spread[lane]!;
    fills.slippage[lane]! += closings.slippage[lane]!;
    fills.impact[lane]! += closings.impact[lane]!;
  };

  /**
   * Lives through the bar: fills what trades of the orders, ends sessions, marks positions to its close and rewards. In one loop, with
   * `fillLimit` inlined: in a loop of its own V8 at times called it, and boxed its numbers.
   */
  const settle = (): void => {
    for (let lane = 0; lane < count; lane++) {
      if (now.active[lane] !== 1) {
        outcome.rest(lane);
        continue;
      }
      const bar = now.bar[lane]! + 1;
      const session = now.session[lane]!;
      const { multiplier, model } = termsIn(session);
      const last = lastBar[session]!;
      const held = now.units[lane]!;
      const price = close[bar]!;
      fillLimit(model, orders, bars, bar, fills, lane);
      const filled = fills.units[lane]!;
      const gross = multiplier * (held * (price - close[bar - 1]!) + filled * (price - fills.reference[lane]!));
      const done = now.stopping[lane] === 1 || bar === last;
      const kept = filled === 0 ? held : wanted[lane]!;
      const units = done ? 0 : kept;
      closings.units[lane] = 0;
      closings.price[lane] = 0;
      if (units !== kept) closeOut(lane, kept, bar);
      const net = gross - fills.fee[lane]! - fills.spread[lane]! - fills.slippage[lane]! - fills.impact[lane]!;
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
      observe(lane, session, bar, units, equity);
    }
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
      order(price, quantity);
      settle();
      return outcome;
    },
  };
};

const assertSessions = (bars: BarSeries, sessions: readonly BarRange[]): void => {
  for (const { from, to } of sessions)
    if (!(from >= 0 && to <= bars.length && to - from >= 2))
      throw new RangeError(`session [${from}, ${to}) cannot be traded: expected at least two bars within [0, ${bars.length})`);
};
