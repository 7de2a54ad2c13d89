import { parseArgs } from 'node:util';
import { trainDqn } from './cartpole/dqn.js';
import { greedyReturn, type CartPoleRun } from './cartpole/evaluate.js';
import { trainPqn } from './cartpole/pqn.js';
import { interquartileMean, median, type Bench, type Figure } from '../figure.js';

/** Mean return that the task counts as solved by. */
const SOLVED = 475;
const STEPS = 500_000;

/**
 * The learner on a public task, CartPole-v1, with one action branch: the DQN at CleanRL's settings and PQN at its authors', each for 500,000 steps
 * over `--seeds` (5) seeds from `--from` (1); the score is the mean return of 100 greedy episodes after the last step.
 * `--only dqn` or `--only pqn` runs one of them.
 */
export const cartpole: Bench = async (flags) => {
  const { values: options } = parseArgs({
    args: [...flags],
    options: { seeds: { type: 'string', default: '5' }, from: { type: 'string', default: '1' }, only: { type: 'string' } },
  });
  const seeds = Array.from({ length: Number(options.seeds) }, (_, i) => Number(options.from) + i);
  const dqn = options.only === 'pqn' ? null : await runs('dqn', trainDqn, seeds);
  const pqn = options.only === 'dqn' ? null : await runs('pqn', trainPqn, seeds);
  const scores = [dqn, pqn].flatMap((algorithm) => (algorithm === null ? [] : [score(algorithm)]));
  return dqn === null || pqn === null ? scores : [...scores, faster(dqn, pqn)];
};

interface Algorithm {
  readonly name: string;
  readonly returns: readonly number[];
  readonly seconds: number;
}

const runs = async (
  name: string,
  train: (seed: number, steps: number) => Promise<CartPoleRun>,
  seeds: readonly number[],
): Promise<Algorithm> => {
  const results: { readonly score: number; readonly seconds: number }[] = [];
  for (const seed of seeds) {
    const run = await train(seed, STEPS);
    const result = { score: await greedyReturn(run, seed), seconds: run.trainingSeconds };
    process.stderr.write(`${name} seed ${seed}: return ${result.score.toFixed(1)} after ${result.seconds.toFixed(0)} s of training\n`);
    results.push(result);
  }
  return { name, returns: results.map((result) => result.score), seconds: median(results.map((result) => result.seconds)) };
};

const score = ({ name, returns }: Algorithm): Figure => {
  const value = interquartileMean(returns);
  return { figure: `CartPole-v1, ${name}: IQM of ${returns.length} seeds`, value, unit: 'return', limit: SOLVED, ratio: value / SOLVED };
};

const faster = (dqn: Algorithm, pqn: Algorithm): Figure => ({
  figure: 'CartPole-v1: training time of pqn',
  value: pqn.seconds,
  unit: 's',
  limit: dqn.seconds,
  ratio: dqn.seconds / pqn.seconds,
});
