/** Bandwidth of the Parzen kernel per fifth root of α × n (Andrews, Econometrica 59, 1991). */
const PARZEN_BANDWIDTH = 2.6614;

/**
 * Long-run variance of a series of mean zero, which allows for autocorrelation and changing variance: Parzen kernel, bandwidth by Andrews' rule
 * for a first-order autoregression, corrected for `estimated` parameters (Ledoit & Wolf 2008). It is the variance of the series' mean times n.
 */
export const longRunVariance = (series: Float64Array, estimated: number): number => {
  const n = series.length;
  const variance = autocovariance(series, 0);
  if (variance === 0) return 0;
  const correlation = Math.max(-0.97, Math.min(0.97, autocovariance(series, 1) / variance));
  const alpha = (4 * correlation ** 2) / (1 - correlation) ** 4;
  const bandwidth = Math.min(PARZEN_BANDWIDTH * (alpha * n) ** 0.2, n / 2);
  let sum = variance;
  for (let lag = 1; lag < bandwidth; lag++) sum += 2 * parzen(lag / bandwidth) * autocovariance(series, lag);
  return (sum * n) / (n - estimated);
};

const autocovariance = (series: Float64Array, lag: number): number => {
  let sum = 0;
  for (let i = lag; i < series.length; i++) sum += series[i]! * series[i - lag]!;
  return sum / series.length;
};

const parzen = (x: number): number => (x <= 0.5 ? 1 - 6 * x * x * (1 - x) : 2 * (1 - x) ** 3);
