import { parseArgs } from 'node:util';
import { loadConfig } from '../../src/config/load-config.js';
import { continualScores, type ContinualScores } from '../../src/domain/transfer/continual-scores.js';
import { scoreDqn, trainDqn, type Weights } from './ablation/dqn-on-market.js';
import { openMarket, type Market } from './ablation/market.js';
import { interquartileMean, type Bench, type Figure } from '../figure.js';

/**
 * What a learner keeps, hands on and loses when it is trained on one simulated market after the other, each retrain starting from the one before by
 * shrink-and-perturb: `--tasks` (3) markets from `--from` (1), each `--steps` (80000) long, over `--rounds` (1) with other markets. Scores are net Sharpe
 * ratios on held-out sessions as shares of the known optimum's. With `--recycle N` dormant units start anew each N gradient steps. The warm-start gap is the score of a fresh control of equal steps less that of the retrain.
 */
export const continual: Bench = async (flags) => {
  const { values: options } = parseArgs({
    args: [...flags],
    options: {
      tasks: { type: 'string', default: '3' },
      from: { type: 'string', default: '1' },
      rounds: { type: 'string', default: '1' },
      steps: { type: 'string', default: '80000' },
      recycle: { type: 'string', default: '0' },
    },
  });
  const [tasks, from, trainSteps] = [Number(options.tasks), Number(options.from), Number(options.steps)];
  const rounds: Round[] = [];
  for (let round = 0; round < Number(options.rounds); round++)
    rounds.push(await measure(Array.from({ length: tasks }, (_, task) => from + round * tasks + task), trainSteps, Number(options.recycle))); // prettier-ignore
  const over = (name: string, value: (round: Round) => number | null): Figure => {
    const values = rounds.flatMap((round) => value(round) ?? []);
    const mean = interquartileMean(values);
    const control = interquartileMean(rounds.map(({ fresh }) => fresh));
    return { figure: `continual: ${name}`, value: mean, unit: 'optimum', peer: { name: 'fresh', value: control }, ratio: mean / control };
  };
  return [
    over('average score at the end', ({ scores }) => scores.average),
    over('backward transfer', ({ scores }) => scores.backwardTransfer),
    over('forward transfer', ({ scores }) => scores.forwardTransfer),
    over('forgetting', ({ scores }) => scores.forgetting),
    over('retrain on the last market', ({ warm }) => warm),
    over('warm-start gap', ({ fresh, warm }) => fresh - warm),
  ];
};

interface Round {
  readonly scores: ContinualScores;
  /** On the last market: of the last retrain, and of a fresh learner trained on that market alone. */
  readonly warm: number;
  readonly fresh: number;
}

const measure = async (seeds: readonly number[], trainSteps: number, recycleEvery: number): Promise<Round> => {
  const { config } = await loadConfig({
    preset: 'first-run',
    flags: {
      training: { seed: seeds[0]!, trainSteps, epsilon: { decaySteps: Math.ceil(trainSteps / 2) }, recycle: { every: recycleEvery } },
    },
  });
  const { training } = config;
  const markets: Market[] = [];
  for (const seed of seeds) markets.push(await openMarket(seed, config));
  const scoreOnAll = async (state: Weights | null): Promise<number[]> => {
    const row: number[] = [];
    for (const market of markets) row.push(await scoreDqn(market, training, market.prepare(training), state));
    process.stderr.write(`${row.map((share) => share.toFixed(3)).join(' ')}\n`);
    return row;
  };
  const untrained = await scoreOnAll(null);
  const after: number[][] = [];
  let parent: Weights | null = null;
  for (const market of markets) {
    parent = await trainDqn(market.prepare(training), training, { parent });
    after.push(await scoreOnAll(parent));
  }
  const last = markets.at(-1)!;
  const prepared = last.prepare(training);
  const fresh = await scoreDqn(last, training, prepared, await trainDqn(prepared, training));
  return { scores: continualScores({ after, untrained }), warm: after.at(-1)!.at(-1)!, fresh };
};
