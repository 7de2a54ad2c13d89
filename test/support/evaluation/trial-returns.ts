import { createRandom } from '../../../src/learning/random.js';

const TRIALS = 50;
const BARS = 1_000;
const DAYS_PER_YEAR = 252;

/** Fifty trials without skill over a thousand days: independent standard normal returns. */
export const noiseTrials = (seed: number): Float64Array[] => {
  const random = createRandom(seed, 'trials');
  return Array.from({ length: TRIALS }, () => Float64Array.from({ length: BARS }, () => random.normal()));
};

/** The same with one of a true annual Sharpe ratio. */
export const plantedTrials = (seed: number, annualSharpe: number): Float64Array[] => {
  const edge = annualSharpe / Math.sqrt(DAYS_PER_YEAR);
  return noiseTrials(seed).map((returns, trial) => (trial === seed % TRIALS ? returns.map((value) => value + edge) : returns));
};
