import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRandom } from '../../../src/learning/random.js';
import { moments } from '../../../src/evaluation/metrics/moments.js';
import { sharedFolder } from '../../../test/support/shared.js';

export interface MarketReturns {
  /** Daily returns without drift, of standard deviation 1. */
  readonly returns: Float64Array;
  /** Where they are from, for whoever reads the numbers. */
  readonly origin: string;
}

const FILE = 'data/crypto/BTC_USDT-1h.csv';
const HOURS = 24;
const DAYS = 2_400;

/** Daily log returns of the bitcoin hours beside the repository; where they are absent, a series of the same length with fat tails and calm and wild times. */
export const marketReturns = async (): Promise<MarketReturns> => {
  const folder = sharedFolder();
  if (folder === null) return { returns: standard(synthetic()), origin: 'a synthetic series: the folder of real data is absent' };
  const [, ...lines] = (await readFile(join(folder, FILE), 'utf8')).trim().split('\n');
  const close = lines.filter((_, hour) => hour % HOURS === HOURS - 1).map((line) => Number(line.split(',')[4]));
  const returns = standard(Float64Array.from({ length: close.length - 1 }, (_, day) => Math.log(close[day + 1]! / close[day]!)));
  return { returns, origin: `${returns.length} daily returns of ${FILE}` };
};

/** Normal returns whose volatility wanders: its logarithm is autoregressive. */
const synthetic = (): Float64Array => {
  const random = createRandom(1, 'market');
  let logVolatility = 0;
  return Float64Array.from({ length: DAYS }, () => {
    logVolatility = 0.95 * logVolatility + 0.2 * random.normal();
    return Math.exp(logVolatility) * random.normal();
  });
};

const standard = (returns: Float64Array): Float64Array => {
  const { mean, variance } = moments(returns);
  return returns.map((value) => (value - mean) / Math.sqrt(variance));
};
