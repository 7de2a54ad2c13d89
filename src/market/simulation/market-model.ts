/** A regime of volatility and volume, left with equal chance in every minute. */
export interface Regime {
  readonly name: string;
  /** Multiplies the volatility of a minute. */
  readonly volatility: number;
  /** Multiplies the volume of a minute. */
  readonly volume: number;
  /** Mean stay, in minutes of trading. */
  readonly dwellMinutes: number;
}

/** What a simulated market is made of; everything but its edge. Volatilities are standard deviations of returns. */
export interface MarketModel {
  readonly startPrice: number;
  /** Of a regular session in a regime of volatility 1. */
  readonly sessionVolatility: number;
  /** Between a close and the next open, in a regime of volatility 1. */
  readonly gapVolatility: number;
  /** Share of its distance from `startPrice` that the price makes good over night, so that costs, fixed in ticks, stay comparable for years. */
  readonly gapReversion: number;
  readonly regimes: readonly Regime[];
  /** Even degrees of freedom, at least 4, of the Student t distribution of a minute's return. */
  readonly tailDegrees: number;
  /** The hidden flow of orders, -1, 0 or +1: it moves the price (by the edge) and marks the volume (always). */
  readonly flow: {
    /** Mean stay in buying or selling. */
    readonly dwellMinutes: number;
    /** Mean stay in neither. */
    readonly neutralMinutes: number;
    /** Chance that buying or selling, when it ends, turns into its opposite rather than into neither. */
    readonly reversal: number;
  };
  readonly volume: {
    /** Median of a minute at mid-session. */
    readonly perMinute: number;
    /** How much heavier, in logs, a minute is that moves one standard deviation with the flow, and lighter against it. */
    readonly tilt: number;
    /** How much heavier, in logs, a minute is per standard deviation that it moves either way. */
    readonly activity: number;
    /** Deviation, in logs, of what lasts one minute. */
    readonly noise: number;
    /** Deviation, in logs, of what lasts longer, and its autocorrelation from minute to minute. */
    readonly slowNoise: number;
    readonly persistence: number;
  };
  /** Chance that a minute opens a tick above the close before it; the same for below. */
  readonly openJump: number;
}

/** The market that is simulated where there is no data: an index future in regular hours. */
export const SIMULATED_MARKET: MarketModel = {
  startPrice: 5_000,
  sessionVolatility: 0.011,
  gapVolatility: 0.006,
  gapReversion: 0.02,
  regimes: [
    { name: 'calm', volatility: 0.8, volume: 0.9, dwellMinutes: 8 * 390 },
    { name: 'stressed', volatility: 1.6, volume: 1.5, dwellMinutes: 2 * 390 },
  ],
  tailDegrees: 6,
  flow: { dwellMinutes: 240, neutralMinutes: 60, reversal: 0.2 },
  volume: { perMinute: 1_500, tilt: 0.9, activity: 0.2, noise: 0.25, slowNoise: 0.25, persistence: 0.98 },
  openJump: 0.2,
};
