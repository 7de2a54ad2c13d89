import { parseArgs } from 'node:util';
import { measureOverfitting } from '../../src/evaluation/statistics/overfitting.js';
import { noiseTrials, plantedTrials } from '../../test/support/evaluation/trial-returns.js';
import type { Bench, Figure } from '../figure.js';

const BLOCKS = 10;
const EDGE = 2;
const NOISE_SLACK = 0.05;
const EDGE_LIMIT = 0.2;

/**
 * The probability of backtest overfitting over `--repeats` (200) sets of fifty trials of a thousand days: on noise it must be one half, since the best
 * of what has no skill is as good as any other; with one true annual Sharpe ratio of 2 among them the choice must mostly be right.
 */
export const pbo: Bench = (flags) => {
  const { values } = parseArgs({ args: [...flags], options: { repeats: { type: 'string', default: '200' } } });
  const repeats = Number(values.repeats);
  const mean = (trials: (seed: number) => Float64Array[]): number => {
    let sum = 0;
    for (let seed = 0; seed < repeats; seed++) sum += measureOverfitting({ trials: trials(seed), blocks: BLOCKS }).probability;
    return sum / repeats;
  };
  const noise = mean(noiseTrials);
  const planted = mean((seed) => plantedTrials(seed, EDGE));
  const off = Math.abs(noise - 0.5);
  const figures: Figure[] = [
    { figure: `PBO of noise, mean of ${repeats}`, value: noise, unit: 'share', peer: { name: 'true', value: 0.5 }, ratio: 0.5 / noise },
    { figure: 'PBO of noise: away from one half', value: off, unit: 'share', limit: NOISE_SLACK, ratio: NOISE_SLACK / off },
    { figure: `PBO with one Sharpe ${EDGE}, mean of ${repeats}`, value: planted, unit: 'share', limit: EDGE_LIMIT, ratio: EDGE_LIMIT / planted }, // prettier-ignore
  ];
  return Promise.resolve(figures);
};
