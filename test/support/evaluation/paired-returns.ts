import type { RandomStream } from '../../../src/domain/ports.js';

export interface PairedReturnsOptions {
  readonly bars: number;
  /** Correlation of the two series. */
  readonly correlation: number;
  /** Per-bar Sharpe ratio of each. */
  readonly candidate: number;
  readonly reference: number;
  /** First-order autocorrelation of both. */
  readonly persistence?: number;
}

/** Two correlated normal return series of unit variance, with the Sharpe ratios that are asked for. */
export const pairedReturns = (
  random: RandomStream,
  options: PairedReturnsOptions,
): { candidate: Float64Array; reference: Float64Array } => {
  const { bars, correlation, persistence = 0 } = options;
  const candidate = new Float64Array(bars);
  const reference = new Float64Array(bars);
  const fresh = Math.sqrt(1 - persistence ** 2);
  const own = Math.sqrt(1 - correlation ** 2);
  let [x, y] = [random.normal(), random.normal()];
  for (let i = 0; i < bars; i++) {
    x = persistence * x + fresh * random.normal();
    y = persistence * y + fresh * random.normal();
    candidate[i] = x + options.candidate;
    reference[i] = correlation * x + own * y + options.reference;
  }
  return { candidate, reference };
};
