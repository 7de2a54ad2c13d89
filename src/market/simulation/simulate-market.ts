import type { BarSeries } from '../../domain/market/bars.js';
import type { RandomStream } from '../../domain/ports.js';
import type { MarketModel } from './market-model.js';
import { draw, flowChain, regimeChain, stationary } from './markov-chain.js';
import { REGULAR_MINUTES, volatilityShape, volumeShape } from './seasonality.js';

const MINUTE_MS = 60_000;

/** One trading session; both ends in epoch milliseconds, a whole number of minutes apart. */
export interface SessionTimes {
  readonly open: number;
  readonly close: number;
}

export interface SimulationOptions {
  readonly instrument: string;
  readonly tickSize: number;
  readonly model: MarketModel;
  /** Drift of a minute with flow ±1, in standard deviations of its return: the size of the edge, 0 for none. */
  readonly drift: number;
  /** In order of time. */
  readonly sessions: readonly SessionTimes[];
  readonly random: RandomStream;
}

/** One-minute bars and what an observer of the market cannot see. */
export interface SimulatedMarket {
  readonly bars: BarSeries;
  /** Flow of each bar: -1, 0 or +1. */
  readonly flow: Int8Array;
  /** Index of each bar's regime in the model. */
  readonly regime: Uint8Array;
}

/**
 * Simulates a market minute by minute. The same stream gives the same bars; `drift` shifts returns but uses no chance, so markets with and
 * without an edge share flow, regimes and noise. Without drift the price is a martingale at every limit that an order can have: prices move
 * on the tick grid by unbiased rounding, and highs and lows are those of a Brownian bridge, rounded inwards.
 */
export const simulateMarket = ({ instrument, tickSize, model, drift, sessions, random }: SimulationOptions): SimulatedMarket => {
  const length = sessions.reduce((sum, session) => sum + minutesOf(session), 0);
  const bars = emptyBars(instrument, length);
  const flow = new Int8Array(length);
  const regime = new Uint8Array(length);
  const flowRows = flowChain(model);
  const regimeRows = regimeChain(model);
  const shapes = new Map<number, { volatility: Float64Array; volume: Float64Array }>();
  const start = model.startPrice / tickSize;
  let flowState = draw(stationary(flowRows), random.uniform());
  let regimeState = draw(stationary(regimeRows), random.uniform());
  let slowNoise = random.normal();
  let ticks = start;
  let bar = 0;
  for (const [ordinal, session] of sessions.entries()) {
    const minutes = minutesOf(session);
    const shape = shapes.get(minutes) ?? { volatility: volatilityShape(minutes), volume: volumeShape(minutes) };
    shapes.set(minutes, shape);
    if (ordinal > 0) ticks += unbiasedRound(ticks * gapReturn(model, regimeState, ticks / start, random), random);
    for (let minute = 0; minute < minutes; minute++, bar++) {
      flowState = draw(flowRows[flowState]!, random.uniform());
      regimeState = draw(regimeRows[regimeState]!, random.uniform());
      const { volatility, volume } = model.regimes[regimeState]!;
      const sigma = (model.sessionVolatility / Math.sqrt(REGULAR_MINUTES)) * shape.volatility[minute]! * volatility;
      const direction = flowState - 1;
      const scale = tailScale(model.tailDegrees, random);
      const move = drift * direction + scale * random.normal(); // in standard deviations
      const open = ticks + openJump(model.openJump, random);
      const close = open + unbiasedRound(ticks * sigma * move, random);
      const spread = 2 * (ticks * sigma * scale) ** 2;
      const up = bridgeExtreme(close - open, spread, random.uniform());
      const down = bridgeExtreme(open - close, spread, random.uniform());
      slowNoise = model.volume.persistence * slowNoise + Math.sqrt(1 - model.volume.persistence ** 2) * random.normal();
      const size = model.volume.perMinute * shape.volume[minute]! * volume;
      bars.openTime[bar] = session.open + minute * MINUTE_MS;
      bars.closeTime[bar] = session.open + (minute + 1) * MINUTE_MS;
      bars.open[bar] = open * tickSize;
      bars.high[bar] = Math.max(open, close, Math.floor(open + up)) * tickSize;
      bars.low[bar] = Math.min(open, close, Math.ceil(open - down)) * tickSize;
      bars.close[bar] = close * tickSize;
      bars.volume[bar] = Math.max(1, Math.round(size * Math.exp(logVolume(model, direction, move, slowNoise, random))));
      bars.session[bar] = ordinal;
      flow[bar] = direction;
      regime[bar] = regimeState;
      ticks = close;
    }
  }
  return { bars, flow, regime };
};

const minutesOf = ({ open, close }: SessionTimes): number => {
  const minutes = (close - open) / MINUTE_MS;
  if (!Number.isInteger(minutes) || minutes < 2)
    throw new RangeError(`session from ${open} to ${close} cannot be simulated: expected a whole number of minutes, at least 2`);
  return minutes;
};

const gapReturn = (model: MarketModel, regimeState: number, relativePrice: number, random: RandomStream): number =>
  model.gapVolatility * model.regimes[regimeState]!.volatility * random.normal() - model.gapReversion * Math.log(relativePrice);

/** Standard deviation of a minute's normal move such that moves are Student t of variance 1: chi squared of even degrees is a sum of exponentials. */
const tailScale = (degrees: number, random: RandomStream): number => {
  let product = 1;
  for (let i = 0; i < degrees; i += 2) product *= 1 - random.uniform();
  return Math.sqrt((degrees - 2) / (-2 * Math.log(product)));
};

const openJump = (chance: number, random: RandomStream): number => {
  const uniform = random.uniform();
  return uniform < chance ? 1 : uniform < 2 * chance ? -1 : 0;
};

/** Rounds up with the chance that keeps the mean. */
const unbiasedRound = (value: number, random: RandomStream): number => Math.floor(value + random.uniform());

/** Highest point of a Brownian bridge from 0 to `end` whose variance is `doubleVariance` / 2 (inverse of its distribution; Karatzas and Shreve 1991, 4.3). */
const bridgeExtreme = (end: number, doubleVariance: number, uniform: number): number =>
  (end + Math.sqrt(end * end - doubleVariance * Math.log(1 - uniform))) / 2;

const logVolume = ({ volume }: MarketModel, direction: number, move: number, slowNoise: number, random: RandomStream): number => {
  const bounded = Math.max(-3, Math.min(3, move));
  return (
    volume.tilt * direction * bounded +
    volume.activity * (Math.abs(bounded) - 0.8) +
    volume.slowNoise * slowNoise +
    volume.noise * random.normal()
  );
};

const emptyBars = (instrument: string, length: number): BarSeries => ({
  instrument,
  frequencyMs: MINUTE_MS,
  length,
  openTime: new Float64Array(length),
  closeTime: new Float64Array(length),
  open: new Float64Array(length),
  high: new Float64Array(length),
  low: new Float64Array(length),
  close: new Float64Array(length),
  volume: new Float64Array(length),
  session: new Int32Array(length),
});
